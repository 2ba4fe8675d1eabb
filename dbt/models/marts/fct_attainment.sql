-- Grain: target × evaluation period: what can be said of the target by then, and why.
with

judged as (

    select
        *,
        -- what a light is chosen by: pace while under way, attainment at the end
        case verdict when 'behind' then pace_ratio else attainment_ratio end as light_ratio
    from {{ ref('int_attainment_judged') }}

),

worded as (

    select
        judged.*,
        source.title as source_title,
        scope.label_zh as scope_zh,
        scope.label_en as scope_en,
        status.label_zh as status_zh,
        status.label_en as status_en,
        baseline_scope.label_zh as baseline_scope_zh,
        baseline_scope.label_en as baseline_scope_en,
        {{ period_zh('judged.evaluation_period') }} as evaluation_period_zh,
        {{ period_zh('judged.target_period') }} as target_period_zh,
        kind.label_zh as kind_zh,
        kind.label_en as kind_en,
        verdict_label.label_zh as verdict_zh,
        verdict_label.label_en as verdict_en,
        rule.light,
        rule.rule_version,
        target.correction,
        {{ with_unit('judged.actual_value') }} as actual_shown,
        {{ difference_with_unit('abs(judged.gap)') }} as gap_shown,
        {{ with_unit('judged.baseline_value') }} as baseline_shown,
        concat_ws(
            '; ',
            case
                when judged.floor_value is not null
                    then
                        case when judged.comparator = '>' then '>' else '≥' end
                        || {{ with_unit('judged.floor_value') }}
            end,
            case
                when judged.ceiling_value is not null
                    then
                        case when judged.comparator = '<' then '<' else '≤' end
                        || {{ with_unit('judged.ceiling_value') }}
            end
        ) as bound_shown
    from judged
    left join {{ ref('int_source') }} as source
        on judged.source_id = source.source_id
    left join {{ ref('codelist') }} as scope
        on scope.codelist = 'scope' and judged.scope_used = scope.code
    left join {{ ref('codelist') }} as baseline_scope
        on baseline_scope.codelist = 'scope' and judged.baseline_scope = baseline_scope.code
    left join {{ ref('codelist') }} as status
        on status.codelist = 'observation_status' and judged.observation_status = status.code
    left join {{ ref('codelist') }} as kind
        on kind.codelist = 'target_kind' and judged.target_kind = kind.code
    left join {{ ref('codelist') }} as verdict_label
        on verdict_label.codelist = 'verdict' and judged.verdict = verdict_label.code
    inner join {{ ref('fct_target') }} as target
        on judged.target_id = target.target_id
    inner join {{ ref('dim_period') }} as evaluated
        on judged.evaluation_period = evaluated.period
    -- the rule in force at the end of the evaluation period; without a ratio the lowest band counts
    left join {{ ref('light_rules') }} as rule
        on
            rule.designation = coalesce(nullif(target.designation, ''), 'none')
            and judged.verdict = rule.verdict
            and evaluated.period_end >= rule.effective_from
            and evaluated.period_end <= coalesce(rule.effective_to, date '9999-12-31')
            and (rule.ratio_from is null or judged.light_ratio >= rule.ratio_from)
            and (rule.ratio_to is null or coalesce(judged.light_ratio < rule.ratio_to, true))

),

