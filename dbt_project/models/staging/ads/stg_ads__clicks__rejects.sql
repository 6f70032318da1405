{{ cdp.rejects('ads', 'clicks') }}
