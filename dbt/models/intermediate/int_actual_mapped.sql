-- Grain: one accepted row of a landing file; its label mapped to an indicator where the crosswalk knows it.
with

published as (

    -- each title and address met, looked up once; an address that is listed goes before the name of a department
    select
        named.source_title,
        named.source_url,
        source.source_id,
        source.tier
    from (select distinct
        source_title,
        source_url
    from {{ ref('stg_actual') }}) as named
    inner join {{ ref('int_source') }} as source
        on
            (named.source_title = source.title and named.source_url = source.url)
            or (
                source.department_id is not null
                and {{ normalise_label('named.source_title') }} = {{ normalise_label('source.title') }}
            )
    qualify row_number() over (
        partition by named.source_title, named.source_url
        order by source.department_id nulls first
    ) = 1

),

mapped as (

    select
        actual.*,
        label.indicator_id,
        label.is_reciprocal,
        label.standard_unit,
        label.value_unit,
        -- most figures come in the standard unit
        label.value_unit = label.standard_unit and not label.is_reciprocal as is_standard,
        published.source_id,
        published.tier
    from {{ ref('stg_actual') }} as actual
    inner join {{ ref('int_actual_label') }} as label
        on
            actual.indicator_code = label.indicator_code
            and actual.indicator_text = label.indicator_text
            and actual.qualifier = label.qualifier
            and actual.unit_text = label.unit_text
    inner join published
        on actual.source_title = published.source_title and actual.source_url = published.source_url

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
        when mapped.measure <> 'value' or mapped.is_standard then mapped.value
        else {{ to_standard('mapped.value', 'printed_unit', 'standard', 'mapped.is_reciprocal') }}
    end as value,
    -- one unit of the last printed digit, in the standard unit: what rounding can hide
    case
        when mapped.measure <> 'value' then null
        when mapped.is_standard then cast(power(10, -mapped.decimals) as decimal(24, 8))
        -- (a reciprocal moves by its own square for every unit the printed number moves)
        when mapped.is_reciprocal
            then
                cast(
                    cast({{ invert_ratio('mapped.value', 'printed_unit', 'standard') }} as double)
                    * power(10, -mapped.decimals) / cast(abs(mapped.value) as double)
                    as decimal(24, 8)
                )
        else {{ convert_unit('cast(power(10, -mapped.decimals) as decimal(24, 8))', 'printed_unit', 'standard') }}
    end as printed_precision,
    mapped.value_text,
    mapped.unit_text,
    mapped.value_unit,
    mapped.standard_unit,
    mapped.observation_status,
    mapped.is_confirmed,
    mapped.source_id,
    mapped.tier,
    mapped.sender,
    mapped.reported_at,
    mapped.saved_at,
    mapped.received_at,
    mapped.note,
    case
        when mapped.indicator_id is null then 'unmapped'
        when
            mapped.measure = 'value'
            and not mapped.is_standard
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
