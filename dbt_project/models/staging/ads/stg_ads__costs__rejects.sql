{{ cdp.rejects('ads', 'costs') }}
