-- Grain: target × evaluation period: the figures a verdict rests on, no verdict yet.
-- Evaluation periods: the target's own, and every earlier year after the baseline that has an actual.
with

targets as (

    select
        target.*,
        {{ period_type('target.period') }} as period_type,
        {{ period_year('target.period') }} as target_year,
        baseline.baseline_value,
        baseline.baseline_year,
        baseline.baseline_scope,
        tolerance.relative_tolerance,
        -- kinds that are judged by comparing two numbers
        target.indicator_id is not null
        and target.target_kind in ('threshold', 'approximate', 'interval') as is_numeric
    from {{ ref('int_target_mapped') }} as target
    left join {{ ref('int_target_baseline') }} as baseline
        on target.target_id = baseline.target_id
    left join {{ ref('tolerance') }} as tolerance
        on
            target.target_kind = tolerance.target_kind
            and tolerance.measure_type in (target.measure_type, '*')
    -- the tolerance written for the type of measure goes before the one for all
    qualify row_number() over (partition by target.target_id order by tolerance.measure_type = '*') = 1

),

-- the edge of the acceptable: what an actual is held against
bounds as (

    select
        *,
        case
            when target_kind = 'approximate' and direction <> 'lower'
                then cast(target_value_std - abs(target_value_std) * relative_tolerance as decimal(24, 8))
            when target_kind = 'interval' or comparator in ('>=', '>')
                then target_value_std
        end as lower_bound,
        case
            when target_kind = 'approximate' and direction <> 'higher'
                then cast(target_value_std + abs(target_value_std) * relative_tolerance as decimal(24, 8))
            when target_kind = 'interval' then target_value_high_std
            when comparator in ('<=', '<') then target_value_std
        end as upper_bound
    from targets

),

evaluations as (

    select
        bounds.*,
        bounds.period as evaluation_period,
        bounds.target_year as evaluation_year,
        true as is_own_period,
        actual.value as actual_value,
        actual.scope_used,
        actual.source_id,
        actual.observation_status
    from bounds
    -- a growth target speaks of another measure than the level its label names
    left join {{ ref('int_target_actual') }} as actual
        on
            bounds.target_id = actual.target_id
            and bounds.period = actual.period
            and bounds.target_kind <> 'growth'

    union all

    select
        bounds.*,
        actual.period as evaluation_period,
        actual.year as evaluation_year,
        false as is_own_period,
        actual.value as actual_value,
        actual.scope_used,
        actual.source_id,
        actual.observation_status
    from bounds
    inner join {{ ref('int_target_actual') }} as actual
        on bounds.target_id = actual.target_id
    where
        bounds.is_numeric
        and bounds.target_value_std is not null
        and bounds.period_type = 'year'
        and actual.period_type = 'year'
        and actual.year < bounds.target_year
        and actual.year > coalesce(bounds.baseline_year, year(bounds.plan_start) - 1)

),

-- which side counts: a number that is to be reached from below has no upper edge, and the other way round
sided as (

    select
        *,
        case when direction = 'lower' and target_kind <> 'threshold' then null else lower_bound end as floor_value,
        case when direction = 'higher' and target_kind <> 'threshold' then null else upper_bound end as ceiling_value
    from evaluations

),

measured as (

    select
        *,
        (floor_value is not null or ceiling_value is not null) as has_bound,
        coalesce(case when comparator = '>' then actual_value > floor_value else actual_value >= floor_value end, true)
        and coalesce(case when comparator = '<' then actual_value < ceiling_value else actual_value <= ceiling_value end, true)
            as is_satisfied,
        case
            when stretch_value_std is not null
                then case when ceiling_value is null then actual_value >= stretch_value_std else actual_value <= stretch_value_std end
        end as is_stretch_satisfied,
        least(
            coalesce(actual_value - floor_value, ceiling_value - actual_value),
            coalesce(ceiling_value - actual_value, actual_value - floor_value)
        ) as gap,
        case
            when actual_value <= 0 or target_value_std <= 0 then null
            when floor_value is not null then cast(actual_value as double) / cast(target_value_std as double)
            else cast(coalesce(target_value_high_std, target_value_std) as double) / cast(actual_value as double)
        end as attainment_ratio,
        -- the end the path leads to
        case when floor_value is not null then target_value_std else coalesce(target_value_high_std, target_value_std) end
            as goal_value
    from sided

),

paced as (

    select
        *,
        cast(evaluation_year - baseline_year as double) as years_passed,
        cast(target_year - baseline_year as double) as years_in_all,
        measure_type in ('level', 'flow') and baseline_value > 0 and goal_value > 0 and actual_value > 0 as is_compound
    from measured

)

select
    target_id,
    evaluation_period,
    evaluation_year,
    period as target_period,
    period_type,
    is_own_period,
    indicator_id,
    region_code,
    scope,
    target_kind,
    comparator,
    direction,
    is_limit,
    is_numeric,
    relative_tolerance,
    value_text,
    value_unit,
    standard_unit,
    target_value_std,
    floor_value,
    ceiling_value,
    stretch_value_std,
    has_bound,
    actual_value,
    scope_used,
    source_id,
    observation_status,
    is_satisfied,
    is_stretch_satisfied,
    gap,
    attainment_ratio,
    baseline_value,
    baseline_year,
    baseline_scope,
    is_compound,
    case
        when is_own_period or is_limit or baseline_value is null or years_in_all <= 0 or baseline_value = goal_value then null
        when is_compound
            then
                (power(cast(actual_value as double) / cast(baseline_value as double), 1 / years_passed) - 1)
                / (power(cast(goal_value as double) / cast(baseline_value as double), 1 / years_in_all) - 1)
        else
            (cast(actual_value - baseline_value as double) / years_passed)
            / (cast(goal_value - baseline_value as double) / years_in_all)
    end as pace_ratio
from paced
