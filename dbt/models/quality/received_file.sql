-- Grain: one file under one name, with its receipt.
select
    file_id,
    file_name,
    origin,
    size_bytes,
    received_at,
    status,
    nullif(reason, '') as reason,
    rows_total,
    rows_accepted,
    rows_refused,
    run_id
from {{ source('raw', 'received_file') }}
