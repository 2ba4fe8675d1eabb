-- Grain: target × evaluation period: the target's own, every earlier year after its start that has an actual, and what
-- has been reported within the target's own year.
with

targets as (

    select *
    from {{ ref('int_target_bound') }}
    where {{ in_changed_target('int_target_bound') }}

),

figures as (

    -- a target of two indicators or of a place has figures of other measures; every one opens an evaluation period
    select
        targets.target_id,
        actual.period,
        actual.period_type,
        actual.year
    from targets
    inner join {{ ref('int_target_actual') }} as actual
        on
            targets.series_no = actual.series_no
            and actual.year <= targets.target_year
    union
    select
        target_id,
        period,
        period_type,
        year
    from {{ ref('int_target_report') }}

),

periods as (

    select
        target_id,
        period as evaluation_period,
        target_year as evaluation_year,
        'own' as period_role
    from targets

    union all

    select
        targets.target_id,
        figures.period as evaluation_period,
        figures.year as evaluation_year,
        'earlier' as period_role
    from targets
    inner join figures
        on
            targets.target_id = figures.target_id
            and figures.period_type = 'year'
            and figures.year > coalesce(targets.baseline_year, year(targets.plan_start) - 1)
            and figures.year < targets.target_year
    where
        targets.judged_by is not null
        and targets.judged_by <> 'completion'

    union all

    -- in-year progress: of a yearly target, the quarters and months of its year
    select
        targets.target_id,
        figures.period as evaluation_period,
        figures.year as evaluation_year,
        'in_year' as period_role
    from targets
    inner join figures
        on
            targets.target_id = figures.target_id
            and figures.period_type in ('half', 'quarter', 'month', 'year_to_date')
            and figures.year = targets.target_year
    where
        targets.judged_by = 'level'
        and targets.period_type = 'year'

)

select
    target_id,
    evaluation_period,
    evaluation_year,
    period_role,
    period_role = 'own' as is_own_period
from periods
