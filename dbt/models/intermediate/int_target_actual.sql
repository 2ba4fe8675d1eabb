-- Grain: target × period with an actual: the figure the target may be held against, from the first scope that has one.
-- A verdict that speaks from a day uses no figure of a period that had not ended by then, and none reported later.
select
    target.target_id,
    actual.period,
    period.period_type,
    period.year,
    actual.value,
    actual.value_text,
    actual.unit_printed,
    actual.scope as scope_used,
    actual.source_id,
    {{ standing_status('actual') }} as observation_status,
    actual.file_id,
    actual.row_no
from {{ ref('int_target_mapped') }} as target
inner join {{ ref('int_target_scope') }} as candidate
    on target.target_id = candidate.target_id
inner join {{ ref('fct_actual') }} as actual
    on
        target.region_code = actual.region_code
        and target.indicator_id = actual.indicator_id
        and candidate.scope = actual.scope
        and actual.measure = 'value'
        and actual.value is not null
inner join {{ ref('dim_period') }} as period
    on actual.period = period.period
inner join {{ source('raw', 'run_parameter') }} as run
    on {{ is_known('actual', 'period', 'run') }}
qualify row_number() over (partition by target.target_id, actual.period order by candidate.scope_rank) = 1
