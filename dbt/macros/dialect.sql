{#- What DuckDB and Spark spell differently, and nothing else. Models and the other macros use these, or SQL that both read.
    Patterns are regular expressions that both engines know; write a backslash once, as DuckDB does. -#}

{#- A text in single quotes, as Spark reads it: there a backslash escapes. -#}
{% macro spark_text(text) -%}
    '{{ text | replace('\\', '\\\\') | replace("'", "\\'") }}'
{%- endmacro %}

{#- Whether a pattern occurs in a text. -#}
{% macro matches(text, pattern) -%}
    {%- if target.type == 'spark' -%} regexp_like({{ text }}, {{ spark_text(pattern) }})
    {%- else -%} regexp_matches({{ text }}, '{{ pattern }}')
    {%- endif -%}
{%- endmacro %}

{#- Whether a text is of a pattern from its first to its last character. -#}
{% macro matches_fully(text, pattern) -%}
    {%- if target.type == 'spark' -%} regexp_like({{ text }}, {{ spark_text('^(?:' ~ pattern ~ ')\\z') }})
    {%- else -%} regexp_full_match({{ text }}, '{{ pattern }}')
    {%- endif -%}
{%- endmacro %}

{#- A text without what is of a pattern. -#}
{% macro without(text, pattern) -%}
    {%- if target.type == 'spark' -%} regexp_replace({{ text }}, {{ spark_text(pattern) }}, '')
    {%- else -%} regexp_replace({{ text }}, '{{ pattern }}', '', 'g')
    {%- endif -%}
{%- endmacro %}

{#- The texts of a group as one, in order. -#}
{% macro listed(text, separator, order_by, distinct=false) -%}
    {%- if target.type == 'spark' -%}
        string_agg({{ 'distinct ' if distinct }}{{ text }}, '{{ separator }}') within group (order by {{ order_by }})
    {%- else -%} string_agg({{ 'distinct ' if distinct }}{{ text }}, '{{ separator }}' order by {{ order_by }})
    {%- endif -%}
{%- endmacro %}

{#- The texts of a list as one. -#}
{% macro joined(texts, separator) -%}
    {{ 'array_join' if target.type == 'spark' else 'array_to_string' }}({{ texts }}, '{{ separator }}')
{%- endmacro %}

{#- A double with so many decimals; an exact tie goes to the even digit, and zero has no sign. -#}
{% macro fixed(value, decimals) -%}
    {%- if target.type == 'spark' -%} regexp_replace(format_number({{ value }}, '0.{{ '0' * decimals }}'), '^-(0[.]0*)$', '$1')
    {%- else -%}
        format('{:.{{ decimals }}f}', case when {{ value }} <= 0 and {{ value }} > -0.5e-{{ decimals }} then 0 else {{ value }} end)
    {%- endif -%}
{%- endmacro %}

{#- A decimal as people write it: rounded to so many places, no zeros at the end. DuckDB is seven times faster with 64 bits, which most
    numbers fit into, than with the 128 of the type. -#}
{% macro plain_number(value, decimals=8) -%}
    {%- if target.type == 'spark' -%} format_number(round({{ value }}, {{ decimals }}), '0.{{ '#' * 8 }}')
    {%- else -%}
        rtrim(
            rtrim(
                coalesce(
                    cast(round(try_cast({{ value }} as decimal(18, 8)), {{ decimals }}) as string),
                    cast(round(cast({{ value }} as decimal(24, 8)), {{ decimals }}) as string)
                ), '0'
            ), '.'
        )
    {%- endif -%}
{%- endmacro %}

{#- A double to so many decimals, as DuckDB casts it: its product with the power of ten decides, not the digits it is written with. -#}
{% macro rounded(value, decimals) -%}
    {%- if target.type == 'spark' -%}
        cast(
            cast(round({{ value }} * 1e{{ decimals }}) as decimal(24, 0)) / cast(1e{{ decimals }} as decimal(10, 0))
            as decimal(24, {{ decimals }})
        )
    {%- else -%} cast({{ value }} as decimal(24, {{ decimals }}))
    {%- endif -%}
{%- endmacro %}

{#- Several columns as one value that can be compared; `columns` maps names to expressions. -#}
{% macro record(columns) -%}
    {%- if target.type == 'spark' -%}
        named_struct({% for name, value in columns.items() %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %})
    {%- else -%}
        struct_pack({% for name, value in columns.items() %}{{ name }} := {{ value }}{{ ', ' if not loop.last }}{% endfor %})
    {%- endif -%}
{%- endmacro %}

{#- The SHA-256 of a text, in hexadecimal digits. -#}
{% macro fingerprint(text) -%}
    {%- if target.type == 'spark' -%} sha2({{ text }}, 256)
    {%- else -%} sha256({{ text }})
    {%- endif -%}
{%- endmacro %}

{#- What two texts share of the bytes either has, 0 to 1; neither text is empty. -#}
{% macro shared_bytes(first_text, second_text) -%}
    {%- if target.type == 'spark' -%}
        size(array_intersect({{ spark_bytes(first_text) }}, {{ spark_bytes(second_text) }}))
        / size(array_union({{ spark_bytes(first_text) }}, {{ spark_bytes(second_text) }}))
    {%- else -%} jaccard({{ first_text }}, {{ second_text }})
    {%- endif -%}
{%- endmacro %}

{% macro spark_bytes(text) -%}
    regexp_extract_all(hex({{ text }}), '..', 0)
{%- endmacro %}

{#- All columns but some; `prefix` is the alias of a row with its dot. -#}
{% macro all_but(columns, prefix='') -%}
    {{ prefix }}* {{ 'except' if target.type == 'spark' else 'exclude' }} ({{ columns | join(', ') }})
{%- endmacro %}

{#- Before the body of a CTE: a question for one key reads that key only. Spark never keeps a CTE as a whole. -#}
{% macro not_kept() -%}
    {{ '' if target.type == 'spark' else 'not materialized' }}
{%- endmacro %}
