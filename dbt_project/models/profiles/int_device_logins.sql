-- Grain: one row per device on which somebody logged in: how many users, and since when.
select record_id, count(*) as users_count, min(first_seen_at) as first_login_at
from {{ ref('int_event_identifiers') }}
where identifier_type = 'user_id' and anonymous_id is not null
group by 1
