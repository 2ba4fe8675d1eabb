-- Grain: one key with a value, and what its series said before it: what the plausibility rules hold a figure against.
with

figures as (

    select *
    from {{ ref('int_actual_figure') }}
    where
        measure = 'value'
        and value is not null
        and status_printed <> 'retracted'
        and withdrawn_at is null

),

undoubted as (

    -- what would be accepted if nothing were in doubt, so that no doubt hangs on another
    select
        region_code,
        indicator_id,
        scope,
        period,
        value
    from figures
    where revision_count = 1
    union all
    select
        region_code,
        indicator_id,
        scope,
        period,
        value
    from figures
    where revision_count > 1
    qualify row_number() over (
        partition by region_code, indicator_id, scope, period
        order by {{ pick_order(status='status_printed', awaits_confirmation=none) }}
    ) = 1

),

dated as (

    select
        undoubted.region_code,
        undoubted.indicator_id,
        undoubted.scope,
        undoubted.period,
        cast(undoubted.value as double) as value,
        period.period_type,
        period.year,
        period.period_end,
        -- the part of the year: figures of the same part are compared for jumps
        substr(undoubted.period, 5) as part_of_year,
        indicator.measure_type,
        -- points are of per cent: the standard unit may be another ratio, and what is no ratio has none
        case when rule.change_in = 'log' or unit.dimension = 'ratio' then rule.change_in end as change_in,
        cast(rule.multiple as double) as multiple,
        cast(case rule.change_in when 'log' then rule.floor when 'points' then rule.floor * 10 / unit.to_base end as double) as floor
    from undoubted
    inner join {{ ref('dim_period') }} as period
        on undoubted.period = period.period
    inner join {{ ref('indicator') }} as indicator
        on undoubted.indicator_id = indicator.indicator_id
    inner join {{ ref('unit') }} as unit
        on indicator.unit = unit.unit_text
    left join {{ ref('plausibility_rule') }} as rule
        on indicator.measure_type = rule.measure_type and rule.rule_id = 'jump'
    -- a span of years has no period before it to be held against
    where period.period_type <> 'span'

),

preceded as (

    select
        *,
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
    window
        of_kind as (partition by region_code, indicator_id, scope, period_type order by period_end, period),
        of_part as (partition by region_code, indicator_id, scope, period_type, part_of_year order by year)

)

select
    region_code,
    indicator_id,
    scope,
    period,
    value,
    measure_type,
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
    -- how far each earlier figure lay from the nearest of those before it: the largest of that
    max({{ change_on_nearest() }}) over (
        partition by region_code, indicator_id, scope, period_type, part_of_year
        order by year
        rows between unbounded preceding and 1 preceding
    ) as largest_change_before
from preceded
