-- Grain: one row per raw line that ingestion set aside, per value that staging could not cast, and per consent event that cannot
-- count. Why and where are public;
-- the content is not.
with lines as (
    select * from {{ source('ingestion', 'quarantine') }}
),
rejected as (
    {{ cdp.rejected_values([
        ref('stg_ads__clicks__rejects'),
        ref('stg_ads__costs__rejects'),
        ref('stg_hubspot__companies__rejects'),
        ref('stg_hubspot__contacts__rejects'),
        ref('stg_hubspot__deals__rejects'),
        ref('stg_hubspot__engagements__rejects'),
        ref('stg_hubspot__form_submissions__rejects'),
        ref('stg_hubspot__owners__rejects'),
        ref('stg_klaviyo__events__rejects'),
        ref('stg_klaviyo__metrics__rejects'),
        ref('stg_klaviyo__profiles__rejects'),
        ref('stg_pos__members__rejects'),
        ref('stg_pos__receipts__rejects'),
        ref('stg_preferences__choices__rejects'),
        ref('stg_segment__events__rejects'),
        ref('stg_shopify__checkouts__rejects'),
        ref('stg_shopify__customers__rejects'),
        ref('stg_shopify__orders__rejects'),
        ref('stg_stripe__customers__rejects'),
        ref('stg_stripe__invoices__rejects'),
        ref('stg_stripe__subscriptions__rejects'),
        ref('stg_zendesk__organizations__rejects'),
        ref('stg_zendesk__tickets__rejects'),
        ref('stg_zendesk__users__rejects')
    ]) }}
),
events as (
    select * from {{ ref('int_consents') }} where rejected_reason is not null
),
final as (
    select
        quarantine_id, 'line' as kind, source, table_name, file, cast(line as bigint) as line, cast(null as varchar) as column_name,
        reason, raw_line as raw_content, load_id, quarantined_at
    from lines
    union all
    select
        quarantine_id, 'value', source, table_name, file, line, column_name,
        reason, raw_content, load_id, cast(null as timestamp)
    from rejected
    union all
    select
        md5('int_consents|' || consent_id), 'event', source, 'consents', null, null,
        case
            when contains(rejected_reason, 'purpose') then 'purpose'
            when contains(rejected_reason, 'channel') then 'channel'
            when contains(rejected_reason, 'status') then 'status'
            when contains(rejected_reason, 'contact point') then 'contact_point'
            else 'effective_at'
        end,
        rejected_reason,
        cast(to_json({
            'consent_id': consent_id, 'record_id': record_id, 'contact_point': contact_point_std, 'channel': channel,
            'purpose': purpose, 'status': status, 'effective_at': effective_at
        }) as varchar),
        null, recorded_at
    from events
)
select * from final
