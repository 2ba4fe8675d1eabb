{#- What several models must agree on about the revisions of a figure. `said`, `retraction`, `first` … are aliases of rows; a
    `prefix` is an alias with its dot, empty where a query reads one table. -#}

{#- Two rows speak of one key: region × indicator × scope × period × measure. -#}
{% macro same_key(first, second) -%}
    {{ first }}.region_code = {{ second }}.region_code
    and {{ first }}.indicator_id = {{ second }}.indicator_id
    and {{ first }}.scope = {{ second }}.scope
    and {{ first }}.period = {{ second }}.period
    and {{ first }}.measure = {{ second }}.measure
{%- endmacro %}

{#- Which of the figures of a key counts, the first one: by status, tier, date of report, when the workbook was saved; what awaits
    confirmation gives way; then the hash of the file. Never by order of arrival. -#}
{% macro pick_order(prefix='', status='observation_status', awaits_confirmation='awaits_confirmation') -%}
    case {{ prefix }}{{ status }} when 'final' then 1 when 'revised' then 2 else 3 end asc,
    case {{ prefix }}tier when 'official' then 1 when 'repost' then 2 else 3 end asc,
    {{ prefix }}reported_at desc nulls last,
    {{ prefix }}saved_at desc nulls last,
    {% if awaits_confirmation %}{{ prefix }}{{ awaits_confirmation }} asc,
    {% endif %}{{ prefix }}file_id asc,
    {{ prefix }}row_no asc
{%- endmacro %}

{#- The day a row speaks from: its date of report, else the day its workbook was saved. -#}
{% macro said_on(prefix='') -%}
    coalesce({{ prefix }}reported_at, cast({{ prefix }}saved_at as date))
{%- endmacro %}

{#- Whether a retraction takes back what the same source says of the same key in another row: what was said until then. Then is its
    day; on one day, or where one of the two has none, the moment the workbook was saved, the place in the file, the receipt. -#}
{% macro is_taken_back(said, retraction) -%}
    case
        when {{ said_on(said ~ '.') }} <> {{ said_on(retraction ~ '.') }} then {{ said_on(said ~ '.') }} < {{ said_on(retraction ~ '.') }}
        when {{ said }}.saved_at <> {{ retraction }}.saved_at then {{ said }}.saved_at < {{ retraction }}.saved_at
        when {{ said }}.file_id = {{ retraction }}.file_id then {{ said }}.row_no < {{ retraction }}.row_no
        else {{ said }}.received_at <= {{ retraction }}.received_at
    end
{%- endmacro %}

{#- How far two figures lie apart: the logarithm of their ratio, or their difference. Null where the first says nothing. -#}
{% macro distance(change_in, first, second) -%}
    case
        when {{ change_in }} = 'log' and {{ first }} > 0 and {{ second }} > 0 then abs(ln({{ second }} / {{ first }}))
        when {{ change_in }} = 'points' then abs({{ second }} - {{ first }})
    end
{%- endmacro %}

{#- Whether a figure is about `factor` times another, or that fraction of it; `tolerance` 3 means a third to three times of that. -#}
{% macro is_slip_of(value, other, factor, tolerance) -%}
    (
        {{ value }} / nullif({{ other }}, 0) between {{ factor }} / {{ tolerance }} and {{ factor }} * {{ tolerance }}
        or {{ other }} / nullif({{ value }}, 0) between {{ factor }} / {{ tolerance }} and {{ factor }} * {{ tolerance }}
    )
{%- endmacro %}

{#- How far a value lies from the nearest of up to three figures before it, per year since the last of them. The nearest: so that one
    wrong figure among them does not make the next right one look wrong. The row is one of int_actual_series. -#}
{% macro change_on_nearest(prefix='') -%}
    least(
        {% for n in (1, 2, 3) -%}
            {{ distance(prefix ~ 'change_in', prefix ~ 'value_year_before_' ~ n, prefix ~ 'value') }}{{ ', ' if not loop.last }}
        {% endfor -%}
    ) / ({{ prefix }}year - {{ prefix }}year_before_1)
{%- endmacro %}

{#- Up to three figures before, as people read them: 2022 99856；2021 94000. Both are columns without their number. -#}
{% macro listed_before(period, value) -%}
    concat_ws(
        '；',
        {% for n in (1, 2, 3) -%}
            {{ period ~ n }} || ' ' || {{ shown_number(value ~ n) }}{{ ', ' if not loop.last }}
        {% endfor -%}
    )
{%- endmacro %}

{#- What a verdict says of the figure it rests on: its status, or that somebody has yet to confirm it. -#}
{% macro standing_status(figure) -%}
    case when {{ figure }}.awaits_confirmation then 'awaits_confirmation' else {{ figure }}.observation_status end
{%- endmacro %}
