{{ cdp.rejects('hubspot', 'form_submissions') }}