explained as (

    select
        *,
        case
            when actual_value is not null then
                evaluation_period_zh || '实际 ' || actual_shown || '（' || status_zh || '，' || scope_zh || '，来源：' || source_title || '）'
        end as actual_zh,
        case
            when actual_value is not null then
                'Actual ' || evaluation_period || ': ' || actual_shown || ' (' || status_en || ', ' || scope_en
                || ', source: ' || source_title || ')'
        end as actual_en,
        target_period_zh || '目标“' || value_text || '”'
        || case when correction is null then '' else '（更正 ' || correction || '）' end
        || case when bound_shown <> '' then '，即 ' || bound_shown else '' end as target_zh,
        'target '
        || target_period
        || ' "'
        || value_text
        || '"'
        || case when correction is null then '' else ' (corrected: ' || correction || ')' end
        || case when bound_shown <> '' then ', that is ' || bound_shown else '' end as target_en,
        case when attainment_ratio is not null then '，完成率 ' || format('{:.1f}', attainment_ratio * 100) || '%' else '' end as ratio_zh,
        case when attainment_ratio is not null then ', ' || format('{:.1f}', attainment_ratio * 100) || '% attained' else '' end
            as ratio_en,
        case
            when pace_ratio is not null
                then
                    '，基期'
                    || baseline_year
                    || '年 '
                    || baseline_shown
                    || '（'
                    || baseline_scope_zh
                    || '），实际进度为所需进度的 '
                    || format('{:.2f}', pace_ratio)
                    || ' 倍（'
                    || case when is_compound then '复合增长' else '线性' end || '路径）'
            else ''
        end as pace_zh,
        case
            when pace_ratio is not null
                then
                    ', from '
                    || baseline_shown
                    || ' in '
                    || baseline_year
                    || ' ('
                    || baseline_scope_en
                    || ') at '
                    || format('{:.2f}', pace_ratio)
                    || ' times the pace required (' || case when is_compound then 'compound' else 'linear' end || ' path)'
            else ''
        end as pace_en
    from worded

)

select
    target_id,
    evaluation_period,
    actual_value,
    source_id as actual_source,
    scope_used,
    verdict,
    light,
    is_current,
    is_overdue,
    attainment_ratio,
    gap,
    baseline_value,
    pace_ratio,
    cast(null as double) as projected_value,
    cast(null as double) as required_per_year,
    rule_version,
    as_of_date,
    case
        when obstacle = 'no_target' then '该单元格没有目标（“' || value_text || '”）。'
        when obstacle = 'unparsed' then '目标文本“' || value_text || '”尚不能识别。'
        when obstacle = 'unmapped' then '指标名称尚未对应到统一指标。'
        when obstacle = 'not_issued' then '目标“' || value_text || '”：上级下达的数值未知，暂无法评价。'
        when obstacle = 'no_rule' then '目标“' || value_text || '”属于“' || kind_zh || '”类，尚无评价规则。'
        when obstacle = 'unit_mismatch'
            then '目标单位“' || value_unit || '”不能换算为指标单位“' || standard_unit || '”。'
        when obstacle = 'no_direction' then '目标“' || value_text || '”没有比较方向，指标方向也未定。'
        when verdict = 'not_due'
            then target_zh || '；截至 ' || as_of_date || ' 尚无实际值，数据应于 ' || due_date || ' 前报出。'
        when verdict = 'no_actual'
            then target_zh || '；截至 ' || as_of_date || ' 仍无实际值，已过报出期限 ' || due_date || '。'
        when verdict = 'not_assessable' then actual_zh || '，' || target_zh || '；没有基期数据，无法判断进度。'
        else
            actual_zh || '，' || target_zh || ratio_zh || '，' || case when gap >= 0 then '余 ' else '差 ' end || gap_shown || pace_zh || '：'
            || verdict_zh || '。'
    end as reason,
    case
        when obstacle = 'no_target' then 'The cell sets no target ("' || value_text || '").'
        when obstacle = 'unparsed' then 'The target text "' || value_text || '" is not understood yet.'
        when obstacle = 'unmapped' then 'The label is not mapped to an indicator yet.'
        when obstacle = 'not_issued' then 'Target "' || value_text || '": the figure set by the higher level is not known.'
        when obstacle = 'no_rule' then 'Target "' || value_text || '" is of kind ' || kind_en || ', which has no rule yet.'
        when obstacle = 'unit_mismatch'
            then 'The target''s unit "' || value_unit || '" does not convert to the indicator''s unit "' || standard_unit || '".'
        when obstacle = 'no_direction' then 'Target "' || value_text || '" has no comparator and its indicator no direction.'
        when verdict = 'not_due'
            then 'No actual by ' || as_of_date || ' for ' || target_en || '; it is due by ' || due_date || '.'
        when verdict = 'no_actual'
            then 'No actual by ' || as_of_date || ' for ' || target_en || '; it was due by ' || due_date || '.'
        when verdict = 'not_assessable' then actual_en || '; ' || target_en || ': no baseline, so the pace cannot be told.'
        else
            actual_en || '; ' || target_en || ratio_en || ', ' || case when gap >= 0 then 'to spare ' else 'short by ' end || gap_shown
            || pace_en || ': ' || verdict_en || '.'
    end as reason_en
from explained
