{{ cdp.rejects('hubspot', 'contacts') }}
