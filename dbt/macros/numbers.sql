{#- Convert an exact decimal from one unit to another of the same dimension; null for other dimensions.
    `from_unit` and `to_unit` are aliases of rows of the seed unit. All steps are decimals: no rounding but the last.
    A bare multiplier (突破1000亿) counts the smallest unit of whatever the indicator is measured in; a share has none. -#}
{% macro convert_unit(value, from_unit, to_unit) -%}
    case
        when
            {{ from_unit }}.dimension = {{ to_unit }}.dimension
            or ({{ from_unit }}.dimension = 'multiplier' and {{ to_unit }}.dimension <> 'ratio')
            then cast(
                cast(cast({{ value }} as decimal(24, 8)) * {{ from_unit }}.to_base as decimal(25, 8)) * {{ to_unit }}.from_base
                as decimal(24, 8)
            )
    end
{%- endmacro %}

{#- The reciprocal of a ratio, from one unit of ratios to another: 1.82 (倍) is 55%. Null for anything but ratios and for zero.
    The base of ratios is ‰, so that a ratio and its reciprocal multiply to a million. -#}
{% macro invert_ratio(value, from_unit, to_unit) -%}
    case
        when {{ from_unit }}.dimension = 'ratio' and {{ to_unit }}.dimension = 'ratio' and {{ value }} <> 0
            then cast(
                1000000 / cast({{ value }} as double) / cast({{ from_unit }}.to_base as double) * cast({{ to_unit }}.from_base as double)
                as decimal(24, 8)
            )
    end
{%- endmacro %}

{#- A printed number in the indicator's standard unit, inverted where the label prints the reciprocal. -#}
{% macro to_standard(value, from_unit, to_unit, is_reciprocal) -%}
    case
        when {{ is_reciprocal }} then {{ invert_ratio(value, from_unit, to_unit) }}
        else {{ convert_unit(value, from_unit, to_unit) }}
    end
{%- endmacro %}

{#- A double as people write it. -#}
{% macro shown_number(value, decimals=8) -%}
    {{ plain_number(rounded(value, decimals)) }}
{%- endmacro %}

{#- A number with a unit behind it; a pure number has none. `unit` is a column. -#}
{% macro in_unit(value, unit, decimals=8) -%}
    {{ plain_number(value, decimals) }} || case when {{ unit }} = '1' then '' else {{ unit }} end
{%- endmacro %}

{#- A difference of two such numbers: two shares differ by percentage points. -#}
{% macro difference_in_unit(value, unit, decimals=8) -%}
    {{ plain_number(value, decimals) }} || case {{ unit }} when '1' then '' when '%' then '个百分点' else {{ unit }} end
{%- endmacro %}

{#- A number with the standard unit of its row (column standard_unit) behind it. -#}
{% macro with_unit(value, decimals=8) -%}
    {{ in_unit(value, 'standard_unit', decimals) }}
{%- endmacro %}

{#- The ends of a band that has none: no ratio lies beyond. -#}
{% macro lowest() -%} -1e308 {%- endmacro %}

{% macro highest() -%} 1e308 {%- endmacro %}
