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

indicators as (

    -- (numbers, for millions of rows are sorted by them)
    select
        indicator.indicator_id,
        row_number() over (order by indicator.indicator_id) as indicator_no,
        indicator.measure_type,
        -- points are of per cent: the standard unit may be another ratio, and what is no ratio has none
        case when rule.change_in = 'log' or unit.dimension = 'ratio' then rule.change_in end as change_in,
        cast(rule.multiple as double) as multiple,
        cast(case rule.change_in when 'log' then rule.floor when 'points' then rule.floor * 10 / unit.to_base end as double) as floor,
        slips.slip_from
    from {{ ref('indicator') }} as indicator
    inner join {{ ref('unit') }} as unit
        on indicator.unit = unit.unit_text
    left join {{ ref('plausibility_rule') }} as rule
        on indicator.measure_type = rule.measure_type and rule.rule_id = 'jump'
    left join slips
        on indicator.measure_type = slips.measure_type

),

dated as {{ not_kept() }} (

    select
        undoubted.region_code,
        indicators.indicator_no,
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
    inner join indicators
        on undoubted.indicator_id = indicators.indicator_id
    inner join {{ ref('dim_period') }} as period
        on undoubted.period = period.period
    -- a span of years has no period before it to be held against
    where period.period_type <> 'span'

),

of_years as (

    select
        region_code,
        indicator_no,
        scope,
        value,
        has_other_values,
        year,
        lag(value, 1) over of_year as value_1,
        lag(value, 2) over of_year as value_2,
        lag(value, 3) over of_year as value_3,
        lag(year, 1) over of_year as year_1,
        lag(year, 2) over of_year as year_2,
        lag(year, 3) over of_year as year_3
    from dated
    where period_type = 'year'
    window of_year as (partition by region_code, indicator_no, scope order by year)

),

preceded as (

    -- of figures of whole years, those before of their kind and of their part of the year are the same
    select
        region_code,
        indicator_no,
        scope,
        cast(year as string) as period,
        value,
        has_other_values,
        'year' as period_type,
        year,
        '' as part_of_year,
        value_1 as value_before_1,
        value_2 as value_before_2,
        value_3 as value_before_3,
        cast(year_1 as string) as period_before_1,
        cast(year_2 as string) as period_before_2,
        cast(year_3 as string) as period_before_3,
        value_1 as value_year_before_1,
        value_2 as value_year_before_2,
        value_3 as value_year_before_3,
        year_1 as year_before_1,
        year_2 as year_before_2,
        year_3 as year_before_3
    from of_years

    union all

    select
        region_code,
        indicator_no,
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
        of_kind as (partition by region_code, indicator_no, scope, period_type order by period_end, period),
        of_part as (partition by region_code, indicator_no, scope, period_type, part_of_year order by year)

),

ruled as (

    select
        {{ all_but(['indicator_no'], 'preceded.') }},
        {{ all_but(['indicator_no'], 'indicators.') }}
    from preceded
    inner join indicators
        on preceded.indicator_no = indicators.indicator_no

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
