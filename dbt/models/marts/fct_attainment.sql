-- Grain: target × evaluation period: what can be said of the target by then, and why.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_target('kept')) }}", post_hook="{{ speak_from_today() }}") }}
with

judged as (

    select
        *,
        -- what a light is chosen by: pace while under way, attainment at the end; without a ratio the lowest band counts
        coalesce(case when verdict = 'behind' then pace_ratio else attainment_ratio end, {{ lowest() }}) as light_ratio,
        not coalesce(judged_by = 'direction' and start_value > 0, false) as has_goal,
        case
            -- without a target value, the yearly change scaled by the room a share has left
            when judged_by = 'direction' and start_value > 0
                then
                    case comparator when '<' then -1 else 1 end
                    * ({{ change_per_year("'compound'", 'start_value', 'actual_value', '(evaluation_year - start_year)') }})
                    / nullif({{ limit_factor('start_value', "(case when standard_unit = '%' then 100 end)") }}, 0)
            else pace_ratio
        end as status_ratio
    from {{ ref('int_attainment_judged') }}
    where {{ in_changed_target('int_attainment_judged') }}

),

light_rules as (

    select
        designation,
        verdict,
        effective_from,
        coalesce(effective_to, date '9999-12-31') as effective_to,
        coalesce(cast(ratio_from as double), {{ lowest() }}) as ratio_from,
        coalesce(cast(ratio_to as double), {{ highest() }}) as ratio_to,
        light,
        rule_version
    from {{ ref('light_rules') }}

),

pace_statuses as (

    {{ pace_statuses() }}

),

lit as (

    select
        judged.*,
        source.title as source_title,
        scope.label_zh as scope_zh,
        scope.label_en as scope_en,
        status.label_zh as status_zh,
        status.label_en as status_en,
        baseline_scope.label_zh as baseline_scope_zh,
        baseline_scope.label_en as baseline_scope_en,
        verdict_label.label_zh as verdict_zh,
        verdict_label.label_en as verdict_en,
        worst.value_text as worst_part_text,
        rule.light,
        rule.rule_version,
        target.correction,
        case
            when judged.is_satisfied and judged.has_goal then 'target_achieved'
            else status_rule.status
        end as pace_status
    from judged
    left join {{ ref('int_source') }} as source
        on judged.source_id = source.source_id
    left join {{ ref('codelist') }} as scope
        on scope.codelist = 'scope' and judged.scope_used = scope.code
    left join {{ ref('codelist') }} as baseline_scope
        on baseline_scope.codelist = 'scope' and judged.baseline_scope = baseline_scope.code
    left join {{ ref('codelist') }} as status
        on status.codelist = 'observation_status' and judged.observation_status = status.code
    left join {{ ref('codelist') }} as verdict_label
        on verdict_label.codelist = 'verdict' and judged.verdict = verdict_label.code
    inner join {{ ref('fct_target') }} as target
        on judged.target_id = target.target_id
    left join {{ ref('fct_target') }} as worst
        on judged.worst_part_id = worst.target_id
    inner join {{ ref('dim_period') }} as evaluated
        on judged.evaluation_period = evaluated.period
    -- the rule in force at the end of the evaluation period
    left join light_rules as rule
        on
            coalesce(nullif(target.designation, ''), 'none') = rule.designation
            and judged.verdict = rule.verdict
            and evaluated.period_end >= rule.effective_from
            and evaluated.period_end <= rule.effective_to
            and judged.light_ratio >= rule.ratio_from
            and judged.light_ratio < rule.ratio_to
    left join pace_statuses as status_rule
        on
            judged.has_goal = status_rule.has_target
            and judged.status_ratio >= status_rule.ratio_from
            and judged.status_ratio < status_rule.ratio_to

),

