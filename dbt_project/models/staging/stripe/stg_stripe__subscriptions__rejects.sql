{{ cdp.rejects('stripe', 'subscriptions') }}
