{#- What kind of period a code such as 2023, 2023H1, 2023Q2, 2023M06, 2020M01-09 or 2021-2025 names. -#}
{% macro period_type(period) -%}
    case
        when {{ matches_fully(period, '\\d{4}') }} then 'year'
        when {{ matches_fully(period, '\\d{4}H[12]') }} then 'half'
        when {{ matches_fully(period, '\\d{4}Q[1-4]') }} then 'quarter'
        when {{ matches_fully(period, '\\d{4}M\\d{2}') }} then 'month'
        when {{ matches_fully(period, '\\d{4}M\\d{2}-\\d{2}') }} then 'year_to_date'
        when {{ matches_fully(period, '\\d{4}-\\d{4}') }} then 'span'
    end
{%- endmacro %}

{#- The year a period ends in. -#}
{% macro period_year(period) -%}
    cast(case when {{ matches_fully(period, '\\d{4}-\\d{4}') }} then right({{ period }}, 4) else left({{ period }}, 4) end as integer)
{%- endmacro %}

{#- First and last month of a period within its years. -#}
{% macro period_first_month(period) -%}
    case {{ period_type(period) }}
        when 'half' then cast(right({{ period }}, 1) as integer) * 6 - 5
        when 'quarter' then cast(right({{ period }}, 1) as integer) * 3 - 2
        when 'month' then cast(right({{ period }}, 2) as integer)
        when 'year_to_date' then cast(substr({{ period }}, 6, 2) as integer)
        else 1
    end
{%- endmacro %}

{% macro period_last_month(period) -%}
    case {{ period_type(period) }}
        when 'half' then cast(right({{ period }}, 1) as integer) * 6
        when 'quarter' then cast(right({{ period }}, 1) as integer) * 3
        when 'month' then cast(right({{ period }}, 2) as integer)
        when 'year_to_date' then cast(right({{ period }}, 2) as integer)
        else 12
    end
{%- endmacro %}

{#- A period as a Chinese sentence names it: 2022年, 2016-2020年, 2023H1. -#}
{% macro period_zh(period) -%}
    {{ period }} || case when {{ matches_fully(period, '\\d{4}(-\\d{4})?') }} then '年' else '' end
{%- endmacro %}

{#- Whether a figure was known on the day the run speaks for: its period over and, where a day of report is given, reported by then. -#}
{% macro is_known(figure, period, run) -%}
    {{ period }}.period_end <= {{ run }}.as_of_date and coalesce({{ figure }}.reported_at, {{ period }}.period_end) <= {{ run }}.as_of_date
{%- endmacro %}
