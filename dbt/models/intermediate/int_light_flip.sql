-- Grain: target × flip: two versions in a row that show the target in another light; the run now being made is the last.
with

said as (

    select
        target_id,
        evaluation_period,
        verdict,
        light,
        actual_value,
        target_value,
        rule_version,
        as_of_date,
        published_at,
        last_as_of_date,
        last_published_at,
        run_id
    from {{ source('raw', 'published_verdict') }}

    union all

    -- not published yet, so without a time
    select
        attainment.target_id,
        attainment.evaluation_period,
        attainment.verdict,
        attainment.light,
        attainment.actual_value,
        target.target_value_std as target_value,
        attainment.rule_version,
        attainment.as_of_date,
        cast(null as timestamp) as published_at,
        cast(null as date) as last_as_of_date,
        cast(null as timestamp) as last_published_at,
        cast(null as string) as run_id
    from {{ ref('fct_attainment') }} as attainment
    inner join {{ ref('fct_target') }} as target
        on attainment.target_id = target.target_id
    where attainment.is_current

),

in_order as (

    -- what stayed the same over several versions is one row; a target that was gone for a while is held against what was said of
    -- it last
    select
        *,
        row_number() over (partition by target_id order by published_at nulls last, run_id nulls last) as version_no
    from said

),

flips as (

    select
        now_said.target_id,
        before.light as light_before,
        now_said.light as light_now,
        before.verdict as verdict_before,
        now_said.verdict as verdict_now,
        before.evaluation_period as evaluation_period_before,
        now_said.evaluation_period as evaluation_period_now,
        before.actual_value as actual_before,
        now_said.actual_value as actual_now,
        before.target_value as target_before,
        now_said.target_value as target_now,
        before.rule_version as rule_version_before,
        now_said.rule_version as rule_version_now,
        before.last_as_of_date as as_of_before,
        now_said.as_of_date as as_of_now,
        before.last_published_at as published_at_before,
        now_said.published_at as published_at_now,
        {{ period_year('before.evaluation_period') }} as year_before,
        {{ period_year('now_said.evaluation_period') }} as year_now
    from in_order as now_said
    inner join in_order as before
        on
            now_said.target_id = before.target_id
            and now_said.version_no = before.version_no + 1
    where coalesce(now_said.light, '') <> coalesce(before.light, '')

),

compared as (

    select
        *,
        evaluation_period_now = evaluation_period_before as is_same_period,
        -- an earlier period speaks again only because the figure of the later one is not used any more (or the clock went back)
        actual_before is not null
        and (
            (evaluation_period_now = evaluation_period_before and actual_now is null)
            or (year_now < year_before and coalesce(as_of_now >= as_of_before, true))
        ) as is_withdrawn,
        -- without any figure only the day decides between these two
        evaluation_period_now = evaluation_period_before
        and actual_before is null
        and actual_now is null
        and coalesce(as_of_now <> as_of_before, true)
        and verdict_before in ('not_due', 'no_actual')
        and verdict_now in ('not_due', 'no_actual')
        and verdict_now <> verdict_before as is_clock
    from flips

),

told_apart as (

    select
        *,
        not is_same_period and not is_withdrawn as is_new_period,
        is_same_period and actual_before is null and actual_now is not null as is_first_actual,
        is_same_period and actual_before is not null and actual_now is not null and actual_now <> actual_before as is_revised,
        coalesce(target_now <> target_before, (target_now is null) <> (target_before is null)) as is_changed_target,
        coalesce(rule_version_now, '') <> coalesce(rule_version_before, '') as is_changed_rule
    from compared

)

select
    target_id,
    light_before,
    light_now,
    verdict_before,
    verdict_now,
    evaluation_period_before,
    evaluation_period_now,
    actual_before,
    actual_now,
    target_before,
    target_now,
    rule_version_before,
    rule_version_now,
    as_of_before,
    as_of_now,
    published_at_before,
    published_at_now,
    is_new_period,
    is_first_actual,
    is_revised,
    is_withdrawn,
    is_changed_target,
    is_clock,
    is_changed_rule,
    -- rules choose the light of a verdict: they do not change the verdict
    not (is_new_period or is_first_actual or is_revised or is_withdrawn or is_changed_target or is_clock)
    and (verdict_now <> verdict_before or not is_changed_rule) as is_unexplained
from told_apart
