-- Grain: one key whose value may have jumped: the largest change its series made before it.
-- How far each earlier figure lay from the nearest of those before it; few series ask for it.
with

moving as (

    select distinct
        region_code,
        indicator_id,
        scope,
        period_type,
        part_of_year,
        change_in
    from {{ ref('int_actual_series') }}
    where may_jump

),

preceded as (

    select
        undoubted.region_code,
        undoubted.indicator_id,
        undoubted.scope,
        undoubted.period,
        moving.part_of_year,
        moving.change_in,
        cast(undoubted.value as double) as value,
        period.year,
        lag(cast(undoubted.value as double), 1) over of_part as value_year_before_1,
        lag(cast(undoubted.value as double), 2) over of_part as value_year_before_2,
        lag(cast(undoubted.value as double), 3) over of_part as value_year_before_3,
        lag(period.year, 1) over of_part as year_before_1
    from {{ ref('int_actual_undoubted') }} as undoubted
    inner join {{ ref('dim_period') }} as period
        on undoubted.period = period.period
    inner join moving
        on
            undoubted.region_code = moving.region_code
            and undoubted.indicator_id = moving.indicator_id
            and undoubted.scope = moving.scope
            and period.period_type = moving.period_type
            and substr(undoubted.period, 5) = moving.part_of_year
    window
        of_part as (
            partition by undoubted.region_code, undoubted.indicator_id, undoubted.scope, moving.part_of_year order by period.year
        )

),

changed as (

    select
        *,
        {{ change_on_nearest() }} as change
    from preceded

)

select
    region_code,
    indicator_id,
    scope,
    period,
    max(change) over (
        partition by region_code, indicator_id, scope, part_of_year
        order by year
        rows between unbounded preceding and 1 preceding
    ) as largest_change_before
from changed
