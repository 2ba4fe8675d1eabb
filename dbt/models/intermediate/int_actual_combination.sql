-- Grain: one combination of a label and a circumstance as rows of one file bear it: words that many rows share.
with

borne as (

    select distinct
        file_no,
        label_no,
        circumstance_no
    from {{ ref('stg_actual') }}

)

select
    borne.file_no,
    borne.label_no,
    borne.circumstance_no,
    loaded.file_id,
    label.indicator_code,
    label.indicator_text,
    label.qualifier,
    circumstance.scope,
    circumstance.period,
    circumstance.measure,
    circumstance.unit_text,
    circumstance.status as observation_status,
    circumstance.source_title,
    circumstance.source_url,
    circumstance.reported_at,
    circumstance.is_confirmed,
    receipt.file_id is not null as is_accepted,
    receipt.received_at,
    receipt.sender,
    receipt.saved_at
from borne
inner join {{ source('raw', 'loaded') }} as loaded
    on borne.file_no = loaded.file_no
inner join {{ source('raw', 'label') }} as label
    on borne.label_no = label.label_no
inner join {{ source('raw', 'circumstance') }} as circumstance
    on borne.circumstance_no = circumstance.circumstance_no
-- gate 1 may hold a file back whole
left join {{ source('raw', 'received_file') }} as receipt
    on
        loaded.file_id = receipt.file_id
        and receipt.status = 'accepted'
