-- Two hundred records of a hundred people, small enough to read: every table that a suite of a layer after staging
-- guards, with the columns that it names. All suites pass on it; tests break it one promise at a time.
create schema meta;
create schema conformed;
create schema identity;
create schema scoring;
create schema profiles;
create schema segments;
create schema measures;

create table conformed.int_records as
select
    source || ':' || i as record_id, source, i::varchar as source_record_id, p as person,
    'person' || p || '@example.com' as email_std, '+49301234' || lpad(p::varchar, 4, '0') as phone_std, 'DE' as country_std,
    'female' as gender_std, date '1980-01-01' + p::integer as birth_date, null::varchar as email_blocked_reason,
    'person ' || p as full_name_std, 'ada' as given_name_std, 'person' || p as family_name_std, null::varchar as company_name_std,
    '10115' as postal_code_std, timestamp '2024-01-01' + interval (i) hour as created_at, timestamp '2024-02-01' as updated_at
from (select i, i % 100 as p, case when i < 100 then 'crm' else 'shop' end as source from range(200) as rows (i));

create table conformed.int_identifiers as
select
    record_id, source, 'email' as identifier_type, email_std as identifier_value, email_std as identifier_value_std,
    null::varchar as blocked_reason, created_at as first_seen_at, updated_at as last_seen_at
from conformed.int_records
union all
select record_id, source, 'phone', phone_std, phone_std, null, created_at, updated_at from conformed.int_records
union all
select 'segment:anonymous:' || i, 'segment', 'anonymous_id', 'a' || i, 'a' || i, null, timestamp '2024-01-01', timestamp '2024-01-02'
from range(20) as rows (i);

create table conformed.int_postal_addresses as
select
    record_id, source, 'linden st|' || source_record_id || '|10115|DE' as postal_address_std,
    timestamp '2024-02-01' as first_seen_at, timestamp '2024-03-01' as last_seen_at, 1 as seen_count
from conformed.int_records
where source = 'shop';

create table conformed.int_events as
select
    'segment:' || i as event_id, 'segment' as source, 'segment:anonymous:' || i % 20 as record_id, 'page' as event_type,
    timestamp '2024-01-01' + interval (i) hour as occurred_at, timestamp '2024-03-01' as received_at, i % 4 = 0 as is_bot,
    'browser' as user_agent, case when i % 4 = 0 then 'crawlers' end as excluded_by
from range(200) as rows (i);

create table conformed.int_orders as
select
    'shop:' || i as order_id, 'shop' as source, 'shop:' || 100 + i % 100 as record_id, 'online' as channel,
    timestamp '2024-02-01' + interval (i) hour as ordered_at, 'EUR' as currency, 20.00 as total_amount,
    0.00 as refunded_amount, 22.00 as total_usd
from range(200) as rows (i);

create table conformed.int_ad_clicks as
select
    'ads:' || i as ad_click_id, 'google:1' as campaign_id, i % 10 = 0 as is_bot, timestamp '2024-03-01' as clicked_at
from range(40) as rows (i);

create table conformed.int_campaign_costs as
select
    'ads:1:' || i as campaign_cost_id, 'google:1' as campaign_id, date '2024-03-01' as cost_date, 2.00 as cost_amount,
    2.20 as cost_usd
from range(20) as rows (i);

create table conformed.int_order_lines as
select order_id || ':1' as order_line_id, source, order_id, 1 as quantity, 20.00 as line_amount, currency from conformed.int_orders;

create table conformed.int_returns as
select
    'shop:r' || i as return_id, 'shop' as source, 'shop:' || 100 + i as record_id, timestamp '2024-03-01' as returned_at,
    1 as quantity, 20.00 as amount, 22.00 as amount_usd, 'EUR' as currency
from range(20) as rows (i);

create table conformed.int_carts as
select
    'shop:c' || i as cart_id, 'shop' as source, 'shop:' || 100 + i as record_id, timestamp '2024-03-01' as created_at,
    case when i % 2 = 0 then timestamp '2024-03-02' end as completed_at, i % 2 = 1 as is_abandoned, 20.00 as total_amount,
    22.00 as total_usd, 'EUR' as currency
from range(40) as rows (i);

