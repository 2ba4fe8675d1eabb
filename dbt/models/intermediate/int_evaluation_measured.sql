-- Grain: target × evaluation period: the figure it rests on and what is measured of it (a level, a sum, a change …).
with

evaluations as {{ not_kept() }} (

    select
        target.target_id,
        target.series_no,
        target.period,
        target.period_type,
        target.first_year,
        target.target_year,
        target.plan_start,
        target.judged_by,
        target.basis,
        target.reference_text,
        target.reference_indicator_id,
        target.measure_type,
        target.value_unit,
        target.standard_unit,
        target.baseline_value,
        target.baseline_year,
        evaluation.evaluation_period,
        evaluation.evaluation_year,
        evaluation.period_role,
        evaluation.is_own_period
    from {{ ref('int_evaluation') }} as evaluation
    inner join {{ ref('int_target_bound') }} as target
        on evaluation.target_id = target.target_id

),

-- of a span, the figure of its last year
last_years as (

    select
        evaluations.target_id,
        evaluations.evaluation_period,
        actual.period,
        actual.value,
        actual.scope_used,
        actual.source_id,
        actual.observation_status
    from evaluations
    inner join {{ ref('int_target_actual') }} as actual
        on
            evaluations.series_no = actual.series_no
            and cast(evaluations.evaluation_year as string) = actual.period
    where
        evaluations.judged_by <> 'level'
        and evaluations.is_own_period
        and evaluations.period_type = 'span'

),

-- the figure an evaluation looks at: that of the period itself, else, of a span, that of its last year
present as {{ not_kept() }} (

    select
        evaluations.*,
        coalesce(actual.period, last_years.period) as actual_period,
        case when actual.period is null then last_years.value else actual.value end as actual_value,
        case when actual.period is null then last_years.scope_used else actual.scope_used end as scope_used,
        case when actual.period is null then last_years.source_id else actual.source_id end as source_id,
        case when actual.period is null then last_years.observation_status else actual.observation_status end as observation_status
    from evaluations
    left join {{ ref('int_target_actual') }} as actual
        on
            evaluations.series_no = actual.series_no
            and evaluations.evaluation_period = actual.period
    left join last_years
        on
            evaluations.target_id = last_years.target_id
            and evaluations.evaluation_period = last_years.evaluation_period
    where evaluations.judged_by is null or evaluations.judged_by not in ('rank', 'grade', 'completion')

),

-- of figures over several years: how many there are, their sum and their average growth
years_so_far as (

    select
        present.target_id,
        present.evaluation_period,
        count(*) as years_present,
        sum(actual.value) as years_sum,
        avg(actual.value) as years_average
    from evaluations as present
    inner join {{ ref('int_target_actual') }} as actual
        on
            present.series_no = actual.series_no
            and actual.period_type = 'year'
            and actual.year between present.first_year and present.evaluation_year
    where present.judged_by in ('sum', 'average')
    group by present.target_id, present.evaluation_period

),

-- quarters and months do not stand for the year so far by themselves: amounts are added up, shares averaged
within_year as (

    select
        present.target_id,
        present.evaluation_period,
        count(*) as parts_present,
        sum(actual.value) as parts_sum,
        avg(actual.value) as parts_average,
        -- how many there must be: second quarter 2, June 6
        max(
            case evaluated.period_type
                when 'half' then month(evaluated.period_end) / 6
                when 'quarter' then month(evaluated.period_end) / 3
                else month(evaluated.period_end)
            end
        ) as parts_needed
    from evaluations as present
    inner join {{ ref('dim_period') }} as evaluated
        on present.evaluation_period = evaluated.period and evaluated.period_type in ('half', 'quarter', 'month')
    inner join {{ ref('int_target_actual') }} as actual
        on
            present.series_no = actual.series_no
            and evaluated.period_type = actual.period_type
            and evaluated.year = actual.year
    inner join {{ ref('dim_period') }} as part
        on actual.period = part.period and part.period_end <= evaluated.period_end
    where present.period_role = 'in_year'
    group by present.target_id, present.evaluation_period

),

-- the figure a change is measured from
starts as (

    select
        present.target_id,
        present.evaluation_period,
        start.year as start_year,
        start.value as start_value
    from evaluations as present
    inner join {{ ref('int_target_actual') }} as start
        on
            present.series_no = start.series_no
            and start.period_type = 'year'
            and start.year < present.evaluation_year
    where
        present.judged_by in ('growth', 'step', 'direction')
        and case
            when present.judged_by = 'direction' then true
            when present.basis = 'base_year' then start.year = cast(left(present.reference_text, 4) as integer)
            when present.basis = 'previous_year' then start.year = present.evaluation_year - 1
            when present.judged_by in ('growth', 'step') and present.basis is null and present.period_type = 'year'
                -- 增长1.3% of a plan of one year is on the year before; of a longer plan, on its start
                then start.year = coalesce(
                    case when present.target_year > year(present.plan_start) then present.baseline_year end,
                    present.evaluation_year - 1
                )
            else start.year = present.baseline_year
        end
    -- a direction is judged from the figure before
    qualify row_number() over (partition by present.target_id, present.evaluation_period order by start.year desc) = 1

),

