{#- Convert an exact decimal from one unit to another of the same dimension; null for other dimensions.
    `from_unit` and `to_unit` are aliases of rows of the seed unit. All steps are decimals: no rounding but the last. -#}
{% macro convert_unit(value, from_unit, to_unit) -%}
    case when {{ from_unit }}.dimension = {{ to_unit }}.dimension
        then cast(
            cast(cast({{ value }} as decimal(24, 8)) * {{ from_unit }}.to_base as decimal(25, 8)) * {{ to_unit }}.from_base
            as decimal(24, 8)
        )
    end
{%- endmacro %}

{#- A decimal as people write it: no zeros at the end. -#}
{% macro plain_number(value) -%}
    regexp_replace(cast({{ value }} as varchar), '\.?0+$', '')
{%- endmacro %}

{#- A difference of two such numbers: two shares differ by percentage points. -#}
{% macro difference_with_unit(value) -%}
    {{ plain_number(value) }}
    || case standard_unit when '1' then '' when '%' then '个百分点' else standard_unit end
{%- endmacro %}

{#- A number with the standard unit of its row (column standard_unit) behind it; a pure number has none. -#}
{% macro with_unit(value) -%}
    {{ plain_number(value) }} || case when standard_unit = '1' then '' else standard_unit end
{%- endmacro %}
