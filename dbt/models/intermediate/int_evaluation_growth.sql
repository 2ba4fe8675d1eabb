-- Grain: target × evaluation period of a target for growth whose growth was reported as such.
-- At constant prices where the statistics are: it goes before what levels imply. (A table of its own: there are few.)
select
    target.target_id,
    evaluation.evaluation_period,
    growth.value as growth_value,
    growth.scope as growth_scope,
    growth.source_id as growth_source_id,
    growth.observation_status as growth_status
from {{ ref('int_evaluation') }} as evaluation
inner join {{ ref('int_target_bound') }} as target
    on evaluation.target_id = target.target_id
inner join {{ ref('growth_indicator') }} as growth_of
    on target.indicator_id = growth_of.indicator_id
inner join {{ ref('int_target_scope') }} as candidate
    on target.target_id = candidate.target_id
inner join {{ ref('fct_actual') }} as growth
    on
        growth_of.growth_indicator_id = growth.indicator_id
        and target.region_code = growth.region_code
        and evaluation.evaluation_period = growth.period
        and candidate.scope = growth.scope
        and growth.measure = 'value'
inner join {{ ref('dim_period') }} as period
    on growth.period = period.period
inner join {{ source('raw', 'run_parameter') }} as run
    on {{ is_known('growth', 'period', 'run') }}
where
    target.judged_by = 'growth'
    and target.value_unit = '%'
    and (
        target.basis = 'previous_year'
        or (target.basis = 'annual_average' and evaluation.is_own_period)
        or (target.basis is null and target.period_type = 'year' and target.target_year = year(target.plan_start))
    )
qualify row_number() over (
    partition by target.target_id, evaluation.evaluation_period order by candidate.scope_rank
) = 1
