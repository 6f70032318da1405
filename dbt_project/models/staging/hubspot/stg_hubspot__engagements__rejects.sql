{{ cdp.rejects('hubspot', 'engagements') }}
