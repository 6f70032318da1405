{{ cdp.rejects('pos', 'receipts') }}
