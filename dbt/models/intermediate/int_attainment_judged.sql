-- Grain: target × evaluation period, with its verdict.
with

measured as (

    select
        measured.*,
        run.as_of_date,
        period.period_end as evaluation_end,
        period.period_end + coalesce(lag.due_lag_days, 0) as due_date
    from {{ ref('int_attainment_measured') }} as measured
    cross join {{ source('raw', 'run_parameter') }} as run
    inner join {{ ref('dim_period') }} as period
        on measured.evaluation_period = period.period
    left join {{ ref('due_lag') }} as lag
        on period.period_type = lag.period_type

),

blocked as (

    -- why a target cannot be judged whatever its own figure says; null where it can
    select
        *,
        case
            when target_kind = 'unparsed' then 'unparsed'
            when target_kind = 'none' then 'no_target'
            when indicator_id is null then 'unmapped'
            when target_kind = 'score_rule' then 'scored'
            when judged_by = 'completion' and measured_value is null then 'not_issued'
            when judged_by = 'rank' and ceiling_value is null then 'no_place'
            when judged_by = 'unchanged' and {{ matches('value_text', '合理|较低|较高|低位|高位|良好') }} then 'no_interval'
            when judged_by in ('level', 'sum', 'average', 'step') and goal_value is null then 'unit_mismatch'
            when judged_by = 'growth' and goal_value is null then 'unit_mismatch'
            when judged_by not in ('direction', 'unchanged', 'relative', 'composite') and not has_bound then 'no_direction'
        end as obstacle,
        -- the figure is there, what it must be compared with is not
        case
            when measured_value is not null or actual_value is null then null
            when judged_by in ('growth', 'direction', 'step') then 'no_start'
            when judged_by = 'unchanged' then 'no_baseline'
            when judged_by = 'relative' then 'no_reference'
            when judged_by in ('sum', 'average') then 'years_missing'
            when period_role = 'in_year' then 'months_missing'
        end as gap_in_data
    from measured

),

parts as (

    select
        *,
        case
            when obstacle in ('unparsed', 'unmapped', 'not_issued') then obstacle
            when obstacle is not null then 'not_assessable'
            when gap_in_data is not null then 'not_assessable'
            when measured_value is null and as_of_date <= due_date then 'not_due'
            when measured_value is null then 'no_actual'
            when is_within_noise then 'not_assessable'
            when is_own_period and is_stretch_satisfied and is_satisfied then 'stretch_met'
            when is_own_period and is_satisfied then 'met'
            when is_own_period then 'missed'
            when is_satisfied then 'on_pace'
            when is_limit or judged_by not in ('level', 'sum', 'growth', 'average') then 'behind'
            when judged_by = 'level' and baseline_value is null and pace_ratio is null then 'not_assessable'
            -- below the goal: the pace decides; a goal weaker than the start has been lost since, a milestone in its year is due
            when pace_ratio is null or (judged_by = 'level' and started_beyond_goal) or milestone_year = evaluation_year then 'behind'
            when pace_ratio >= on_pace_from then 'on_pace'
            else 'behind'
        end as verdict
    from blocked
    where judged_by is null or judged_by <> 'composite'

),

-- a composite is as good as its worst part, and cannot be judged before all of them can
composites as (

    select
        whole.target_id,
        part.evaluation_period,
        -- of parts that are equally bad, the first
        max_by(part.verdict, rank_of_verdict.position * 1000 - part_target.part_no) as verdict,
        max_by(part.target_id, rank_of_verdict.position * 1000 - part_target.part_no) as worst_part_id
    from {{ ref('int_target_mapped') }} as whole
    inner join {{ ref('int_target_mapped') }} as part_target
        on
            whole.document_id = part_target.document_id
            and whole.table_ref = part_target.table_ref
            and whole.line_no = part_target.line_no
            and whole.column_ref = part_target.column_ref
            and whole.region_code = part_target.region_code
            and whole.scope = part_target.scope
            and whole.period = part_target.period
            and part_target.part_no > 0
    inner join parts as part
        on part_target.target_id = part.target_id
    inner join {{ ref('verdict_order') }} as rank_of_verdict
        on part.verdict = rank_of_verdict.verdict
    where whole.target_kind = 'composite' and whole.part_no = 0
    group by whole.target_id, part.evaluation_period

),

wholes as (

    select
        blocked.*,
        case
            when blocked.indicator_id is null then 'unmapped'
            else coalesce(composites.verdict, case when blocked.as_of_date <= blocked.due_date then 'not_due' else 'no_actual' end)
        end as verdict,
        composites.worst_part_id
    from blocked
    left join composites
        on blocked.target_id = composites.target_id and blocked.evaluation_period = composites.evaluation_period
    where blocked.judged_by = 'composite'

),

judged as (

    select
        parts.*,
        cast(null as string) as worst_part_id
    from parts
    union all
    select * from wholes

)

select
    target_id,
    evaluation_period,
    evaluation_year,
    period_role,
    target_period,
    target_year,
    indicator_id,
    measure_type,
    direction,
    is_limit,
    standard_unit,
    measured_unit,
    value_unit,
    value_text,
    target_kind,
    judged_by,
    comparator,
    reference_text,
    issued_by,
    worst_part_id,
    floor_value,
    ceiling_value,
    is_strictly_bound,
    goal_value,
    actual_period,
    actual_value,
    actual_text,
    measured_value,
    scope_used,
    source_id,
    observation_status,
    start_year,
    start_value,
    years_present,
    reference_value,
    noise,
    is_satisfied,
    gap,
    attainment_ratio,
    baseline_value,
    baseline_year,
    baseline_scope,
    milestone_year,
    next_goal,
    on_pace_from,
    pace_method,
    pace_ratio,
    share_of_year,
    years_left,
    required_per_year,
    projected_value,
    projected_low,
    projected_high,
    point_count,
    expected_value,
    as_of_date,
    due_date,
    obstacle,
    gap_in_data,
    is_within_noise,
    verdict,
    is_own_period,
    is_own_period and verdict = 'no_actual' as is_overdue,
    row_number() over (
        partition by target_id
        order by
            (is_own_period and measured_value is not null) desc, (measured_value is not null) desc, evaluation_end desc nulls last,
            is_own_period desc
    ) = 1 as is_current
from judged
