-- Grain: one refused row of a file; row_no 0 stands for the file as a whole.
with

names as (

    select
        file_id,
        min(file_name) as file_name
    from {{ source('raw', 'received_file') }}
    where status <> 'duplicate'
    group by file_id

)

select
    rejected.file_id,
    names.file_name,
    rejected.row_no,
    rejected.reason,
    rejected.reason_en,
    {{ joined('rejected.column_names', ', ') }} as column_names,
    rejected.waits_for_seeds,
    rejected.row_text
from {{ source('raw', 'rejected_row') }} as rejected
inner join names
    on rejected.file_id = names.file_id
