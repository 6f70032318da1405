{{ cdp.rejects('segment', 'events') }}
