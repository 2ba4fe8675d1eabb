-- Grain: target × flip: a light that differs between two versions in a row, and what changed between them.
with

flips as (

    select
        flip.*,
        coalesce(indicator.unit, '1') as standard_unit,
        coalesce(light_before.label_zh, '—') as light_before_zh,
        coalesce(light_before.label_en, '—') as light_before_en,
        coalesce(light_now.label_zh, '—') as light_now_zh,
        coalesce(light_now.label_en, '—') as light_now_en,
        coalesce(verdict_before.label_zh, '—') as verdict_before_zh,
        coalesce(verdict_before.label_en, '—') as verdict_before_en,
        coalesce(verdict_now.label_zh, '—') as verdict_now_zh,
        coalesce(verdict_now.label_en, '—') as verdict_now_en
    from {{ ref('int_light_flip') }} as flip
    -- a target taken out of the seeds since keeps its history, without a unit
    left join {{ ref('fct_target') }} as target
        on flip.target_id = target.target_id
    left join {{ ref('dim_indicator') }} as indicator
        on target.indicator_id = indicator.indicator_id
    left join {{ ref('codelist') }} as light_before
        on light_before.codelist = 'light' and flip.light_before = light_before.code
    left join {{ ref('codelist') }} as light_now
        on light_now.codelist = 'light' and flip.light_now = light_now.code
    left join {{ ref('codelist') }} as verdict_before
        on verdict_before.codelist = 'verdict' and flip.verdict_before = verdict_before.code
    left join {{ ref('codelist') }} as verdict_now
        on verdict_now.codelist = 'verdict' and flip.verdict_now = verdict_now.code

),

shown as (

    select
        *,
        {{ period_zh('evaluation_period_before') }} as period_before_zh,
        {{ period_zh('evaluation_period_now') }} as period_now_zh,
        coalesce({{ with_unit('actual_before') }}, '—') as actual_before_shown,
        coalesce({{ with_unit('actual_now') }}, '—') as actual_now_shown,
        coalesce({{ with_unit('target_before') }}, '—') as target_before_shown,
        coalesce({{ with_unit('target_now') }}, '—') as target_now_shown,
        coalesce(cast(as_of_before as string), '—') as as_of_before_shown,
        coalesce(rule_version_before, '—') as rule_before_shown,
        coalesce(rule_version_now, '—') as rule_now_shown
    from flips

),

told as (

    select
        *,
        -- everything that changed, the cause first
        concat_ws(
            '；',
            case
                when is_new_period
                    then
                        '评价时期由' || period_before_zh || '改为' || period_now_zh
                        || '，实际值由 ' || actual_before_shown || ' 改为 ' || actual_now_shown
            end,
            case when is_first_actual then period_now_zh || '首次有实际值 ' || actual_now_shown end,
            case when is_revised then period_now_zh || '实际值由 ' || actual_before_shown || ' 改为 ' || actual_now_shown end,
            case
                when is_withdrawn
                    then
                        period_before_zh || '实际值 ' || actual_before_shown || ' 不再采用，现为' || period_now_zh || ' '
                        || actual_now_shown
            end,
            case when is_changed_target then '目标值由 ' || target_before_shown || ' 改为 ' || target_now_shown end,
            case when is_clock then '评价基准日由 ' || as_of_before_shown || ' 移至 ' || as_of_now || '，仍无实际值' end,
            case
                when is_changed_rule
                    then '亮灯规则由版本 ' || rule_before_shown || ' 改为版本 ' || rule_now_shown
            end,
            case when is_unexplained then '所发布的数字未变，变动来自基期、口径、目标文字的解析或规则内容' end
        ) as changes_zh,
        concat_ws(
            '; ',
            case
                when is_new_period
                    then
                        'judged by ' || evaluation_period_now || ' instead of ' || evaluation_period_before
                        || ', actual ' || actual_before_shown || ' then, ' || actual_now_shown || ' now'
            end,
            case when is_first_actual then 'first actual of ' || evaluation_period_now || ': ' || actual_now_shown end,
            case
                when is_revised
                    then 'actual of ' || evaluation_period_now || ' changed from ' || actual_before_shown || ' to ' || actual_now_shown
            end,
            case
                when is_withdrawn
                    then
                        'actual of ' || evaluation_period_before || ' (' || actual_before_shown || ') is not used any more, now '
                        || evaluation_period_now || ': ' || actual_now_shown
            end,
            case when is_changed_target then 'target changed from ' || target_before_shown || ' to ' || target_now_shown end,
            case
                when is_clock
                    then 'as-of date moved from ' || as_of_before_shown || ' to ' || as_of_now || ', still no actual'
            end,
            case
                when is_changed_rule
                    then 'light rules changed from version ' || rule_before_shown || ' to ' || rule_now_shown
            end,
            case
                when is_unexplained
                    then 'no published figure changed; the baseline, the scope, how the text is read or what the rules say did'
            end
        ) as changes_en
    from shown

)

select
    target_id,
    light_before,
    light_now,
    verdict_before,
    verdict_now,
    case
        when is_new_period or is_first_actual then 'new_period'
        when is_revised or is_withdrawn then 'revised_actual'
        when is_changed_target then 'changed_target'
        when is_clock then 'changed_clock'
        when is_unexplained then 'other'
        else 'changed_rule'
    end as cause,
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
    light_before_zh || '（' || verdict_before_zh || '）→' || light_now_zh || '（' || verdict_now_zh || '）：' || changes_zh || '。' as reason,
    light_before_en || ' (' || verdict_before_en || ') → ' || light_now_en || ' (' || verdict_now_en || '): ' || changes_en || '.'
        as reason_en
from told
