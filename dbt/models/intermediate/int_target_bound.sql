-- Grain: one target: what is measured for it (judged_by) and between which bounds that must lie.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_target('kept')) }}") }}
with

targets as (

    select
        target.*,
        {{ period_type('target.period') }} as period_type,
        {{ period_year('target.period') }} as target_year,
        cast(left(target.period, 4) as integer) as first_year,
        baseline.baseline_value,
        baseline.baseline_year,
        baseline.baseline_scope,
        -- the tolerance written for the type of measure goes before the one for all
        coalesce(case when typed.target_kind is null then general.relative_tolerance else typed.relative_tolerance end, 0)
            as relative_tolerance,
        coalesce(case when typed.target_kind is null then general.absolute_tolerance else typed.absolute_tolerance end, 0)
            as absolute_tolerance
    from {{ ref('int_target_mapped') }} as target
    left join {{ ref('int_target_baseline') }} as baseline
        on target.target_id = baseline.target_id
    left join {{ ref('tolerance') }} as typed
        on
            target.target_kind = typed.target_kind
            and target.measure_type = typed.measure_type
    left join {{ ref('tolerance') }} as general
        on
            target.target_kind = general.target_kind
            and general.measure_type = '*'
    where {{ in_changed_target('target') }}

),

issued as (

    -- a delegated target takes the number the region above was given for the same thing and period
    select
        delegated.target_id,
        upper.target_id as issued_by,
        upper.comparator,
        upper.target_value_std,
        upper.target_value_high_std
    from targets as delegated
    inner join {{ ref('region') }} as region
        on delegated.region_code = region.region_code
    inner join {{ ref('int_target_mapped') }} as upper
        on
            region.parent_region_code = upper.region_code
            and delegated.indicator_id = upper.indicator_id
            and delegated.period = upper.period
            and upper.target_kind in ('threshold', 'approximate', 'interval')
            and upper.target_value_std is not null
            and upper.is_primary
    where delegated.target_kind = 'delegated'

),

classed as (

    select
        {{ all_but(['comparator', 'target_value_std', 'target_value_high_std'], 'targets.') }},
        coalesce(issued.comparator, targets.comparator) as comparator,
        coalesce(issued.target_value_std, targets.target_value_std) as target_value_std,
        coalesce(issued.target_value_high_std, targets.target_value_high_std) as target_value_high_std,
        issued.issued_by,
        case
            when targets.target_kind = 'delegated' and issued.issued_by is null then 'completion'
            when targets.target_kind = 'delegated' then 'level'
            -- of a growth rate, 增长 asks that it be positive, not that it rise
            when
                targets.target_kind = 'direction' and targets.measure_type = 'growth' and targets.value_text like '%增长%'
                then 'level'
            -- the yearly average of an amount is printed in the column 年均增长 beside its total
            when
                targets.target_kind = 'growth' and targets.measure_type = 'flow' and targets.basis = 'annual_average'
                and targets.value_unit = targets.standard_unit
                then 'average'
            when targets.target_kind in ('composite', 'rank', 'grade', 'relative', 'direction') then targets.target_kind
            when targets.target_kind = 'growth' and targets.measure_type <> 'growth' then 'growth'
            when targets.target_kind = 'hold' and targets.target_value is null then 'unchanged'
            when targets.target_kind = 'increment' and targets.measure_type <> 'flow' then 'step'
            when
                targets.target_kind in ('cumulative', 'increment', 'threshold', 'approximate', 'interval')
                and targets.period_type = 'span' and targets.measure_type = 'flow'
                then 'sum'
            -- a growth rate over a span is the average of its years
            when targets.period_type = 'span' and targets.measure_type = 'growth' then 'average'
            when targets.target_kind in ('threshold', 'approximate', 'interval', 'hold', 'cumulative', 'increment', 'growth') then 'level'
        end as judged_by
    from targets
    left join issued
        on targets.target_id = issued.target_id

),

-- the edge of the acceptable: what a measured value is held against
bounded as (

    select
        *,
        relative_tolerance * abs(target_value_std) + absolute_tolerance as leeway,
        case
            when judged_by = 'growth' and value_unit in ('个百分点', '百分点') then '个百分点'
            when judged_by = 'growth' then value_unit
            when judged_by = 'rank' then '位'
            when judged_by in ('completion', 'grade') then '1'
            else standard_unit
        end as measured_unit,
        coalesce(comparator, case direction when 'higher' then '>=' when 'lower' then '<=' end) as sign
    from classed

)

select
    target_id,
    series_no,
    document_id,
    table_ref,
    region_code,
    scope,
    period,
    period_type,
    first_year,
    target_year,
    part_no,
    indicator_id,
    direction,
    measure_type,
    is_limit,
    target_kind,
    comparator,
    judged_by,
    basis,
    reference_text,
    reference_indicator_id,
    issued_by,
    value_text,
    value_unit,
    standard_unit,
    measured_unit,
    plan_start,
    baseline_value,
    baseline_year,
    baseline_scope,
    absolute_tolerance,
    relative_tolerance,
    cast(
        case
            when judged_by in ('direction', 'relative', 'unchanged', 'completion', 'grade') then null
            when target_kind = 'approximate' or comparator = '~' then case when direction <> 'lower' then target_value_std - leeway end
            when target_kind = 'interval' and direction <> 'lower' then target_value_std
            when judged_by = 'rank' then null
            when target_kind = 'direction' then 0
            when left(sign, 1) = '>' then target_value_std
        end as decimal(24, 8)
    ) as floor_value,
    cast(
        case
            when judged_by in ('direction', 'relative', 'unchanged', 'completion', 'grade') then null
            when target_kind = 'approximate' or comparator = '~' then case when direction <> 'higher' then target_value_std + leeway end
            when target_kind = 'interval' and direction <> 'higher' then target_value_high_std
            when judged_by = 'rank' then target_value
            when left(sign, 1) = '<' then target_value_std
        end as decimal(24, 8)
    ) as ceiling_value,
    sign in ('>', '<') as is_strict,
    stretch_value_std,
    -- the end a path leads to
    case
        when target_kind = 'interval' and direction = 'lower' then target_value_high_std
        when target_kind = 'direction' and judged_by = 'level' then 0
        else target_value_std
    end as goal_value
from bounded
