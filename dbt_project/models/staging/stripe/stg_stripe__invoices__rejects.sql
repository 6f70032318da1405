{{ cdp.rejects('stripe', 'invoices') }}
