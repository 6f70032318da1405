-- Grain: one row per raw line that ingestion set aside, and per value that staging could not cast. Why and where are public;
-- the content is not.
with lines as (
    select * from {{ source('ingestion', 'quarantine') }}
),
rejected as (
    {{ cdp.rejected_values([
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
)
select * from final