shown as (

    select
        *,
        {{ period_zh('evaluation_period') }} as evaluation_period_zh,
        coalesce(actual_period, evaluation_period) as figure_period,
        judged_by = 'growth' and start_year is null and measured_value is not null as is_reported_growth,
        {{ period_zh('coalesce(actual_period, evaluation_period)') }} as figure_period_zh,
        {{ period_zh('target_period') }} as target_period_zh,
        {{ with_unit('actual_value', 4) }} as actual_shown,
        {{ with_unit('start_value', 4) }} as start_shown,
        {{ with_unit('baseline_value', 4) }} as baseline_shown,
        {{ with_unit('reference_value', 4) }} as reference_shown,
        {{ with_unit('next_goal') }} as next_goal_shown,
        -- what is computed is shown to three places
        {{ difference_in_unit('measured_value', 'measured_unit', 3) }} as change_shown,
        {{ in_unit('measured_value', 'measured_unit', 3) }} as measured_shown,
        {{ difference_in_unit('abs(gap)', 'measured_unit', 4) }} as gap_shown,
        {{ difference_in_unit('noise', 'standard_unit', 3) }} as noise_shown,
        concat_ws(
            '; ',
            case
                when floor_value is not null and judged_by not in ('completion', 'grade', 'direction', 'unchanged', 'relative')
                    then
                        case when is_strictly_bound then '>' else '≥' end
                        || {{ in_unit('floor_value', 'measured_unit') }}
            end,
            case
                when ceiling_value is not null and judged_by not in ('direction', 'unchanged', 'relative')
                    then
                        case when is_strictly_bound then '<' else '≤' end
                        || {{ in_unit('ceiling_value', 'measured_unit') }}
            end
        ) as bound_shown,
        case when coalesce(actual_text, '') = '' then '' else concat(' “', actual_text, '”') end as reported_shown
    from lit

),

phrased as (

    select
        *,
        -- the figure
        case
            when judged_by in ('rank', 'grade', 'completion') and measured_value is not null
                then concat(evaluation_period_zh, '报告', reported_shown, '（', status_zh, '，来源：', source_title, '）')
            when is_reported_growth
                then
                    concat(evaluation_period_zh, '报告的增速 ', measured_shown, '（', status_zh, '，', scope_zh, '，来源：', source_title, '）')
            when actual_value is not null
                then
                    concat(figure_period_zh, '实际 ', actual_shown, '（', status_zh, '，', scope_zh, '，来源：', source_title, '）')
        end as actual_zh,
        case
            when judged_by in ('rank', 'grade', 'completion') and measured_value is not null
                then
                    concat('Reported for ', evaluation_period, ':', reported_shown, ' (', status_en, ', source: ', source_title, ')')
            when is_reported_growth
                then
                    concat(
                        'Growth reported for ', evaluation_period, ': ', measured_shown, ' (', status_en, ', ', scope_en, ', source: ',
                        source_title, ')'
                    )
            when actual_value is not null
                then
                    concat('Actual ', figure_period, ': ', actual_shown, ' (', status_en, ', ', scope_en, ', source: ', source_title, ')')
        end as actual_en,
        -- what is measured of it
        case
            when measured_value is null then ''
            when is_reported_growth then ''
            when period_role = 'in_year' and measured_value <> actual_value
                then case measure_type when 'flow' then '，年内累计 ' else '，年内平均 ' end || measured_shown
            when judged_by = 'growth' then concat('，较 ', start_year, '年的 ', start_shown, ' 变动 ', measured_shown)
            when judged_by = 'sum' then concat('，', left(target_period, 4), '年以来累计 ', measured_shown)
            when judged_by = 'average' then concat('，', left(target_period, 4), '年以来平均 ', measured_shown)
            when judged_by in ('step', 'direction') then concat('，较 ', start_year, '年的 ', start_shown, ' 变动 ', change_shown)
            when judged_by = 'unchanged' then concat('，较 ', baseline_year, '年的 ', baseline_shown, ' 变动 ', change_shown)
            when judged_by = 'relative' then concat('，参照“', reference_text, '” ', reference_shown, '，相差 ', change_shown)
            else ''
        end as measured_zh,
        case
            when measured_value is null then ''
            when is_reported_growth then ''
            when period_role = 'in_year' and measured_value <> actual_value
                then concat(', ', measured_shown, case measure_type when 'flow' then ' since January' else ' on average since January' end)
            when judged_by = 'growth' then concat(', a change of ', measured_shown, ' on ', start_shown, ' in ', start_year)
            when judged_by = 'sum' then concat(', ', measured_shown, ' in all since ', left(target_period, 4))
            when judged_by = 'average' then concat(', ', measured_shown, ' on average since ', left(target_period, 4))
            when judged_by in ('step', 'direction') then concat(', a change of ', change_shown, ' on ', start_shown, ' in ', start_year)
            when judged_by = 'unchanged' then concat(', a change of ', change_shown, ' on ', baseline_shown, ' in ', baseline_year)
            when judged_by = 'relative'
                then concat(', against ', reference_shown, ' of "', reference_text, '": a difference of ', change_shown)
            else ''
        end as measured_en,
        -- the target
        concat(
            target_period_zh, '目标“', value_text, '”',
            case when correction is null then '' else concat('（更正 ', correction, '）') end,
            case when issued_by is null then '' else concat('（上级下达：', issued_by, '）') end,
            case when bound_shown <> '' then '，即 ' || bound_shown else '' end,
            case when milestone_year is null then '' else concat('，', milestone_year, '年阶段目标 ', next_goal_shown) end
        ) as target_zh,
        concat(
            'target ', target_period, ' "', value_text, '"',
            case when correction is null then '' else concat(' (corrected: ', correction, ')') end,
            case when issued_by is null then '' else concat(' (as issued in ', issued_by, ')') end,
            case when bound_shown <> '' then ', that is ' || bound_shown else '' end,
            case when milestone_year is null then '' else concat(', with a milestone of ', next_goal_shown, ' in ', milestone_year) end
        ) as target_en,
        case when attainment_ratio is not null then concat('，完成率 ', {{ fixed('attainment_ratio * 100', 1) }}, '%') else '' end as ratio_zh,
        case when attainment_ratio is not null then concat(', ', {{ fixed('attainment_ratio * 100', 1) }}, '% attained') else '' end
            as ratio_en,
        case
            when gap is null or judged_by in ('completion', 'grade') then ''
            else concat('，', case when gap >= 0 then '余 ' else '差 ' end, gap_shown)
        end as gap_zh,
        case
            when gap is null or judged_by in ('completion', 'grade') then ''
            else concat(', ', case when gap >= 0 then 'to spare ' else 'short by ' end, gap_shown)
        end as gap_en,
        -- the pace
        case
            when pace_ratio is null then ''
            when judged_by = 'sum' then concat('，为应完成累计的 ', {{ fixed('pace_ratio', 3) }}, ' 倍')
            when share_of_year is not null and measure_type = 'flow'
                then
                    concat('，序时进度 ', {{ fixed('share_of_year * 100', 1) }}, '%，为应完成的 ', {{ fixed('pace_ratio', 3) }}, ' 倍')
            when judged_by in ('growth', 'average') then concat('，为所需的 ', {{ fixed('pace_ratio', 3) }}, ' 倍')
            else
                concat(
                    '，基期', baseline_year, '年 ', baseline_shown, '（', baseline_scope_zh, '），实际进度为所需进度的 ', {{ fixed('pace_ratio', 3) }},
                    ' 倍（', case pace_method when 'compound' then '复合增长' else '线性' end, '路径）'
                )
        end as pace_zh,
        case
            when pace_ratio is null then ''
            when judged_by = 'sum' then concat(', ', {{ fixed('pace_ratio', 3) }}, ' times the sum due by then')
            when share_of_year is not null and measure_type = 'flow'
                then
                    concat(
                        ', ', {{ fixed('share_of_year * 100', 1) }}, '% of the year due, ', {{ fixed('pace_ratio', 3) }},
                        ' times of it reached'
                    )
            when judged_by in ('growth', 'average') then concat(', ', {{ fixed('pace_ratio', 3) }}, ' times what is required')
            else
                concat(
                    ', from ', baseline_shown, ' in ', baseline_year, ' (', baseline_scope_en, ') at ', {{ fixed('pace_ratio', 3) }},
                    ' times the pace required (', pace_method, ' path)'
                )
        end as pace_en
    from shown

)

