{{ cdp.rejects('zendesk', 'tickets') }}
