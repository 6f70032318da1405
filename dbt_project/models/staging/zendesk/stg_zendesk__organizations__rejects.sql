{{ cdp.rejects('zendesk', 'organizations') }}