create table conformed.int_tickets as
select
    'desk:' || i as ticket_id, 'desk' as source, 'crm:' || i as record_id, 'high' as priority, timestamp '2024-03-01' as created_at,
    timestamp '2024-03-02' as solved_at, false as is_open, true as is_severe, 30 as first_reply_minutes
from range(40) as rows (i);

create table conformed.int_activities as
select 'crm:a' || i as activity_id, 'crm' as source, 'crm:' || i as record_id, 'call' as activity_type, timestamp '2024-03-01' as occurred_at
from range(40) as rows (i);

create table conformed.int_messages as
select
    'mail:' || i as message_event_id, 'mail' as source, 'crm:' || i as record_id, 'sent' as message_event, 'email' as channel,
    timestamp '2024-03-01' as occurred_at
from range(40) as rows (i);

create table conformed.int_consents as
select
    'crm:' || i as consent_id, 'crm' as source, 'crm:' || i as record_id, 'person' || i || '@example.com' as contact_point_std,
    'email' as channel, 'marketing' as purpose, case when i % 5 = 0 then 'denied' else 'granted' end as status,
    timestamp '2024-03-01' as effective_at, null::varchar as rejected_reason
from range(100) as rows (i);

create table conformed.int_accounts as
select
    'crm:' || i as account_record_id, 'crm' as source, 'Company ' || i as name, 'company' || i || '.example.com' as domain_std,
    'DE' as country_std, 10 as employees_count, 1000.00 as annual_revenue_usd
from range(40) as rows (i);

create table conformed.int_account_members as
select 'crm:' || i % 40 as account_record_id, 'crm:' || i as record_id, 'crm' as source from range(80) as rows (i);

create table conformed.int_deals as
select
    'crm:d' || i as deal_id, 'crm' as source, 'crm:' || i as record_id, true as is_closed, true as is_won,
    timestamp '2024-03-01' as created_at, 100.00 as amount, 110.00 as amount_usd
from range(40) as rows (i);

create table conformed.int_owners as
select 'crm:o' || i as owner_id, 'crm' as source, true as is_active from range(5) as rows (i);

create table conformed.int_subscriptions as
select
    'pay:' || i as subscription_id, 'pay' as source, 'crm:' || i as record_id, 'active' as status, timestamp '2024-03-01' as started_at,
    null::timestamp as ended_at, 10.00 as period_amount, 11.00 as period_usd, 'EUR' as currency
from range(40) as rows (i);

create table conformed.int_invoices as
select
    'pay:i' || i as invoice_id, 'pay' as source, 'crm:' || i as record_id, timestamp '2024-03-01' as created_at, 'EUR' as currency,
    10.00 as amount_due, 10.00 as amount_paid, 11.00 as amount_paid_usd
from range(40) as rows (i);

create table identity.edges as
select
    'crm:' || p as record_id_l, 'shop:' || 100 + p as record_id_r, case when p % 2 = 0 then 'deterministic' else 'probabilistic' end as kind,
    'same_email' as rule, 12.0 as match_weight, 0.999 as match_probability, '{"shared":["email"]}' as evidence, false as is_cut
from range(100) as rows (p);

create table identity.clusters as
select record_id, min(record_id) over (partition by person) as cluster_id from conformed.int_records
union all
select distinct record_id, record_id from conformed.int_events;

create table identity.identity_map as
select
    record_id, split_part(record_id, ':', 1) as source, starts_with(record_id, 'segment:anonymous') as is_device,
    'cus_' || translate(substr(md5(cluster_id), 1, 16), '0189', 'wxyz') as customer_id, timestamp '2024-04-01' as first_assigned_at
from identity.clusters;

create table identity.consent_decisions as
select
    'cns_' || row_number() over (order by consent_id) as decision_id, source, record_id, 'email' as contact_point_type,
    contact_point_std as contact_point, channel, purpose, status, effective_at, timestamp '2024-03-02' as recorded_at
from conformed.int_consents;

create table identity.identity_changes as
select
    md5(record_id) as change_id, case when row_number() over (order by record_id) = 1 then 'merged' else 'created' end as change_type,
    customer_id, customer_id as other_customer_id, record_id, '{"rule":"same_email"}' as evidence, timestamp '2024-04-01' as recorded_at
from identity.identity_map;

create table identity.int_internal_records as
select record_id, 'our own people' as excluded_by from identity.identity_map where record_id in ('crm:1', 'crm:2', 'crm:3');

