{#- How much two labels share, 0 to 1: the bytes both have among those either has, brackets and what is in them left out. -#}
{% macro label_similarity(first_label, second_label) -%}
    {{ shared_bytes(bare_label(first_label), bare_label(second_label)) }}
{%- endmacro %}

{#- A normalised label without its brackets (unit, marks); never empty, for an empty text has no characters to compare. -#}
{% macro bare_label(label) -%}
    coalesce(nullif({{ without(label, '\\([^)]*\\)?|\\*') }}, ''), {{ label }} || ' ')
{%- endmacro %}
