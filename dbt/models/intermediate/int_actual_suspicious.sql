-- Grain: one figure × rule of seeds/plausibility_rule.csv that doubts it, with what it was held against and why.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_series('kept')) }}") }}
with

revised as (

    -- figures that are not alone on their key; is_replaced: its source has said something else since, or has taken it back
    select
        *,
        withdrawn_at is not null
        or rank() over (
            partition by region_code, indicator_id, scope, period, measure, source_id, withdrawn_at is null
            order by {{ said_on() }} desc nulls last, saved_at desc nulls last, is_confirmed desc
        ) > 1 as is_replaced
    from {{ ref('int_actual_figure') }}
    where
        not is_alone
        and revision_count > 1
        and status_printed <> 'retracted'

),

implausible as (

    select
        doubted.*,
        case when indicator.unit = '1' then '' else indicator.unit end as unit,
        case when indicator.unit = '%' then ' 个百分点' else '' end as points_zh,
        case when indicator.unit = '%' then ' points' else '' end as points_en
    from {{ ref('int_actual_implausible') }} as doubted
    inner join {{ ref('indicator') }} as indicator
        on doubted.indicator_id = indicator.indicator_id

),

by_history as (

    select
        figure.file_id,
        figure.file_no,
        figure.row_no,
        figure.region_code,
        figure.indicator_id,
        figure.scope,
        figure.period,
        figure.measure,
        figure.is_confirmed,
        doubted.rule_id,
        doubted.compared_with || case when doubted.unit = '' then '' else '（' || doubted.unit || '）' end as compared_with,
        case
            when doubted.rule_id = 'unit_slip'
                then '与所列数值相差约 ' || {{ shown_number('doubted.factor') }} || ' 倍，请核对单位'
            when doubted.change_in = 'log'
                then
                    '变动达每年 ' || {{ fixed('exp(doubted.change)', 1) }} || ' 倍，历史允许 '
                    || {{ fixed('exp(doubted.allowed)', 1) }} || ' 倍'
            else
                '变动达每年 ' || {{ shown_number('doubted.change', decimals=2) }} || doubted.points_zh || '，历史允许 '
                || {{ shown_number('doubted.allowed', decimals=2) }} || doubted.points_zh
        end as reason,
        case
            when doubted.rule_id = 'unit_slip'
                then 'about ' || {{ shown_number('doubted.factor') }} || ' times the figures named, or that fraction: look at the unit'
            when doubted.change_in = 'log'
                then
                    'moves by a factor of ' || {{ fixed('exp(doubted.change)', 1) }} || ' a year, its history allows '
                    || {{ fixed('exp(doubted.allowed)', 1) }}
            else
                'moves by ' || {{ shown_number('doubted.change', decimals=2) }} || doubted.points_en || ' a year, its history allows '
                || {{ shown_number('doubted.allowed', decimals=2) }} || doubted.points_en
        end as reason_en
    from implausible as doubted
    inner join {{ ref('int_actual_figure') }} as figure
        on
            doubted.region_code = figure.region_code
            and doubted.indicator_id = figure.indicator_id
            and doubted.scope = figure.scope
            and doubted.period = figure.period
            and doubted.value = cast(figure.value as double)
    where
        figure.measure = 'value'
        and figure.status_printed <> 'retracted'

),

by_rival as (

    -- the same status, and neither the date of report nor the time of saving puts one after the other: the file's hash would decide
    select
        figure.file_id,
        figure.file_no,
        figure.row_no,
        figure.region_code,
        figure.indicator_id,
        figure.scope,
        figure.period,
        figure.measure,
        figure.is_confirmed,
        rule.rule_id,
        {{ listed(
            "rival.value_text || rival.unit_text || '（' || file.file_name || ' 第 ' || rival.row_no || ' 行 / row）'", '；',
            'rival.file_id, rival.row_no'
        ) }} as compared_with,
        '同一来源对同一指标报送了不同数值，没有日期可分先后' as reason,
        'the same source says another thing of the same key, and no date puts one after the other' as reason_en
    from revised as figure
    inner join revised as rival
        on
            {{ same_key('figure', 'rival') }}
            and figure.source_id = rival.source_id
            and figure.status_printed = rival.status_printed
            and figure.reported_at is not distinct from rival.reported_at
            and figure.saved_at is not distinct from rival.saved_at
    inner join {{ source('raw', 'received_file') }} as file
        on rival.file_id = file.file_id and file.status = 'accepted'
    inner join {{ ref('plausibility_rule') }} as rule
        on rule.rule_id = 'undated_rivals'
    where
        figure.withdrawn_at is null
        and rival.withdrawn_at is null
        and case
            when figure.measure in ('grade', 'completion') then figure.value_text <> rival.value_text
            -- figures equal at the coarser printed precision are one
            else
                abs(figure.value - rival.value) * 2
                > greatest(coalesce(figure.printed_precision, 0), coalesce(rival.printed_precision, 0))
        end
    group by all

),

doubts as (

    select * from by_history
    union all
    select * from by_rival

)

select
    doubts.file_id,
    doubts.file_no,
    doubts.row_no,
    doubts.rule_id,
    doubts.region_code,
    doubts.indicator_id,
    doubts.scope,
    doubts.period,
    doubts.measure,
    doubts.compared_with,
    doubts.reason,
    doubts.reason_en,
    doubts.is_confirmed,
    coalesce(revised.is_replaced, false) as is_replaced
from doubts
left join revised
    on doubts.file_no = revised.file_no and doubts.row_no = revised.row_no
