-- Grain: target × evaluation period, with its verdict.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_target('kept')) }}") }}
with

measured as {{ not_kept() }} (

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

blocked as {{ not_kept() }} (

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

parts as {{ not_kept() }} (

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

),

weighed as (

    select
        target_id,
        evaluation_period,
        -- its own period if it has a figure, else the latest that has one, else its own: as one number
        4000000 * cast(is_own_period and measured_value is not null as integer)
        + 2000000 * cast(measured_value is not null as integer)
        + 2 * coalesce(cast(evaluation_end - date '1900-01-01' as integer), 0)
        + cast(is_own_period as integer) as weight
    from measured

),

current_periods as (

    select
        target_id,
        max_by(evaluation_period, weight) as evaluation_period
    from weighed
    group by target_id

)

select
    judged.target_id,
    judged.evaluation_period,
    judged.evaluation_year,
    judged.period_role,
    judged.target_period,
    judged.target_year,
    judged.indicator_id,
    judged.measure_type,
    judged.direction,
    judged.is_limit,
    judged.standard_unit,
    judged.measured_unit,
    judged.value_unit,
    judged.value_text,
    judged.target_kind,
    judged.judged_by,
    judged.comparator,
    judged.reference_text,
    judged.issued_by,
    judged.worst_part_id,
    judged.floor_value,
    judged.ceiling_value,
    judged.is_strictly_bound,
    judged.goal_value,
    judged.actual_period,
    judged.actual_value,
    judged.actual_text,
    judged.measured_value,
    judged.scope_used,
    judged.source_id,
    judged.observation_status,
    judged.start_year,
    judged.start_value,
    judged.years_present,
    judged.reference_value,
    judged.noise,
    judged.is_satisfied,
    judged.gap,
    judged.attainment_ratio,
    judged.baseline_value,
    judged.baseline_year,
    judged.baseline_scope,
    judged.milestone_year,
    judged.next_goal,
    judged.on_pace_from,
    judged.pace_method,
    judged.pace_ratio,
    judged.share_of_year,
    judged.years_left,
    judged.required_per_year,
    judged.projected_value,
    judged.projected_low,
    judged.projected_high,
    judged.point_count,
    judged.expected_value,
    judged.due_date,
    judged.obstacle,
    judged.gap_in_data,
    judged.is_within_noise,
    judged.verdict,
    judged.is_own_period,
    judged.is_own_period and judged.verdict = 'no_actual' as is_overdue,
    judged.evaluation_period = current_periods.evaluation_period as is_current
from judged
inner join current_periods
    on judged.target_id = current_periods.target_id
