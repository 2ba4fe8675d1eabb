-- Grain: one key whose value a plausibility rule may doubt, and what its series said before it. Most figures are plainly in order
-- and are left out here: each passes a test at least as wide as the rules.
with

slips as (

    -- the smallest factor that a forgotten unit makes
    select
        measure_type,
        min(cast(factor as double) / cast(tolerance as double)) as slip_from
    from {{ ref('plausibility_rule') }}
    where rule_id = 'unit_slip'
    group by measure_type

),

dated as {{ not_kept() }} (

    select
        undoubted.region_code,
        undoubted.indicator_id,
        undoubted.scope,
        undoubted.period,
        cast(undoubted.value as double) as value,
        undoubted.has_other_values,
        period.period_type,
        period.year,
        period.period_end,
        -- the part of the year: figures of the same part are compared for jumps
        substr(undoubted.period, 5) as part_of_year
    from {{ ref('int_actual_undoubted') }} as undoubted
    inner join {{ ref('dim_period') }} as period
        on undoubted.period = period.period
    -- a span of years has no period before it to be held against
    where period.period_type <> 'span'

),

preceded as (

    -- of figures of whole years, those before of their kind and of their part of the year are the same
    select
        region_code,
        indicator_id,
        scope,
        period,
        value,
        has_other_values,
        period_type,
        year,
        part_of_year,
        lag(value, 1) over of_year as value_before_1,
        lag(value, 2) over of_year as value_before_2,
        lag(value, 3) over of_year as value_before_3,
        lag(period, 1) over of_year as period_before_1,
        lag(period, 2) over of_year as period_before_2,
        lag(period, 3) over of_year as period_before_3,
        lag(value, 1) over of_year as value_year_before_1,
        lag(value, 2) over of_year as value_year_before_2,
        lag(value, 3) over of_year as value_year_before_3,
        lag(year, 1) over of_year as year_before_1,
        lag(year, 2) over of_year as year_before_2,
        lag(year, 3) over of_year as year_before_3
    from dated
    where period_type = 'year'
    window of_year as (partition by region_code, indicator_id, scope order by year)

    union all

    select
        region_code,
        indicator_id,
        scope,
        period,
        value,
        has_other_values,
        period_type,
        year,
        part_of_year,
        lag(value, 1) over of_kind as value_before_1,
        lag(value, 2) over of_kind as value_before_2,
        lag(value, 3) over of_kind as value_before_3,
        lag(period, 1) over of_kind as period_before_1,
        lag(period, 2) over of_kind as period_before_2,
        lag(period, 3) over of_kind as period_before_3,
        lag(value, 1) over of_part as value_year_before_1,
        lag(value, 2) over of_part as value_year_before_2,
        lag(value, 3) over of_part as value_year_before_3,
        lag(year, 1) over of_part as year_before_1,
        lag(year, 2) over of_part as year_before_2,
        lag(year, 3) over of_part as year_before_3
    from dated
    where period_type <> 'year'
    window
        of_kind as (partition by region_code, indicator_id, scope, period_type order by period_end, period),
        of_part as (partition by region_code, indicator_id, scope, period_type, part_of_year order by year)

),

ruled as (

    select
        preceded.*,
        indicator.measure_type,
        -- points are of per cent: the standard unit may be another ratio, and what is no ratio has none
        case when rule.change_in = 'log' or unit.dimension = 'ratio' then rule.change_in end as change_in,
        cast(rule.multiple as double) as multiple,
        cast(case rule.change_in when 'log' then rule.floor when 'points' then rule.floor * 10 / unit.to_base end as double) as floor,
        slips.slip_from
    from preceded
    inner join {{ ref('indicator') }} as indicator
        on preceded.indicator_id = indicator.indicator_id
    inner join {{ ref('unit') }} as unit
        on indicator.unit = unit.unit_text
    left join {{ ref('plausibility_rule') }} as rule
        on indicator.measure_type = rule.measure_type and rule.rule_id = 'jump'
    left join slips
        on indicator.measure_type = slips.measure_type

),

changed as (

    select
        *,
        {{ change_on_nearest() }} as change
    from ruled

)

select
    region_code,
    indicator_id,
    scope,
    period,
    value,
    measure_type,
    period_type,
    part_of_year,
    year,
    change_in,
    multiple,
    floor,
    value_before_1,
    value_before_2,
    value_before_3,
    period_before_1,
    period_before_2,
    period_before_3,
    value_year_before_1,
    value_year_before_2,
    value_year_before_3,
    year_before_1,
    year_before_2,
    year_before_3,
    has_other_values or change > floor as may_jump
from changed
where
    has_other_values
    or value_before_1 is null
    or value / nullif(value_before_1, 0) >= slip_from
    or value_before_1 / nullif(value, 0) >= slip_from
    or change > floor
