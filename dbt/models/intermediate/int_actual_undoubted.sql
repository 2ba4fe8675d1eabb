-- Grain: one key with a value: what would be accepted if nothing were in doubt, so that no doubt hangs on another.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
with

figures as {{ not_kept() }} (

    select *
    from {{ ref('int_actual_figure') }}
    where
        measure = 'value'
        and value is not null
        and status_printed <> 'retracted'
        and withdrawn_at is null

)

select
    region_code,
    indicator_id,
    scope,
    period,
    value,
    false as has_other_values
from figures
where revision_count = 1
union all
select
    region_code,
    indicator_id,
    scope,
    period,
    value,
    true as has_other_values
from figures
where not is_alone and revision_count > 1
qualify row_number() over (
    partition by region_code, indicator_id, scope, period
    order by {{ pick_order(status='status_printed', awaits_confirmation=none) }}
) = 1
