{{ cdp.rejects('stripe', 'customers') }}
