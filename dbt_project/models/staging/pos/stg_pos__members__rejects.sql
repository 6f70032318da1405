{{ cdp.rejects('pos', 'members') }}
