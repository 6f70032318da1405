{{ cdp.rejects('preferences', 'choices') }}
