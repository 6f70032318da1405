-- One person per subscriber: the newest e-mail and phone that a choice came with.
with choices as (

    select * from {{ ref('stg_preferences__choices') }}

),

subscribers as (

    select
        -- ids
        record_id,
        source,
        subscriber_id as source_record_id,

        -- contact points
        {{ cdp.newest_value('email', 'changed_at', 'choice_id') }} as email,
        {{ cdp.newest_value('phone', 'changed_at', 'choice_id') }} as phone,

        -- times
        min(changed_at) as created_at,
        max(changed_at) as updated_at
    from choices
    group by record_id, source, subscriber_id

)

select * from subscribers
