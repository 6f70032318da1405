{{ cdp.rejects('shopify', 'checkouts') }}
