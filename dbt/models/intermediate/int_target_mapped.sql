-- Grain: one target; its label mapped to an indicator, its values converted to the indicator's standard unit.
with

mapped as (

    select
        target.*,
        label.indicator_id,
        indicator.direction,
        indicator.measure_type,
        indicator.is_limit,
        indicator.domain,
        indicator.unit as standard_unit,
        document.issued_on,
        document.period_start as plan_start,
        -- the unit inside the text, else the printed one, else what the crosswalk says, else the standard unit
        coalesce(target.unit_in_text, nullif(target.unit_text, ''), label.default_unit, indicator.unit) as value_unit
    from {{ ref('stg_target') }} as target
    left join {{ ref('stg_label') }} as label
        on
            {{ normalise_label('target.indicator_text') }} = label.label_key
            and {{ normalise_label('target.indicator_sub_text') }} = label.sub_key
            and label.qualifier_key = ''
    left join {{ ref('indicator') }} as indicator
        on label.indicator_id = indicator.indicator_id
    left join {{ ref('document') }} as document
        on target.document_id = document.document_id

),

converted as (

    select
        mapped.*,
        {{ convert_unit('mapped.target_value', 'printed_unit', 'standard') }} as target_value_std,
        {{ convert_unit('mapped.target_value_high', 'printed_unit', 'standard') }} as target_value_high_std,
        {{ convert_unit('mapped.stretch_value', 'printed_unit', 'standard') }} as stretch_value_std
    from mapped
    left join {{ ref('unit') }} as printed_unit
        on mapped.value_unit = printed_unit.unit_text
    left join {{ ref('unit') }} as standard
        on mapped.standard_unit = standard.unit_text

)

select
    converted.target_id,
    converted.document_id,
    converted.table_ref,
    converted.line_no,
    converted.column_ref,
    converted.region_code,
    converted.scope,
    converted.period,
    converted.part_no,
    converted.row_no,
    converted.printed_category,
    converted.section_text,
    converted.indicator_text,
    converted.indicator_sub_text,
    converted.value_text,
    converted.unit_text,
    converted.designation,
    converted.marks,
    converted.baseline_period,
    converted.printed_status,
    converted.department_text,
    converted.target_kind,
    -- a plain number takes its comparator from the indicator's direction
    coalesce(
        converted.comparator,
        case
            when converted.target_kind in ('threshold', 'approximate', 'interval')
                then case converted.direction when 'higher' then '>=' when 'lower' then '<=' end
        end
    ) as comparator,
    converted.target_value,
    converted.target_value_high,
    converted.stretch_value,
    converted.target_value_std,
    converted.target_value_high_std,
    converted.stretch_value_std,
    converted.is_provisional,
    converted.indicator_id,
    converted.direction,
    converted.measure_type,
    converted.is_limit,
    converted.domain,
    converted.standard_unit,
    converted.value_unit,
    converted.plan_start,
    -- of several targets for one thing the one issued last counts; one that says something before a dash, a whole cell
    -- before its parts, then the id
    row_number() over (
        partition by
            coalesce(converted.indicator_id, converted.target_id), converted.region_code, converted.scope, converted.period
        order by
            converted.target_kind in ('none', 'unparsed'),
            converted.issued_on desc nulls last,
            converted.part_no asc,
            converted.target_id asc
    ) = 1 as is_primary
from converted
