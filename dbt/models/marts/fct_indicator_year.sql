-- Grain: region × indicator × scope × year.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_series('kept', 'int_series_change')) }}") }}
with

yearly_targets as (

    select
        target.region_code,
        target.indicator_id,
        target.scope,
        period.year,
        target.target_id,
        target.target_value_std,
        target.is_primary
    from {{ ref('fct_target') }} as target
    inner join {{ ref('dim_period') }} as period
        on target.period = period.period
    where
        period.period_type = 'year'
        and target.indicator_id <> 'unmapped'
        and target.target_kind <> 'none'
        and target.part_no = 0
        and {{ in_changed_series('target', 'int_series_change') }}

),

targets as (

    select
        yearly_targets.region_code,
        yearly_targets.indicator_id,
        yearly_targets.scope,
        yearly_targets.year,
        max(case when yearly_targets.is_primary then yearly_targets.target_id end) as primary_target_id,
        count(*) as target_count
    from yearly_targets
    group by all

),

conflicting as (

    select distinct
        conflict.region_code,
        conflict.indicator_id,
        conflict.scope,
        period.year
    from {{ ref('rpt_target_conflict') }} as conflict
    inner join {{ ref('dim_period') }} as period
        on conflict.period = period.period and period.period_type = 'year'

),

judged as (

    select
        targets.*,
        target.target_value_std as target_value,
        attainment.actual_value as judged_actual,
        evidence.observation_status as judged_status,
        attainment.verdict,
        attainment.light
    from targets
    left join {{ ref('fct_target') }} as target
        on targets.primary_target_id = target.target_id
    left join {{ ref('fct_attainment') }} as attainment
        on
            targets.primary_target_id = attainment.target_id
            and target.period = attainment.evaluation_period
    left join {{ ref('int_attainment_judged') }} as evidence
        on
            attainment.target_id = evidence.target_id
            and attainment.evaluation_period = evidence.evaluation_period

),

actuals as (

    select
        actual.region_code,
        actual.indicator_id,
        actual.scope,
        period.year,
        actual.value,
        actual.observation_status
    from {{ accepted_figures() }} as actual
    inner join {{ ref('dim_period') }} as period
        on actual.period = period.period
    where period.period_type = 'year' and actual.measure = 'value'

)

select
    coalesce(judged.region_code, actuals.region_code) as region_code,
    coalesce(judged.indicator_id, actuals.indicator_id) as indicator_id,
    coalesce(judged.scope, actuals.scope) as scope,
    coalesce(judged.year, actuals.year) as year,
    -- the figure the verdict rests on (its scope may be a fallback), else the figure of this very scope
    coalesce(judged.judged_actual, actuals.value) as actual_value,
    case
        when judged.judged_actual is null then actuals.observation_status
        -- what awaits confirmation is preliminary
        when judged.judged_status = 'awaits_confirmation' then 'preliminary'
        else judged.judged_status
    end as observation_status,
    judged.primary_target_id,
    judged.target_value,
    judged.verdict,
    judged.light,
    cast(coalesce(judged.target_count, 0) as integer) as target_count,
    conflicting.year is not null as has_conflict
from judged
full outer join actuals
    on
        judged.region_code = actuals.region_code
        and judged.indicator_id = actuals.indicator_id
        and judged.scope = actuals.scope
        and judged.year = actuals.year
left join conflicting
    on
        coalesce(judged.region_code, actuals.region_code) = conflicting.region_code
        and coalesce(judged.indicator_id, actuals.indicator_id) = conflicting.indicator_id
        and coalesce(judged.scope, actuals.scope) = conflicting.scope
        and coalesce(judged.year, actuals.year) = conflicting.year
