-- Grain: target × period with a reported place, grade or completion: figures that are no value of the indicator.
select
    target.target_id,
    actual.period,
    period.period_type,
    period.year,
    actual.measure,
    actual.value,
    actual.value_text,
    actual.scope as scope_used,
    actual.source_id,
    actual.observation_status
from {{ ref('int_target_bound') }} as target
inner join {{ ref('int_target_scope') }} as candidate
    on target.target_id = candidate.target_id
inner join {{ ref('fct_actual') }} as actual
    on
        target.region_code = actual.region_code
        and target.indicator_id = actual.indicator_id
        and candidate.scope = actual.scope
        and actual.measure = case
            when target.judged_by = 'rank' then 'rank'
            when target.judged_by = 'grade' and target.reference_text in (select grade_text from {{ ref('grade_scale') }}) then 'grade'
            when target.judged_by in ('grade', 'completion') then 'completion'
        end
inner join {{ ref('dim_period') }} as period
    on actual.period = period.period
inner join {{ source('raw', 'run_parameter') }} as run
    on
        period.period_end <= run.as_of_date
        and coalesce(actual.reported_at, period.period_end) <= run.as_of_date
qualify row_number() over (partition by target.target_id, actual.period order by candidate.scope_rank) = 1
