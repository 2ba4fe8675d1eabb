-- Grain: one file under one name, with its receipt.
with

unmapped as (

    select
        file_id,
        sum(row_count) as row_count
    from {{ ref('int_actual_count') }}
    where mapping_status <> 'mapped'
    group by file_id

),

unchanged as (

    select
        file_id,
        count(*) as row_count
    from {{ ref('int_actual_repeated') }}
    where is_unchanged
    group by file_id

)

select
    received.file_id,
    received.file_name,
    received.origin,
    nullif(received.sender, '') as sender,
    received.size_bytes,
    received.saved_at,
    received.received_at,
    received.status,
    nullif(received.reason, '') as reason,
    received.rows_total,
    received.rows_accepted,
    received.rows_refused,
    received.rows_not_reported,
    -- only rows of accepted files are looked at
    case when received.status = 'accepted' then cast(coalesce(unmapped.row_count, 0) as bigint) end as rows_unmapped,
    case when received.status = 'accepted' then coalesce(unchanged.row_count, 0) end as rows_unchanged,
    received.run_id
from {{ source('raw', 'received_file') }} as received
left join unmapped
    on received.file_id = unmapped.file_id
left join unchanged
    on received.file_id = unchanged.file_id
