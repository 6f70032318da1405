{{ cdp.rejects('hubspot', 'companies') }}
