-- Grain: one accepted row of a landing file that gate 1 let through.
select
    actual.file_id,
    actual.row_no,
    actual.region_code,
    actual.indicator_code,
    actual.indicator_text,
    actual.qualifier,
    actual.scope,
    actual.period,
    actual.measure,
    actual.value,
    actual.decimals,
    actual.value_text,
    actual.unit_text,
    actual.status as observation_status,
    actual.source_title,
    actual.source_url,
    actual.reported_at,
    actual.note,
    actual.is_confirmed,
    file.received_at,
    file.sender,
    file.saved_at
from {{ source('raw', 'actual') }} as actual
inner join {{ source('raw', 'received_file') }} as file
    on
        actual.file_id = file.file_id
        and file.status = 'accepted'
