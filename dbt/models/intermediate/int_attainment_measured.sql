-- Grain: target × evaluation period: how the measured value stands to the bounds and to the path, no verdict yet.
with

evaluations as (

    select
        target.*,
        evaluation.evaluation_period,
        evaluation.evaluation_year,
        evaluation.period_role,
        evaluation.is_own_period,
        measured.actual_period,
        measured.actual_value,
        measured.actual_text,
        measured.measured_value,
        measured.scope_used,
        measured.source_id,
        measured.observation_status,
        measured.start_year,
        measured.start_value,
        measured.years_present,
        measured.reference_value,
        period.period_type as evaluation_period_type,
        period.period_end as evaluation_end,
        case when evaluation.period_role = 'in_year' then month(period.period_end) end as month_within_year
    from {{ ref('int_evaluation') }} as evaluation
    inner join {{ ref('int_target_bound') }} as target
        on evaluation.target_id = target.target_id
    inner join {{ ref('int_evaluation_measured') }} as measured
        on
            evaluation.target_id = measured.target_id
            and evaluation.evaluation_period = measured.evaluation_period
    inner join {{ ref('dim_period') }} as period
        on evaluation.evaluation_period = period.period

),

on_the_way as (

    -- (few columns: this is read twice)
    select
        target.target_id,
        target.series_no,
        target.document_id,
        target.indicator_id,
        target.region_code,
        target.scope,
        target.part_no,
        target.judged_by,
        target.measure_type,
        target.target_year,
        evaluation.evaluation_period,
        evaluation.evaluation_year,
        measured.scope_used
    from {{ ref('int_evaluation') }} as evaluation
    inner join {{ ref('int_target_bound') }} as target
        on evaluation.target_id = target.target_id
    inner join {{ ref('int_evaluation_measured') }} as measured
        on
            evaluation.target_id = measured.target_id
            and evaluation.evaluation_period = measured.evaluation_period
    where evaluation.period_role = 'earlier' and target.judged_by = 'level'

),

milestones as (

    -- an earlier target of the same plan for the same thing is a milestone on the way to the later one
    select
        evaluations.target_id,
        evaluations.evaluation_period,
        milestone.target_year as milestone_year,
        milestone.floor_value,
        milestone.ceiling_value,
        milestone.is_strict,
        milestone.goal_value
    from on_the_way as evaluations
    inner join {{ ref('int_target_bound') }} as milestone
        on
            evaluations.document_id = milestone.document_id
            and evaluations.indicator_id = milestone.indicator_id
            and evaluations.region_code = milestone.region_code
            and evaluations.scope = milestone.scope
            and evaluations.judged_by = milestone.judged_by
            and milestone.target_year < evaluations.target_year
            and milestone.target_year >= evaluations.evaluation_year
            and milestone.goal_value is not null
            and milestone.part_no = 0
    where evaluations.part_no = 0
    qualify row_number() over (
        partition by evaluations.target_id, evaluations.evaluation_period
        order by milestone.target_year asc, milestone.target_id asc
    ) = 1

),

-- on the way, the next milestone is what counts
aimed as (

    select
        evaluations.*,
        milestones.milestone_year,
        case when milestones.milestone_year is null then evaluations.floor_value else milestones.floor_value end as next_floor,
        case when milestones.milestone_year is null then evaluations.ceiling_value else milestones.ceiling_value end as next_ceiling,
        coalesce(milestones.is_strict, evaluations.is_strict) as next_is_strict,
        coalesce(milestones.goal_value, evaluations.goal_value) as next_goal,
        coalesce(milestones.milestone_year, evaluations.target_year) as next_year,
        -- noise: what rounding and small revisions move
        case
            when evaluations.judged_by in ('direction', 'unchanged')
                then
                    cast(
                        evaluations.relative_tolerance * abs(coalesce(evaluations.start_value, evaluations.baseline_value))
                        + evaluations.absolute_tolerance as decimal(24, 8)
                    )
        end as noise
    from evaluations
    left join milestones
        on
            evaluations.target_id = milestones.target_id
            and evaluations.evaluation_period = milestones.evaluation_period

),

-- the bounds of what is measured: printed ones, or those the kind implies
limits as (

    select
        {{ all_but(['next_floor', 'next_ceiling', 'next_is_strict']) }},
        next_is_strict and judged_by not in ('direction', 'unchanged') as is_strictly_bound,
        case
            when judged_by = 'direction' and comparator = '>' then noise
            when judged_by = 'unchanged' and direction <> 'lower' and coalesce(comparator, '>=') <> '<=' then -noise
            when judged_by = 'relative' and left(comparator, 1) = '>' then coalesce(goal_value, 0)
            when judged_by in ('completion', 'grade') then 1
            else next_floor
        end as floor_value_now,
        case
            when judged_by = 'direction' and comparator = '<' then -noise
            when judged_by = 'unchanged' and (direction <> 'higher' or comparator = '<=') then noise
            when judged_by = 'relative' and left(comparator, 1) = '<' then -coalesce(goal_value, 0)
            else next_ceiling
        end as ceiling_value_now
    from aimed

),

