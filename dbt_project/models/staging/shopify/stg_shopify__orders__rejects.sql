{{ cdp.rejects('shopify', 'orders') }}
