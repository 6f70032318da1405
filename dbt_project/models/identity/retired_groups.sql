-- One row per id of an account or household that is no longer in use, with the one that stands in its place today, as
-- retired_customers is for customers.
{{ cdp.retired_ids(
    ref('group_changes'),
    in_use='select distinct group_id from ' ~ ref('int_group_history') ~ ' where valid_to is null',
    id='group_id',
    other_id='other_group_id',
    current_id='current_group_id',
    carried=['entity']
) }}