values_measured as (

    select
        {{ all_but(['scope_used', 'source_id', 'observation_status'], 'present.') }},
        coalesce(reported_growth.growth_scope, present.scope_used) as scope_used,
        coalesce(reported_growth.growth_source_id, present.source_id) as source_id,
        coalesce(reported_growth.growth_status, present.observation_status) as observation_status,
        reported_growth.growth_value,
        case when reported_growth.growth_value is null then starts.start_year end as start_year,
        case when reported_growth.growth_value is null then starts.start_value end as start_value,
        years_so_far.years_present,
        references_found.reference_value,
        case present.judged_by
            when 'level'
                then
                    case
                        when within_year.parts_present is null then present.actual_value
                        when present.measure_type = 'flow'
                            then
                                case
                                    when within_year.parts_present = within_year.parts_needed
                                        then cast(within_year.parts_sum as decimal(24, 8))
                                end
                        when present.measure_type = 'rate' then cast(round(within_year.parts_average, 8) as decimal(24, 8))
                        else present.actual_value
                    end
            when 'sum'
                then
                    coalesce(
                        case when present.actual_period = present.period and present.period_type = 'span' then present.actual_value end,
                        case
                            when years_so_far.years_present = present.evaluation_year - present.first_year + 1
                                then cast(years_so_far.years_sum as decimal(24, 8))
                        end
                    )
            when 'average'
                then
                    coalesce(
                        -- of an amount, the span is reported as its total
                        case
                            when present.actual_period = present.period and present.period_type = 'span'
                                then
                                    cast(
                                        present.actual_value
                                        / case
                                            when present.measure_type = 'flow' then present.target_year - present.first_year + 1
                                            else 1
                                        end as decimal(24, 8)
                                    )
                        end,
                        case
                            when years_so_far.years_present = present.evaluation_year - present.first_year + 1
                                then cast(round(years_so_far.years_average, 8) as decimal(24, 8))
                        end
                    )
            when 'step' then cast(present.actual_value - starts.start_value as decimal(24, 8))
            when 'direction' then cast(present.actual_value - starts.start_value as decimal(24, 8))
            when 'unchanged' then cast(present.actual_value - present.baseline_value as decimal(24, 8))
            when 'relative' then cast(present.actual_value - references_found.reference_value as decimal(24, 8))
            when 'growth'
                then
                    case
                        when reported_growth.growth_value is not null then reported_growth.growth_value
                        when present.value_unit in ('个百分点', '百分点') or present.value_unit = present.standard_unit
                            then
                                cast(
                                    (present.actual_value - starts.start_value)
                                    / case when present.basis = 'annual_average' then present.evaluation_year - starts.start_year else 1 end
                                    as decimal(24, 8)
                                )
                        when starts.start_value > 0 and present.actual_value > 0
                            then
                                cast(
                                    round(
                                        100 * (
                                            {{ change_per_year(
                                                "'compound'", 'starts.start_value', 'present.actual_value',
                                                "case when present.basis = 'annual_average' then present.evaluation_year - starts.start_year else 1 end"
                                            ) }}
                                        ), 8
                                    ) as decimal(24, 8)
                                )
                    end
        end as measured_value
    from present
    left join starts
        on present.target_id = starts.target_id and present.evaluation_period = starts.evaluation_period
    left join within_year
        on present.target_id = within_year.target_id and present.evaluation_period = within_year.evaluation_period
    left join years_so_far
        on present.target_id = years_so_far.target_id and present.evaluation_period = years_so_far.evaluation_period
    left join {{ ref('int_evaluation_growth') }} as reported_growth
        on present.target_id = reported_growth.target_id and present.evaluation_period = reported_growth.evaluation_period
    left join {{ ref('int_evaluation_reference') }} as references_found
        on present.target_id = references_found.target_id and present.evaluation_period = references_found.evaluation_period

),

reported as (

    -- places, grades and completion are taken as they are reported; a grade counts by its place on the scale
    select
        evaluations.*,
        report.value_text as actual_text,
        report.scope_used,
        report.source_id,
        report.observation_status,
        case
            when report.measure = 'rank' then report.value
            when report.measure = 'grade'
                then
                    case
                        when wanted.position is not null and got.position is not null
                            then case when got.position <= wanted.position then 1 else 0 end
                        when report.value_text is not null
                            then case when report.value_text like '%' || evaluations.reference_text || '%' then 1 else 0 end
                    end
            when report.measure = 'completion'
                then
                    case
                        when {{ matches('report.value_text', '未|没有|不') }} then 0
                        when {{ matches('report.value_text', '完成|达标|是|创成|通过') }} then 1
                    end
        end as reported_value
    from evaluations
    left join {{ ref('int_target_report') }} as report
        on evaluations.target_id = report.target_id and evaluations.evaluation_period = report.period
    left join {{ ref('grade_scale') }} as wanted
        on evaluations.reference_text = wanted.grade_text
    left join {{ ref('grade_scale') }} as got
        on wanted.grade_scale = got.grade_scale and report.value_text like '%' || got.grade_text || '%'
    where evaluations.judged_by in ('rank', 'grade', 'completion')

)

select
    target_id,
    evaluation_period,
    actual_period,
    actual_value,
    cast(null as string) as actual_text,
    measured_value,
    scope_used,
    source_id,
    observation_status,
    start_year,
    start_value,
    years_present,
    reference_value
from values_measured
union all
select
    target_id,
    evaluation_period,
    evaluation_period as actual_period,
    cast(case when judged_by = 'rank' then reported_value end as decimal(24, 8)) as actual_value,
    actual_text,
    cast(reported_value as decimal(24, 8)) as measured_value,
    scope_used,
    source_id,
    observation_status,
    null as start_year,
    null as start_value,
    null as years_present,
    null as reference_value
from reported