compared as (

    select
        *,
        (floor_value_now is not null or ceiling_value_now is not null) as has_bound,
        case
            when measured_value is not null
                then
                    coalesce(
                        case when is_strictly_bound then measured_value > floor_value_now else measured_value >= floor_value_now end,
                        true
                    )
                    and coalesce(
                        case when is_strictly_bound then measured_value < ceiling_value_now else measured_value <= ceiling_value_now end,
                        true
                    )
        end as is_satisfied,
        judged_by = 'direction' and abs(measured_value) <= noise as is_within_noise,
        case
            when stretch_value_std is not null
                then
                    case
                        when ceiling_value is null then measured_value >= stretch_value_std
                        else measured_value <= stretch_value_std
                    end
        end as is_stretch_satisfied,
        -- the gap is to the target itself, also where a milestone decides the pace
        case
            when judged_by in ('direction', 'unchanged', 'completion', 'grade') then null
            when judged_by = 'relative'
                then
                    least(
                        coalesce(measured_value - floor_value_now, ceiling_value_now - measured_value),
                        coalesce(ceiling_value_now - measured_value, measured_value - floor_value_now)
                    )
            else
                least(
                    coalesce(measured_value - floor_value, ceiling_value - measured_value),
                    coalesce(ceiling_value - measured_value, measured_value - floor_value)
                )
        end as gap,
        case
            when judged_by in ('direction', 'unchanged', 'relative', 'completion', 'grade') then null
            when measured_value <= 0 or goal_value <= 0 then null
            when floor_value is not null then cast(measured_value as double) / cast(goal_value as double)
            else cast(coalesce(goal_value, ceiling_value) as double) / cast(measured_value as double)
        end as attainment_ratio,
        case when floor_value_now is not null then 1 else -1 end as better
    from limits

),

timed as (

    select
        compared.*,
        pace_rule.on_pace_from,
        {{ pace_method('pace_rule.pace_method', 'compared.baseline_value', 'compared.measured_value', 'compared.next_goal') }} as method,
        -- years since the baseline: a figure of a year stands for its end, one within the year for the months that have passed
        compared.evaluation_year - compared.baseline_year
        - case when compared.period_role = 'in_year' then 1 - month(compared.evaluation_end) / 12e0 else 0 end as years_passed,
        compared.next_year - compared.baseline_year as years_in_all,
        compared.target_year - compared.evaluation_year as years_left,
        coalesce(profile.share_of_year, even_profile.share_of_year) as share_of_year
    from compared
    left join {{ ref('pace_rule') }} as pace_rule
        on compared.measure_type = pace_rule.measure_type
    -- the profile written for the indicator goes before the even one
    left join {{ ref('progress_profile') }} as profile
        on
            compared.indicator_id = profile.indicator_id
            and compared.month_within_year = profile.month
    left join {{ ref('progress_profile') }} as even_profile
        on
            compared.month_within_year = even_profile.month
            and even_profile.indicator_id = '*'

),

-- yearly figures on the way, for a projection with an interval: one for all targets of a series
ways as (

    select distinct
        series_no,
        scope_used,
        evaluation_year
    from on_the_way

),

points as (

    select
        ways.series_no,
        ways.scope_used,
        ways.evaluation_year,
        count(*) as point_count,
        avg(cast(actual.year as double)) as mean_year,
        avg(cast(actual.value as double)) as mean_value,
        regr_sxx(cast(actual.value as double), cast(actual.year as double)) as sxx,
        regr_sxy(cast(actual.value as double), cast(actual.year as double)) as sxy,
        regr_syy(cast(actual.value as double), cast(actual.year as double)) as syy
    from ways
    inner join {{ ref('int_target_actual') }} as actual
        on
            ways.series_no = actual.series_no
            and actual.period_type = 'year'
            and actual.year <= ways.evaluation_year
            and ways.scope_used = actual.scope_used
    group by ways.series_no, ways.scope_used, ways.evaluation_year

),

projected as (

    select
        on_the_way.target_id,
        on_the_way.evaluation_period,
        points.point_count,
        points.mean_value + points.sxy / nullif(points.sxx, 0) * (on_the_way.target_year - points.mean_year) as value_at_target,
        -- the standard error of a new figure at the target year (least squares over the years)
        case
            when points.point_count > 2
                then
                    sqrt(
                        greatest(points.syy - points.sxy * points.sxy / nullif(points.sxx, 0), 0) / (points.point_count - 2)
                        * (1 + 1e0 / points.point_count + power(on_the_way.target_year - points.mean_year, 2) / nullif(points.sxx, 0))
                    )
        end as standard_error,
        points.point_count >= pace_rule.min_points as is_enough
    from points
    inner join on_the_way
        on
            points.series_no = on_the_way.series_no
            and points.scope_used = on_the_way.scope_used
            and points.evaluation_year = on_the_way.evaluation_year
    left join {{ ref('pace_rule') }} as pace_rule
        on on_the_way.measure_type = pace_rule.measure_type

)

