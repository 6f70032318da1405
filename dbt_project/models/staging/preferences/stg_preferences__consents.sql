-- Every choice is a decision. An opt-out after an opt-in withdraws; one without denies. A status that is neither goes on as it is,
-- to be set aside by int_consents.
with choices as (

    select * from {{ ref('stg_preferences__choices') }}

),

pointed as (

    select
        *,
        case
            when postal_address is not null and (channel = 'post' or (email is null and phone is null)) then 'postal_address'
            when phone is not null and (email is null or channel in ('sms', 'phone')) then 'phone'
            else 'email'
        end as contact_point_type,
        coalesce(
            bool_or(status = 'opt_in') over (
                partition by record_id, channel, purpose order by changed_at, choice_id rows between unbounded preceding and 1 preceding
            ),
            false
        ) as had_opted_in
    from choices

),

consents as (

    select
        -- ids
        'preferences:' || choice_id as consent_id,
        source,
        record_id,

        -- text
        contact_point_type,
        case contact_point_type when 'postal_address' then postal_address when 'phone' then phone else email end as contact_point,
        channel,
        purpose,
        case when status = 'opt_in' then 'granted' when status is null or status <> 'opt_out' then status when had_opted_in then 'withdrawn' else 'denied' end as status,
        legal_basis,
        policy_version,
        source_page as proof,

        -- times
        changed_at as effective_at,
        recorded_at
    from pointed

)

select * from consents