create table identity.run_effect as
select
    'run1' as run_id, true as has_previous, 1000 as compared_records_count, 30 as moved_records_count, 3.0 as moved_pct,
    500 as customers_before_count, 20 as merged_customers_count, 4.0 as merged_pct,
    40 as largest_cluster_records_before_count, 60 as largest_cluster_records_count;

create table identity.identity_explanations as
select
    customer_id, record_id, case when place > 1 then first_record_id end as attached_to_record_id,
    case when place > 1 then 'deterministic' end as kind, case when place > 1 then 12.0 end as match_weight,
    case when place > 1 then 'Same e-mail address.' end as explanation, case when place > 1 then '{"shared":["email"]}' end as evidence,
    case when place > 1 then true end as is_bridge, case when place > 1 then 1 end as split_records_count, records_count,
    12.0 as weakest_link_weight
from (
    select
        *, row_number() over (partition by customer_id order by record_id) as place,
        min(record_id) over (partition by customer_id) as first_record_id, count(*) over (partition by customer_id) as records_count
    from identity.identity_map
)
where records_count > 1;
create table identity.identity_history as
select record_id, customer_id, timestamp '2024-03-01' as valid_from, null::timestamp as valid_to from identity.identity_map
union all
select record_id, 'cus_aaaaaaaaaaaaaaaa', timestamp '2024-02-01', timestamp '2024-03-01' from identity.identity_map where record_id < 'crm:2';

create table meta.run as select 'run1' as run_id, timestamp '2024-05-01' as started_at, timestamp '2024-05-01' as as_of;

create table identity.int_identity_metrics as
select 'run1' as run_id, value as previous_value, *
from (values
    ('records', 'all', 'all', 200.0, 'records'), ('records', 'crm', 'all', 100.0, 'records'),
    ('records_per_customer', 'all', 'all', 2.0, 'records'), ('customer_size', 'all', 'largest', 12.0, 'records'),
    ('match_rate', 'crm', 'all', 1.0, 'share'), ('completeness', 'crm', 'email', 1.0, 'share'),
    ('population_stability_index', 'all', 'email', 0.01, 'index'),
    ('canary', 'all', 'pair_f1', 0.97, 'share'), ('canary', 'all', 'pair_precision', 0.95, 'share')
) as measured (metric, source, dimension, value, unit)
;

create table identity.retired_customers as
select
    'cus_aaaaaaaaaaaaaa' || letter as customer_id, (select min(customer_id) from identity.identity_map) as current_customer_id,
    (select min(customer_id) from identity.identity_map) as successor_id, timestamp '2024-03-01' as recorded_at
from (values ('aa'), ('ab'), ('ac')) as letters (letter);

create table identity.account_map as
select
    account_record_id, 'acc_' || translate(substr(md5(account_record_id), 1, 16), '0189', 'wxyz') as account_id,
    timestamp '2024-04-01' as first_assigned_at
from conformed.int_accounts;

create table identity.household_map as
select distinct
    customer_id, 'hh_' || translate(substr(md5(customer_id), 1, 16), '0189', 'wxyz') as household_id,
    timestamp '2024-04-01' as first_assigned_at
from identity.identity_map
where not is_device;

create table identity.int_customer_ledger as
select
    order_id as entry_id, customer_id, 'order' as kind, order_id, ordered_at as occurred_at, null::timestamp as cancelled_at,
    total_usd as amount_usd
from conformed.int_orders
inner join identity.identity_map using (record_id);

create table scoring.customer_scores as
select
    customer_id, 0.5 as repeat_purchase_probability_90_days, 0.7 as alive_probability, 0.4 as order_churn_probability_12_months,
    0.1 as subscription_churn_probability_90_days, 2.0 as expected_orders_12_months, 22.0 as expected_order_value_usd,
    44.0 as expected_value_12_months_usd
from identity.int_customer_ledger
group by customer_id;

create table scoring.score_models as
select 'run1' as run_id, score, true as is_published, 0.2 as error, 0.25 as baseline_error
from (values ('repeat_purchase_probability_90_days'), ('expected_orders_12_months')) as scores (score);

create table identity.group_changes as
select
    md5(household_id) as change_id, 'household' as entity, 'created' as change_type, household_id as group_id,
    household_id as other_group_id, timestamp '2024-04-01' as recorded_at
