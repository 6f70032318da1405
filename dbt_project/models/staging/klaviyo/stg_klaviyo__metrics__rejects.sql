{{ cdp.rejects('klaviyo', 'metrics') }}
