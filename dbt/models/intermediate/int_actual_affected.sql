-- Grain: one row of an accepted file whose series is built anew; every row where everything is.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
select mapped.*
from {{ ref('int_actual_mapped') }} as mapped
where
    mapped.mapping_status = 'mapped'
    and {{ in_changed_series('mapped') }}
