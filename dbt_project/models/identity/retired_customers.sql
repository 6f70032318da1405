-- One row per id that is no longer in use, with the customer that stands in its place today: merges are followed from one
-- to the next to their end. An id that was given back is in use again, and not here.
{{ cdp.retired_ids(
    ref('identity_changes'),
    in_use='select distinct customer_id from ' ~ source('identity', 'identity_map'),
    id='customer_id',
    other_id='other_customer_id',
    current_id='current_customer_id'
) }}
