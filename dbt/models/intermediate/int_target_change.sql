-- Grain: one target that a night judges anew. Empty where everything is built.
with

-- figures of other indicators or regions may decide these: rather all of them than one too few
entangled as (

    select target_id
    from {{ ref('int_target_mapped') }}
    where
        target_kind in ('relative', 'rank', 'grade', 'delegated', 'composite')
        or part_no > 0

),

of_series as (

    select target.target_id
    from {{ ref('int_target_mapped') }} as target
    inner join {{ ref('int_actual_change') }} as changed
        on
            target.region_code = changed.region_code
            and target.indicator_id = changed.indicator_id
    union
    -- growth may be reported as such
    select target.target_id
    from {{ ref('int_target_mapped') }} as target
    inner join {{ ref('growth_indicator') }} as growth
        on target.indicator_id = growth.indicator_id
    inner join {{ ref('int_actual_change') }} as changed
        on
            target.region_code = changed.region_code
            and growth.growth_indicator_id = changed.indicator_id

),

overdue as (

    -- the day by which the figure of the target's own period should be there has passed since
    select target.target_id
    from {{ ref('int_target_mapped') }} as target
    inner join {{ ref('dim_period') }} as period
        on target.period = period.period
    left join {{ ref('due_lag') }} as lag
        on period.period_type = lag.period_type
    cross join {{ source('raw', 'run_parameter') }} as run
    where
        period.period_end + coalesce(lag.due_lag_days, 0) < run.as_of_date
        and {{ is_after_last_night('period.period_end + coalesce(lag.due_lag_days, 0) + 1') }}

),

changed as (

    select target_id from entangled
    union
    select target_id from of_series
    union
    select target_id from overdue

)

select target_id
from changed
where {{ none_if_everything_is_built() }}