from identity.household_map;

create table identity.retired_groups as
select
    'hh_aaaaaaaaaaaaaaa' || letter as group_id, (select min(household_id) from identity.household_map) as current_group_id,
    (select min(household_id) from identity.household_map) as successor_id, timestamp '2024-03-01' as recorded_at
from (values ('a'), ('b'), ('c')) as letters (letter);

create table profiles.customers as
select
    map.customer_id, any_value(email_std) as email, any_value(phone_std) as phone, 'DE' as country, any_value(full_name_std) as full_name,
    any_value(birth_date) as birth_date, 'customer' as lifecycle_stage, min(created_at) as known_at, 1 as orders_count,
    timestamp '2024-02-01' as first_order_at, timestamp '2024-02-02' as last_order_at, 20.00::decimal(18, 2) as lifetime_value_usd,
    count(*) as records_count, count(distinct map.source) as sources_count, null::varchar as account_id
from identity.identity_map as map
inner join conformed.int_records as records on records.record_id = map.record_id
group by map.customer_id;

create table profiles.visitors as
select customer_id, 1 as devices_count, 3 as visits_count from identity.identity_map where is_device;

create table profiles.customer_identities as
select map.customer_id, map.record_id, identifiers.identifier_type, 1 as identifier_ordinal
from conformed.int_identifiers as identifiers
inner join identity.identity_map as map on map.record_id = identifiers.record_id;

create table profiles.customer_fields as
select
    customer_id, 'email' as field, record_id, split_part(record_id, ':', 1) as source, 'person@example.com' as value, 'newest' as rule,
    row_number() over (partition by customer_id order by record_id) as rank,
    row_number() over (partition by customer_id order by record_id) = 1 as is_winner, null::varchar as derivation
from identity.identity_map
where not is_device
union all
select customer_id, 'orders_count', null, 'platform', null, 'derived', 1, true, 'orders, counted (int_customer_orders)'
from profiles.customers;

create table profiles.account_fields as
select 'acc' || i as account_id, 'name' as field, 'crm:' || i as account_record_id, 'Company' as value, true as is_winner
from range(40) as rows (i);

create table measures.field_report as
select 'run1' as run_id, 'customers' as model, 'field' || i as field, 50.0 as filled_pct, true as is_used from range(40) as rows (i);

create table profiles.customer_timeline as
select
    'order:' || order_id as touch_id, customer_id, ordered_at as occurred_at, 'order' as touch_type, 'customer' as actor,
    'Order paid' as title, total_usd as amount_usd, null::varchar as account_id
from conformed.int_orders
inner join identity.identity_map using (record_id);

create table profiles.ticket_context as
select ticket_id, created_at as opened_at, 'message email sent 2 h before' as led_up_to, 0 as failures_count from conformed.int_tickets;

create table profiles.customer_traits as
select
    customer_id, 10 as recency_days, 1 as frequency_count, 20.00 as monetary_usd, 3 as recency_score, 3 as frequency_score,
    3 as monetary_score
from profiles.customers;

create table profiles.attribution as
select
    order_id, customer_id || ':touch' as touch_id, customer_id, occurred_at as ordered_at,
    occurred_at - interval 1 hour as touched_at, 1.0 as linear_weight, amount_usd as order_revenue_usd,
    amount_usd as position_revenue_usd, amount_usd as last_revenue_usd
from identity.int_customer_ledger;

create table profiles.campaigns as
select campaign_id, sum(cost_usd) as cost_usd from conformed.int_campaign_costs group by campaign_id
union all
select 'google:' || i, 0 from range(2, 5) as rows (i);

create table profiles.score_models as
select
    run_id, score, true as is_published, null::varchar as reason, 0.2 as error,
    0.3 as baseline_error, 0.2 as previous_error, 0.01 as drift
from meta.run, (values ('repeat_purchase_probability_90_days'), ('expected_orders_12_months')) as scores (score);

create table profiles.accounts as
select
    'acc' || i as account_id, 'Company ' || i as name, 'company' || i || '.example.com' as domain, 'DE' as country,
    1 as account_records_count, 2 as members_count, 0 as open_deals_count, 0 as open_tickets_count,
    90 as health_score, 'low' as risk_level, 10.00::decimal(18, 2) as revenue_usd