select
    timed.target_id,
    timed.evaluation_period,
    timed.evaluation_year,
    timed.period_role,
    timed.is_own_period,
    timed.period as target_period,
    timed.target_year,
    timed.period_type,
    timed.indicator_id,
    timed.region_code,
    timed.scope,
    timed.target_kind,
    timed.judged_by,
    timed.comparator,
    timed.direction,
    timed.measure_type,
    timed.is_limit,
    timed.value_text,
    timed.value_unit,
    timed.standard_unit,
    timed.measured_unit,
    timed.reference_text,
    timed.issued_by,
    case when timed.judged_by = 'level' then timed.floor_value else timed.floor_value_now end as floor_value,
    case when timed.judged_by = 'level' then timed.ceiling_value else timed.ceiling_value_now end as ceiling_value,
    timed.is_strictly_bound,
    timed.goal_value,
    timed.has_bound,
    timed.actual_period,
    timed.actual_value,
    timed.actual_text,
    timed.measured_value,
    timed.scope_used,
    timed.source_id,
    timed.observation_status,
    timed.start_year,
    timed.start_value,
    timed.years_present,
    timed.reference_value,
    timed.noise,
    timed.is_satisfied,
    timed.is_within_noise,
    timed.is_stretch_satisfied,
    timed.gap,
    timed.attainment_ratio,
    timed.baseline_value,
    timed.baseline_year,
    timed.baseline_scope,
    timed.milestone_year,
    timed.next_goal,
    timed.on_pace_from,
    timed.method as pace_method,
    timed.share_of_year,
    timed.years_left,
    case
        when timed.is_own_period or timed.is_limit or timed.measured_value is null then null
        -- of a sum, the share of the time that has passed
        when timed.judged_by = 'sum'
            then
                {{ share_of_due(
                    'timed.measured_value', 'timed.goal_value',
                    '(timed.evaluation_year - timed.first_year + 1) / cast(timed.target_year - timed.first_year + 1 as double)'
                ) }}
        -- of growth on a base, the level it leads to; of average growth, the average so far
        when timed.judged_by = 'growth' and coalesce(timed.basis, '') <> 'annual_average' and timed.measured_unit = '%'
            then
                {{ pace_ratio(
                    "'compound'", 'timed.start_value', 'timed.actual_value', '(timed.start_value * (1 + cast(timed.goal_value as double) / 100))',
                    '(timed.evaluation_year - timed.start_year)', '(timed.target_year - timed.start_year)', 'timed.better'
                ) }}
        when timed.judged_by in ('growth', 'average') and timed.measured_value > 0 and timed.goal_value > 0
            then cast(timed.measured_value as double) / cast(timed.goal_value as double)
        when timed.judged_by <> 'level' then null
        -- of a yearly flow, the share of the year that is due by then
        when timed.period_role = 'in_year' and timed.measure_type = 'flow'
            then {{ share_of_due('timed.measured_value', 'timed.goal_value', 'timed.share_of_year') }}
        when timed.baseline_value is not null and timed.years_in_all > 0
            then
                {{ pace_ratio(
                    'timed.method', 'timed.baseline_value', 'timed.measured_value', 'timed.next_goal', 'timed.years_passed',
                    'timed.years_in_all', 'timed.better'
                ) }}
    end as pace_ratio,
    case
        when timed.judged_by = 'level' and not timed.is_limit and timed.years_left > 0 and timed.measured_value is not null
            then cast(timed.goal_value - timed.measured_value as double) / timed.years_left
    end as required_per_year,
    -- (rounded: the sums behind a regression may be added up in any order)
    case when projected.is_enough then round(projected.value_at_target, 6) end as projected_value,
    case when projected.is_enough then round(projected.value_at_target - 2 * projected.standard_error, 6) end as projected_low,
    case when projected.is_enough then round(projected.value_at_target + 2 * projected.standard_error, 6) end as projected_high,
    projected.point_count,
    case
        when
            timed.judged_by = 'level' and timed.baseline_value is not null and timed.years_in_all > 0 and timed.next_goal is not null
            and not timed.is_own_period and not timed.is_limit
            then
                {{ expected_value(
                    'timed.method', 'timed.baseline_value', 'timed.next_goal', 'timed.years_passed', 'timed.years_in_all'
                ) }}
    end as expected_value,
    timed.baseline_value is not null
    and coalesce(timed.baseline_value >= timed.floor_value_now, true)
    and coalesce(timed.baseline_value <= timed.ceiling_value_now, true) as started_beyond_goal
from timed
left join projected
    on timed.target_id = projected.target_id and timed.evaluation_period = projected.evaluation_period
