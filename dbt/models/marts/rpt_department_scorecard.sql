-- Grain: one responsible unit: what it answers for, how that stands, and what it has not reported yet.
{% set listed_at_most = 20 %}
with

answered as (

    select
        responsible.department_id,
        target.*
    from {{ ref('bridge_target_department') }} as responsible
    inner join {{ ref('int_target_counted') }} as target
        on responsible.target_id = target.target_id

),

counted as (

    select
        department_id,
        {{ scorecard_counts() }},
        count(case when is_awaited then 1 end) as not_reported_count,
        min(case when is_overdue then due_date end) as overdue_since,
        max(days_overdue) as most_days_overdue
    from answered
    group by department_id

),

tasks as (

    select
        department_id,
        count(*) as task_count
    from {{ ref('bridge_task_department') }}
    group by department_id

),

awaited as (

    select
        answered.department_id,
        indicator.indicator_name,
        row_number() over (
            partition by answered.department_id
            order by
                max(case when answered.is_overdue then 1 else 0 end) desc, min(answered.period) asc, indicator.indicator_name asc
        ) as place
    from answered
    inner join {{ ref('dim_indicator') }} as indicator
        on answered.indicator_id = indicator.indicator_id
    where answered.is_awaited
    group by answered.department_id, indicator.indicator_name

),

listed as (

    select
        department_id,
        -- names of indicators have 、 in them
        {{ listed('indicator_name', '；', 'place') }} as not_reported
    from awaited
    where place <= {{ listed_at_most }}
    group by department_id

),

late as (

    select
        answered.department_id,
        indicator.indicator_name || '（' || answered.period || '）' as figure_late,
        row_number() over (
            partition by answered.department_id
            order by min(answered.due_date) asc, indicator.indicator_name asc, answered.period asc
        ) as place
    from answered
    inner join {{ ref('dim_indicator') }} as indicator
        on answered.indicator_id = indicator.indicator_id
    where answered.is_overdue
    group by answered.department_id, indicator.indicator_name, answered.period

),

listed_late as (

    select
        department_id,
        {{ listed('figure_late', '；', 'place') }} as overdue
    from late
    where place <= {{ listed_at_most }}
    group by department_id

),

held_to_the_rule as (

    select
        department.department_id,
        department.department_name,
        department.region_code,
        coalesce(counted.target_count, 0) as target_count,
        coalesce(tasks.task_count, 0) as task_count,
        coalesce(counted.judged_count, 0) as judged_count,
        coalesce(counted.met_count, 0) as met_count,
        coalesce(counted.green_count, 0) as green_count,
        coalesce(counted.yellow_count, 0) as yellow_count,
        coalesce(counted.red_count, 0) as red_count,
        coalesce(counted.grey_count, 0) as grey_count,
        coalesce(counted.overdue_count, 0) as overdue_count,
        coalesce(counted.not_reported_count, 0) as not_reported_count,
        listed.not_reported,
        counted.overdue_since,
        counted.most_days_overdue,
        listed_late.overdue,
        rule.min_coverage,
        rule.min_judged,
        cast(counted.judged_count as double) / counted.target_count as coverage,
        {{ scorecard_is_sufficient() }} as is_sufficient
    from {{ ref('dim_department') }} as department
    left join counted
        on department.department_id = counted.department_id
    left join tasks
        on department.department_id = tasks.department_id
    left join listed
        on department.department_id = listed.department_id
    left join listed_late
        on department.department_id = listed_late.department_id
    left join {{ ref('scorecard_rule') }} as rule
        on rule.card_kind = 'department'

),

shared as (

    select
        *,
        case when is_sufficient then cast(met_count as double) / judged_count end as share_met
    from held_to_the_rule

)

select
    department_id,
    department_name,
    region_code,
    target_count,
    task_count,
    judged_count,
    met_count,
    green_count,
    yellow_count,
    red_count,
    grey_count,
    overdue_count,
    not_reported_count,
    not_reported,
    overdue_since,
    most_days_overdue,
    overdue,
    coverage,
    share_met,
    is_sufficient,
    {{ scorecard_statement_zh() }} as statement,
    {{ scorecard_statement_en() }} as statement_en
from shared
