{{ cdp.rejects('klaviyo', 'events') }}
