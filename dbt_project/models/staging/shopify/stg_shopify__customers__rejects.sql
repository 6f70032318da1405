{{ cdp.rejects('shopify', 'customers') }}
