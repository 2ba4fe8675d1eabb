-- Grain: one row of an accepted file whose series is built anew; every mapped row where everything is.
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
    mapped.value,
    mapped.value_text,
    mapped.unit_text,
    mapped.printed_precision,
    mapped.observation_status,
    mapped.is_confirmed,
    mapped.source_id,
    mapped.tier,
    mapped.sender,
    mapped.reported_at,
    mapped.saved_at,
    mapped.received_at
from {{ ref('int_actual_mapped') }} as mapped
where
    mapped.mapping_status = 'mapped'
    and {{ in_changed_series('mapped') }}
