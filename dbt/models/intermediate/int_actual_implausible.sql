-- Grain: one value of a key × rule (unit_slip, jump) of seeds/plausibility_rule.csv that doubts it.
with

series as (

    select * from {{ ref('int_actual_series') }}

),

other_values as (

    -- what other sources, or earlier revisions, say of the same key
    select distinct
        region_code,
        indicator_id,
        scope,
        period,
        cast(value as double) as value
    from {{ ref('int_actual_figure') }}
    where
        not is_alone
        and revision_count > 1
        and measure = 'value'
        and status_printed <> 'retracted'

),

candidates as (

    select
        {{ all_but(['value']) }},
        value
    from series
    union all
    select
        {{ all_but(['value'], 'series.') }},
        other_values.value
    from series
    inner join other_values
        on
            series.region_code = other_values.region_code
            and series.indicator_id = other_values.indicator_id
            and series.scope = other_values.scope
            and series.period = other_values.period
            and series.value <> other_values.value

),

slip_rule as (

    select
        measure_type,
        cast(factor as double) as factor,
        cast(tolerance as double) as tolerance
    from {{ ref('plausibility_rule') }}
    where rule_id = 'unit_slip'

),

slip_on_history as (

    -- off by the factor from every one of the figures before
    select
        candidates.region_code,
        candidates.indicator_id,
        candidates.scope,
        candidates.period,
        candidates.value,
        slip_rule.factor,
        {{ listed_before('candidates.period_before_', 'candidates.value_before_') }} as compared_with
    from candidates
    inner join slip_rule
        on candidates.measure_type = slip_rule.measure_type
    where
        {{ is_slip_of('candidates.value', 'candidates.value_before_1', 'slip_rule.factor', 'slip_rule.tolerance') }}
        and coalesce({{ is_slip_of('candidates.value', 'candidates.value_before_2', 'slip_rule.factor', 'slip_rule.tolerance') }}, true)
        and coalesce({{ is_slip_of('candidates.value', 'candidates.value_before_3', 'slip_rule.factor', 'slip_rule.tolerance') }}, true)

),

without_history as (

    -- the target nearest in time
    select
        candidates.region_code,
        candidates.indicator_id,
        candidates.scope,
        candidates.period,
        candidates.value,
        candidates.measure_type,
        target.period as target_period,
        cast(target.target_value_std as double) as target_value
    from candidates
    inner join {{ ref('int_target_mapped') }} as target
        on
            candidates.region_code = target.region_code
            and candidates.indicator_id = target.indicator_id
            and (candidates.scope = target.scope or 'unspecified' in (candidates.scope, target.scope))
    where
        candidates.value_before_1 is null
        and target.is_primary
        and target.target_kind in ('threshold', 'approximate', 'interval', 'hold')
        and {{ matches_fully('target.period', '\\d{4}') }}
    qualify row_number() over (
        partition by candidates.region_code, candidates.indicator_id, candidates.scope, candidates.period, candidates.value
        order by
            case when candidates.scope = target.scope then 1 else 2 end asc,
            abs(try_cast(target.period as integer) - candidates.year) asc,
            target.target_id asc
    ) = 1

),

slip_on_target as (

    select
        without_history.region_code,
        without_history.indicator_id,
        without_history.scope,
        without_history.period,
        without_history.value,
        slip_rule.factor,
        without_history.target_period || ' 目标 / target ' || {{ shown_number('without_history.target_value') }} as compared_with
    from without_history
    inner join slip_rule
        on without_history.measure_type = slip_rule.measure_type
    where {{ is_slip_of('without_history.value', 'without_history.target_value', 'slip_rule.factor', 'slip_rule.tolerance') }}

),

either_slip as (

    select * from slip_on_history
    union all
    select * from slip_on_target

),

slips as (

    -- the bands of two factors may meet: one reason is enough
    select
        region_code,
        indicator_id,
        scope,
        period,
        value,
        min(factor) as factor,
        min(compared_with) as compared_with
    from either_slip
    group by region_code, indicator_id, scope, period, value

),

jumps as (

    select
        candidates.region_code,
        candidates.indicator_id,
        candidates.scope,
        candidates.period,
        candidates.value,
        candidates.change_in,
        {{ change_on_nearest('candidates.') }} as change,
        greatest(candidates.floor, candidates.multiple * coalesce(movement.largest_change_before, 0)) as allowed,
        {{ listed_before('candidates.year_before_', 'candidates.value_year_before_') }} as compared_with
    from candidates
    left join slips
        on
            candidates.region_code = slips.region_code
            and candidates.indicator_id = slips.indicator_id
            and candidates.scope = slips.scope
            and candidates.period = slips.period
            and candidates.value = slips.value
    left join {{ ref('int_actual_movement') }} as movement
        on
            candidates.region_code = movement.region_code
            and candidates.indicator_id = movement.indicator_id
            and candidates.scope = movement.scope
            and candidates.period = movement.period
    -- a slip of the unit is a jump too: the reason that says more is enough
    where slips.value is null

)

select
    region_code,
    indicator_id,
    scope,
    period,
    value,
    'unit_slip' as rule_id,
    factor,
    null as change_in,
    null as change,
    null as allowed,
    compared_with
from slips
union all
select
    region_code,
    indicator_id,
    scope,
    period,
    value,
    'jump' as rule_id,
    null as factor,
    change_in,
    change,
    allowed,
    compared_with
from jumps
where change > allowed
