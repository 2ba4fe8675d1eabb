-- Grain: target × evaluation period, with its verdict.
with

measured as (

    select
        measured.*,
        run.as_of_date,
        period.period_end + coalesce(lag.due_lag_days, 0) as due_date
    from {{ ref('int_attainment_measured') }} as measured
    cross join {{ source('raw', 'run_parameter') }} as run
    inner join {{ ref('dim_period') }} as period
        on measured.evaluation_period = period.period
    left join {{ ref('due_lag') }} as lag
        on period.period_type = lag.period_type

),

blocked as (

    -- why a target cannot be judged whatever the actual says; null where it can
    select
        *,
        case
            when target_kind = 'unparsed' then 'unparsed'
            when target_kind = 'none' then 'no_target'
            when indicator_id is null then 'unmapped'
            when target_kind = 'delegated' then 'not_issued'
            when not is_numeric then 'no_rule'
            when target_value_std is null then 'unit_mismatch'
            when not has_bound then 'no_direction'
        end as obstacle
    from measured

)

select
    target_id,
    evaluation_period,
    target_period,
    indicator_id,
    standard_unit,
    value_unit,
    value_text,
    target_kind,
    comparator,
    floor_value,
    ceiling_value,
    actual_value,
    scope_used,
    source_id,
    observation_status,
    gap,
    attainment_ratio,
    baseline_value,
    baseline_year,
    baseline_scope,
    is_compound,
    pace_ratio,
    as_of_date,
    due_date,
    obstacle,
    case
        when obstacle in ('unparsed', 'unmapped', 'not_issued') then obstacle
        when obstacle is not null then 'not_assessable'
        when actual_value is null and as_of_date <= due_date then 'not_due'
        when actual_value is null then 'no_actual'
        when is_own_period and is_stretch_satisfied and is_satisfied then 'stretch_met'
        when is_own_period and is_satisfied then 'met'
        when is_own_period then 'missed'
        when is_satisfied then 'on_pace'
        when is_limit then 'behind'
        when baseline_value is null then 'not_assessable'
        -- below the goal: the pace decides; a goal weaker than the baseline has been lost since
        when pace_ratio is null or (floor_value is not null and baseline_value >= floor_value) then 'behind'
        when ceiling_value is not null and floor_value is null and baseline_value <= ceiling_value then 'behind'
        when pace_ratio >= 1 then 'on_pace'
        else 'behind'
    end as verdict,
    is_own_period and actual_value is null and as_of_date > due_date
    and obstacle is null as is_overdue,
    row_number() over (
        partition by target_id
        order by
            (is_own_period and actual_value is not null) desc, (actual_value is not null) desc, evaluation_year desc, is_own_period desc
    ) = 1 as is_current
from blocked
