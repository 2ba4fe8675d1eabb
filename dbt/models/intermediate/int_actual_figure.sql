-- Grain: one figure of one source, however often it was sent; its status as printed, before any doubt.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
select
    mapped.file_id,
    mapped.file_no,
    mapped.row_no,
    mapped.region_code,
    mapped.indicator_id,
    mapped.scope,
    mapped.period,
    mapped.measure,
    repeated.file_no is null as is_alone,
    coalesce(repeated.revision_no, 1) as revision_no,
    coalesce(repeated.revision_count, 1) as revision_count,
    mapped.value,
    mapped.value_text,
    mapped.unit_text,
    mapped.printed_precision,
    mapped.observation_status as status_printed,
    coalesce(repeated.is_value_confirmed, mapped.is_confirmed) as is_confirmed,
    mapped.source_id,
    mapped.tier,
    mapped.sender,
    mapped.reported_at,
    coalesce(repeated.last_saved_at, mapped.saved_at) as saved_at,
    coalesce(repeated.first_received_at, mapped.received_at) as received_at,
    repeated.withdrawn_at
from {{ affected_rows() }} as mapped
left join {{ ref('int_actual_repeated') }} as repeated
    on mapped.file_no = repeated.file_no and mapped.row_no = repeated.row_no
where
    mapped.mapping_status = 'mapped'
    and coalesce(repeated.is_kept, true)