select
    target_id,
    evaluation_period,
    actual_value,
    source_id as actual_source,
    scope_used,
    measured_value,
    measured_unit,
    verdict,
    light,
    is_current,
    is_overdue,
    attainment_ratio,
    gap,
    baseline_value,
    pace_ratio,
    pace_status,
    expected_value,
    projected_value,
    projected_low,
    projected_high,
    required_per_year,
    rule_version,
    (select run.as_of_date from {{ source('raw', 'run_parameter') }} as run) as as_of_date,
    case
        when obstacle = 'no_target' then concat('该单元格没有目标（“', value_text, '”）。')
        when obstacle = 'unparsed' then concat('目标文本“', value_text, '”尚不能识别。')
        when obstacle = 'unmapped' then '指标名称尚未对应到统一指标。'
        when obstacle = 'not_issued' then concat('目标“', value_text, '”：上级下达的数值未知，也没有完成情况的报告，暂无法评价。')
        when obstacle = 'scored' then concat('目标“', value_text, '”按规则计分，不判达标；得分见 fct_township_score。')
        when obstacle = 'no_place' then concat('目标“', value_text, '”没有写明位次，无法判定。')
        when obstacle = 'no_interval' then concat('目标“', value_text, '”没有写明区间，无法判定。')
        when obstacle = 'unit_mismatch'
            then concat('目标单位“', value_unit, '”不能换算为指标单位“', standard_unit, '”。')
        when obstacle = 'no_direction' then concat('目标“', value_text, '”没有比较方向，指标方向也未定。')
        when worst_part_id is not null
            then concat(target_zh, '；组合目标以最差的一项为准（“', worst_part_text, '”，', worst_part_id, '）：', verdict_zh, '。')
        when gap_in_data = 'no_start' then concat(actual_zh, '，', target_zh, '；没有可比的前期数据，无法计算变动。')
        when gap_in_data = 'no_baseline' then concat(actual_zh, '，', target_zh, '；没有基期数据，无法判断是否保持。')
        when gap_in_data = 'no_reference' then concat(actual_zh, '，', target_zh, '；没有“', coalesce(reference_text, ''), '”的同期数据。')
        when gap_in_data = 'years_missing'
            then concat(actual_zh, '，', target_zh, '；自 ', left(target_period, 4), '年起的年度数据不全，无法累计。')
        when gap_in_data = 'months_missing' then concat(actual_zh, '，', target_zh, '；年初以来的季度或月度数据不全，无法累计。')
        when verdict = 'not_due'
            then concat(target_zh, '；尚无实际值，数据应于 ', due_date, ' 前报出。')
        when verdict = 'no_actual'
            then concat(target_zh, '；仍无实际值，已过报出期限 ', due_date, '。')
        when is_within_noise then concat(actual_zh, measured_zh, '，', target_zh, '；变动不超过 ', noise_shown, '，在误差范围内，不作判断。')
        when verdict = 'not_assessable' then concat(actual_zh, measured_zh, '，', target_zh, '；没有基期数据，无法判断进度。')
        else concat(actual_zh, measured_zh, '，', target_zh, ratio_zh, gap_zh, pace_zh, '：', verdict_zh, '。')
    end as reason,
    case
        when obstacle = 'no_target' then concat('The cell sets no target ("', value_text, '").')
        when obstacle = 'unparsed' then concat('The target text "', value_text, '" is not understood yet.')
        when obstacle = 'unmapped' then 'The label is not mapped to an indicator yet.'
        when obstacle = 'not_issued'
            then concat('Target "', value_text, '": the figure set by the higher level is not known, and no completion was reported.')
        when obstacle = 'scored'
            then concat('Target "', value_text, '" is scored by a rule, not judged; the score stands in fct_township_score.')
        when obstacle = 'no_place' then concat('Target "', value_text, '" names no place, so it cannot be judged.')
        when obstacle = 'no_interval' then concat('Target "', value_text, '" names no interval, so it cannot be judged.')
        when obstacle = 'unit_mismatch'
            then concat('The target''s unit "', value_unit, '" does not convert to the indicator''s unit "', standard_unit, '".')
        when obstacle = 'no_direction' then concat('Target "', value_text, '" has no comparator and its indicator no direction.')
        when worst_part_id is not null
            then concat('A composite is as good as its worst part ("', worst_part_text, '", ', worst_part_id, '): ', verdict_en, '.')
        when gap_in_data = 'no_start' then concat(actual_en, '; ', target_en, ': no earlier figure to measure the change from.')
        when gap_in_data = 'no_baseline' then concat(actual_en, '; ', target_en, ': no baseline to hold it against.')
        when gap_in_data = 'no_reference'
            then concat(actual_en, '; ', target_en, ': no figure of "', coalesce(reference_text, ''), '" for the period.')
        when gap_in_data = 'years_missing'
            then concat(actual_en, '; ', target_en, ': not every year since ', left(target_period, 4), ' has a figure.')
        when gap_in_data = 'months_missing'
            then concat(actual_en, '; ', target_en, ': not every quarter or month since January has a figure.')
        when verdict = 'not_due'
            then concat('No actual yet for ', target_en, '; it is due by ', due_date, '.')
        when verdict = 'no_actual'
            then concat('No actual yet for ', target_en, '; it was due by ', due_date, '.')
        when is_within_noise
            then concat(actual_en, measured_en, '; ', target_en, ': the change is within ', noise_shown, ', no more than noise.')
        when verdict = 'not_assessable' then concat(actual_en, measured_en, '; ', target_en, ': no baseline, so the pace cannot be told.')
        else concat(actual_en, measured_en, '; ', target_en, ratio_en, gap_en, pace_en, ': ', verdict_en, '.')
    end as reason_en
from phrased
