{{ cdp.rejects('hubspot', 'deals') }}
