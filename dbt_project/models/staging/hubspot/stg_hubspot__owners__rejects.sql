{{ cdp.rejects('hubspot', 'owners') }}
