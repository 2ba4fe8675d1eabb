{#- Pace: how fast a measure moves against how fast it must. All work on doubles and return null where the method cannot say. -#}

{#- The method for a measure: what seeds/pace_rule.csv says, or linear where a value is not positive (no rate leads through zero). -#}
{% macro pace_method(method, base, value, goal) -%}
    case when {{ method }} = 'compound' and {{ base }} > 0 and {{ value }} > 0 and {{ goal }} > 0 then 'compound' else 'linear' end
{%- endmacro %}

{#- Change a year from one value to another: a rate (0.05 is 5 % a year) or, on the straight path, an amount. -#}
{% macro change_per_year(method, from_value, to_value, years) -%}
    case
        when {{ years }} <= 0 then null
        when {{ method }} = 'compound' and {{ from_value }} > 0 and {{ to_value }} > 0
            then power(cast({{ to_value }} as double) / cast({{ from_value }} as double), 1 / cast({{ years }} as double)) - 1
        when {{ method }} = 'linear' then cast({{ to_value }} - {{ from_value }} as double) / cast({{ years }} as double)
    end
{%- endmacro %}

{#- Actual change a year over the change a year required, positive towards better (direction 1 higher, -1 lower). Null where base is goal. -#}
{% macro pace_ratio(method, base, value, goal, years_passed, years_in_all, direction) -%}
    {{ direction }} * ({{ change_per_year(method, base, value, years_passed) }})
    / nullif(abs({{ change_per_year(method, base, goal, years_in_all) }}), 0)
{%- endmacro %}

{#- Where the path from base to goal stands after some years. -#}
{% macro expected_value(method, base, goal, years_passed, years_in_all) -%}
    case {{ method }}
        when 'compound'
            then
                cast({{ base }} as double)
                * power(1 + ({{ change_per_year(method, base, goal, years_in_all) }}), cast({{ years_passed }} as double))
        else
            cast({{ base }} as double)
            + ({{ change_per_year(method, base, goal, years_in_all) }}) * cast({{ years_passed }} as double)
    end
{%- endmacro %}

{#- Where a value arrives if it goes on as it has since the base. -#}
{% macro projected_value(method, base, value, years_passed, years_left) -%}
    case {{ method }}
        when 'compound'
            then
                cast({{ value }} as double)
                * power(1 + ({{ change_per_year(method, base, value, years_passed) }}), cast({{ years_left }} as double))
        else
            cast({{ value }} as double)
            + ({{ change_per_year(method, base, value, years_passed) }}) * cast({{ years_left }} as double)
    end
{%- endmacro %}

{#- How much room a natural limit (100 %) leaves a measure that has no target: 1 far from it, 0 at it. -#}
{% macro limit_factor(base, limit) -%}
    case
        when {{ limit }} is null or {{ base }} >= 2 * {{ limit }} then 1
        when {{ base }} <= {{ limit }} then 1 - power(cast({{ base }} as double) / {{ limit }}, 4.44)
        else 1 - power((2 * {{ limit }} - cast({{ base }} as double)) / {{ limit }}, 4.44)
    end
{%- endmacro %}

{#- The classes of a pace by seeds/pace_status.csv, with both ends of each band: with a target by the pace ratio, without one by
    the yearly change over the room left. -#}
{% macro pace_statuses() -%}
    select
        has_target,
        status,
        coalesce(cast(ratio_from as double), {{ lowest() }}) as ratio_from,
        coalesce(cast(ratio_to as double), {{ highest() }}) as ratio_to
    from {{ ref('pace_status') }}
{%- endmacro %}

{#- In-year completion: what has been reached of what was due by then, 1 is exactly on time. -#}
{% macro share_of_due(value, goal, share_of_year) -%}
    cast({{ value }} as double) / nullif(cast({{ goal }} as double) * {{ share_of_year }}, 0)
{%- endmacro %}
