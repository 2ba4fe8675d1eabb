{#- What every roll-up counts, over rows of int_target_counted. -#}
{% macro scorecard_counts() -%}
    count(target_id) as target_count,
    count(case when is_judged then 1 end) as judged_count,
    count(case when is_met then 1 end) as met_count,
    count(case when light = 'green' then 1 end) as green_count,
    count(case when light = 'yellow' then 1 end) as yellow_count,
    count(case when light = 'red' then 1 end) as red_count,
    count(case when light = 'grey' then 1 end) as grey_count,
    count(case when is_overdue then 1 end) as overdue_count
{%- endmacro %}

{#- A share of 0 to 1 as people write it. -#}
{% macro per_cent(share) -%}
    {{ fixed('cast(' ~ share ~ ' as double) * 100', 1) }} || '%'
{%- endmacro %}

{#- Whether a roll-up rests on enough; without a rule (scorecard_rule) it never does. -#}
{% macro scorecard_is_sufficient() -%}
    coalesce(judged_count > 0 and judged_count >= min_judged and judged_count >= min_coverage * target_count, false)
{%- endmacro %}

{#- What a roll-up rests on, or why it gives no share; both languages read the columns made above. -#}
{% macro scorecard_statement_zh() -%}
    case
        when target_count = 0 then '没有可汇总的目标。'
        when min_judged is null then '没有这类汇总的门槛，不给出达标率。'
        when is_sufficient
            then
                '依据 ' || judged_count || ' 项目标（共 ' || target_count || ' 项，覆盖率 ' || {{ per_cent('coverage') }} || '）：达标或进度正常 '
                || met_count || ' 项，占 ' || {{ per_cent('share_met') }} || '。'
        else
            target_count || ' 项目标中已评价 ' || judged_count || ' 项（覆盖率 ' || {{ per_cent('coverage') }} || '）；覆盖率不低于 '
            || {{ per_cent('min_coverage') }} || '且不少于 ' || min_judged || ' 项方给出达标率，故不给出。'
    end
{%- endmacro %}

{% macro scorecard_statement_en() -%}
    case
        when target_count = 0 then 'No target that counts.'
        when min_judged is null then 'No rule says what such a roll-up must rest on: no share is given.'
        when is_sufficient
            then
                'Rests on ' || judged_count || ' of ' || target_count || ' targets (coverage ' || {{ per_cent('coverage') }} || '): '
                || met_count || ' met or on pace, ' || {{ per_cent('share_met') }} || '.'
        else
            judged_count || ' of ' || target_count || ' targets judged (coverage ' || {{ per_cent('coverage') }} || '); a share needs '
            || {{ per_cent('min_coverage') }} || ' and ' || min_judged || ' targets, so none is given.'
    end
{%- endmacro %}
