{{ cdp.rejects('klaviyo', 'profiles') }}
