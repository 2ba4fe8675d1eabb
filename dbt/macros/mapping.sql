{#- Rows of landing files mapped to indicators and converted to standard units. `rows` are rows of stg_actual. -#}
{% macro mapped_rows(rows) -%}
with

mapped as (

    select
        meaning.file_id,
        actual.file_no,
        actual.row_no,
        actual.label_no,
        actual.circumstance_no,
        actual.region_code,
        meaning.indicator_text,
        meaning.qualifier,
        meaning.indicator_id,
        meaning.is_reciprocal,
        case
            when meaning.scope = 'unspecified' then coalesce(actual.scope_of_place, meaning.scope)
            else meaning.scope
        end as scope,
        meaning.period,
        meaning.measure,
        actual.value as value_printed,
        actual.decimals,
        actual.value_text,
        meaning.unit_text,
        meaning.value_unit,
        meaning.standard_unit,
        coalesce(meaning.is_standard, false) as is_standard,
        meaning.observation_status,
        meaning.is_confirmed,
        meaning.source_id,
        meaning.tier,
        meaning.sender,
        meaning.reported_at,
        meaning.saved_at,
        meaning.received_at,
        actual.note,
        {{ to_standard('actual.value', 'printed_unit', 'standard', 'meaning.is_reciprocal') }} as value_converted,
        -- one unit of the last printed digit; a reciprocal moves by its own square for every unit the printed number moves
        case
            when meaning.is_reciprocal
                then
                    cast(
                        cast({{ invert_ratio('actual.value', 'printed_unit', 'standard') }} as double)
                        * power(10, -actual.decimals) / cast(abs(actual.value) as double)
                        as decimal(24, 8)
                    )
            else {{ convert_unit('cast(power(10, -actual.decimals) as decimal(24, 8))', 'printed_unit', 'standard') }}
        end as precision_converted
    from {{ rows }} as actual
    inner join {{ ref('int_actual_meaning') }} as meaning
        on
            actual.label_no = meaning.label_no
            and actual.circumstance_no = meaning.circumstance_no
            and meaning.is_accepted
    left join {{ ref('unit') }} as printed_unit
        on case when not meaning.is_standard then meaning.value_unit end = printed_unit.unit_text
    left join {{ ref('unit') }} as standard
        on case when not meaning.is_standard then meaning.standard_unit end = standard.unit_text

)

select
    file_id,
    file_no,
    row_no,
    label_no,
    circumstance_no,
    region_code,
    indicator_text,
    qualifier,
    indicator_id,
    is_reciprocal,
    scope,
    period,
    measure,
    value_printed,
    case when measure <> 'value' or is_standard then value_printed else value_converted end as value,
    -- what rounding can hide, in the standard unit
    case
        when measure <> 'value' then null
        when is_standard then cast(power(10, -decimals) as decimal(24, 8))
        else precision_converted
    end as printed_precision,
    value_text,
    unit_text,
    value_unit,
    standard_unit,
    observation_status,
    is_confirmed,
    source_id,
    tier,
    sender,
    reported_at,
    saved_at,
    received_at,
    note,
    case
        when indicator_id is null then 'unmapped'
        when measure = 'value' and not is_standard and value_printed is not null and value_converted is null then 'unit_mismatch'
        else 'mapped'
    end as mapping_status
from mapped
{%- endmacro %}
