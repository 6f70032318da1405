{{ cdp.rejects('zendesk', 'users') }}
