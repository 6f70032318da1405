with source as (

    {{ cdp.typed('hubspot', 'form_submissions') }}

),

renamed as (

    select
        -- ids
        'hubspot:' || "conversionId" as record_id,
        'hubspot' as source,
        "conversionId" as source_record_id,
        "formId" as form_id_hubspot,

        -- text
        "formName" as form_name,
        "pageUrl" as page_url,
        "values" as fields,

        -- times
        {{ cdp.epoch_millis('"submittedAt"') }} as submitted_at
    from source

)

select * from renamed
