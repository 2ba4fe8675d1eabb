-- Grain: one accepted row of a landing file; its label mapped to an indicator where the crosswalk knows it.
with

mapped as (

    select
        actual.*,
        label.indicator_id,
        coalesce(label.is_reciprocal, false) as is_reciprocal,
        indicator.unit as standard_unit,
        source.source_id,
        source.tier,
        coalesce(nullif(actual.unit_text, ''), label.default_unit, indicator.unit) as value_unit
    from {{ ref('stg_actual') }} as actual
    left join {{ ref('stg_label') }} as label
        on
            {{ normalise_label('actual.indicator_text') }}
            = label.label_key || case when label.sub_key = '' then '' else '/' || label.sub_key end
            and {{ normalise_label('actual.qualifier') }} = label.qualifier_key
    left join {{ ref('indicator') }} as indicator
        on label.indicator_id = indicator.indicator_id
    left join {{ ref('int_source') }} as source
        on actual.source_title = source.title and actual.source_url = source.url

)

select
    mapped.file_id,
    mapped.row_no,
    mapped.region_code,
    mapped.indicator_text,
    mapped.qualifier,
    mapped.indicator_id,
    mapped.is_reciprocal,
    mapped.scope,
    mapped.period,
    mapped.measure,
    mapped.value as value_printed,
    case
        when mapped.measure = 'value'
            then {{ to_standard('mapped.value', 'printed_unit', 'standard', 'mapped.is_reciprocal') }}
        else mapped.value
    end as value,
    -- one unit of the last printed digit, in the standard unit: what rounding can hide
    case
        -- (a reciprocal moves by its own square for every unit the printed number moves)
        when mapped.measure = 'value' and mapped.is_reciprocal
            then
                cast(
                    cast({{ invert_ratio('mapped.value', 'printed_unit', 'standard') }} as double)
                    * power(10, -mapped.decimals) / cast(abs(mapped.value) as double)
                    as decimal(24, 8)
                )
        when mapped.measure = 'value'
            then {{ convert_unit('cast(power(10, -mapped.decimals) as decimal(24, 8))', 'printed_unit', 'standard') }}
    end as printed_precision,
    mapped.value_text,
    mapped.unit_text,
    mapped.value_unit,
    mapped.standard_unit,
    mapped.observation_status,
    mapped.source_id,
    mapped.tier,
    mapped.reported_at,
    mapped.received_at,
    mapped.note,
    case
        when mapped.indicator_id is null then 'unmapped'
        when
            mapped.measure = 'value'
            and mapped.value is not null
            and {{ to_standard('mapped.value', 'printed_unit', 'standard', 'mapped.is_reciprocal') }} is null
            then 'unit_mismatch'
        else 'mapped'
    end as mapping_status
from mapped
left join {{ ref('unit') }} as printed_unit
    on mapped.value_unit = printed_unit.unit_text
left join {{ ref('unit') }} as standard
    on mapped.standard_unit = standard.unit_text