from range(40) as rows (i);

create table profiles.account_members as
select
    account_id, customer_id, 'Buyer' as role, 'crm' as linked_by, timestamp '2024-02-01' as joined_at, null::timestamp as left_at, true as is_current,
    true as is_primary
from (select 'acc' || i as account_id, 'crm:' || i as record_id from range(40) as rows (i))
inner join identity.identity_map using (record_id);

create table profiles.household_members as
select
    household_id, customer_id, 'adult' as role, timestamp '2024-02-01' as joined_at, null::timestamp as left_at, true as is_current
from identity.household_map;

create table profiles.households as
select
    household_id, 1 as members_count, 1 as adults_count, 0 as children_count, 0 as members_of_unknown_age_count, 'Berlin' as city, 'DE' as country, timestamp '2024-02-01' as first_seen_at
from identity.household_map;

create table profiles.quarantine as
select i::varchar as quarantine_id, 'line' as kind, 'too few columns' as reason, 'shop' as source from range(5) as rows (i);

create table segments.segment_members as
select segment, customer_id, timestamp '2024-04-01' as entered_at, 'has_three_orders' as reason
from (select customer_id from profiles.customers order by all limit 10), (values ('seg_loyal_customers'), ('seg_new_customers')) as names (segment);

create table segments.segments as
select
    segment, 'Customers who order often.' as description, 'marketing' as owner, 100 as considered_count, 10 as members_count
from (values ('seg_loyal_customers'), ('seg_new_customers')) as names (segment);

create table segments.segment_history as
select segment, customer_id, 'run1' as run_id, 'entered' as change_type, entered_at as recorded_at from segments.segment_members;

create table measures.data_quality as
select date '2024-05-01' as measured_on, source, field, 90.0 as score_pct, 'run1' as run_id
from (select distinct source from conformed.int_records), (values ('email'), ('phone')) as fields (field);

create table measures.platform_metrics as
select 'run1' as run_id, timestamp '2024-05-01' as recorded_at, *
from (values
    ('lifetime_value', 'all', 'mean', 50.0, 'usd'), ('churn_rate', 'all', 'orders', 0.2, 'share'),
    ('segment_size', 'all', 'seg_loyal_customers', 10.0, 'customers')
) as measured (metric, source, dimension, value, unit)
union all
select 'run0', timestamp '2024-04-01', 'lifetime_value', 'all', 'mean', 40.0, 'usd';
create table segments.segment_waterfall as
select
    segment, 1 as step, 'has_three_orders' as condition, considered_count, 10 as alone_count, members_count as kept_count, 20 as near_misses_count
from segments.segments;

create table segments.segment_near_misses as
select segment, 'has_three_orders' as condition, customer_id
from (select customer_id from profiles.customers order by all limit 5 offset 10), (values ('seg_loyal_customers'), ('seg_new_customers')) as names (segment);

create table segments.segment_sizes as
select segment, 'run1' as run_id, timestamp '2024-04-01' as recorded_at, members_count from segments.segments;

create table segments.segment_overlap as
select
    'seg_loyal_customers' as segment_l, segment_r, 10 as both_count, 1.0::double as share_of_l, 1.0::double as share_of_r, 1.0::double as jaccard
from (values ('seg_new_customers'), ('seg_unreachable')) as names (segment_r);

create table segments.segment_reach as
select segment, channel, members_count, 7 as reachable_count, 2 as suppressed_count, 5 as sendable_count
from segments.segments, (values ('email'), ('sms')) as channels (channel);

create table profiles.consents as
select
    customer_id, decision_id, contact_point_type, contact_point, purpose, channel, status, status = 'granted' as is_allowed,
    effective_at as since_at, null::timestamp as expires_at, false as is_conflicting
from identity.consent_decisions
inner join identity.identity_map using (record_id);

create table segments.segment_accuracy as
select
    segment, members_count, 1.0::double as expected_false_members_count, 0.9::double as expected_precision,
    0.0::double as expected_of_data_quality_count, null::varchar as data_quality_fields,
    'orders' as data_quality_facts
from segments.segments;

create table identity.int_apart_customers as
select 'cus_' || i as customer_id_l, 'cus_' || (i + 1) as customer_id_r, 0.1::double as same_person_probability from range(5) as rows (i);
