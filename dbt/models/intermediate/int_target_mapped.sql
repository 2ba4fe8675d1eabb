-- Grain: one target (cell or part); its label mapped to an indicator, its values converted to the indicator's standard unit.
{{ config(materialized=kept()) }}
with

labelled as {{ not_kept() }} (

    select
        target.*,
        label.indicator_id,
        label.default_unit,
        label.label_qualifier,
        label.is_reciprocal,
        case when target.target_kind = 'relative' then {{ normalise_label('target.reference_text') }} end as reference_key
    from {{ ref('stg_target') }} as target
    inner join {{ ref('int_target_label') }} as label
        on
            target.label_read = label.label_read
            and coalesce(target.sub_label_read, '') = label.sub_label_read
            and coalesce(target.task_id, '') = label.task_id

),

asked as (

    select distinct
        region_code,
        indicator_id,
        scope
    from labelled
    where indicator_id is not null

),

series as (

    -- what is asked for: targets of several years share it
    select
        asked.region_code,
        asked.indicator_id,
        asked.scope,
        row_number() over (order by asked.region_code, asked.indicator_id, asked.scope) as series_no
    from asked

),

references_named as (

    select
        label_key,
        indicator_id
    from {{ ref('stg_label') }}
    where sub_key = '' and qualifier_key = ''

),

mapped as (

    select
        labelled.*,
        indicator.direction,
        indicator.measure_type,
        indicator.is_limit,
        indicator.is_additive,
        indicator.domain,
        indicator.unit as standard_unit,
        document.issued_on,
        document.period_start as plan_start,
        reference.indicator_id as reference_indicator_id,
        -- the unit inside the text, else the printed one, else what the crosswalk says, else the standard unit
        coalesce(labelled.unit_in_text, nullif(labelled.unit_read, ''), labelled.default_unit, indicator.unit) as value_unit
    from labelled
    left join {{ ref('indicator') }} as indicator
        on labelled.indicator_id = indicator.indicator_id
    left join {{ ref('document') }} as document
        on labelled.document_id = document.document_id
    left join references_named as reference
        on labelled.reference_key = reference.label_key

),

converted as (

    select
        mapped.*,
        {{ to_standard('mapped.target_value', 'printed_unit', 'standard', 'mapped.is_reciprocal') }} as first_std,
        {{ to_standard('mapped.target_value_high', 'printed_unit', 'standard', 'mapped.is_reciprocal') }} as second_std,
        {{ to_standard('mapped.stretch_value', 'printed_unit', 'standard', 'mapped.is_reciprocal') }} as stretch_value_std,
        -- growth in per cent or points, places and shares of places do not change with the unit of the level
        mapped.target_kind in ('growth', 'rank') as keeps_unit
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
    converted.label_read,
    converted.sub_label_read,
    converted.value_text,
    converted.unit_text,
    converted.designation,
    converted.marks,
    converted.baseline_period,
    converted.printed_status,
    converted.department_text,
    converted.rule_id,
    converted.task_id,
    converted.correction,
    converted.target_kind,
    case
        when converted.is_reciprocal and left(converted.comparator, 1) = '>' then replace(converted.comparator, '>', '<')
        when converted.is_reciprocal and left(converted.comparator, 1) = '<' then replace(converted.comparator, '<', '>')
        -- a plain number takes its comparator from the indicator's direction
        else coalesce(
            converted.comparator,
            case
                when converted.target_kind in ('threshold', 'approximate', 'interval', 'hold', 'cumulative')
                    then case converted.direction when 'higher' then '>=' when 'lower' then '<=' end
            end
        )
    end as comparator,
    converted.target_value,
    converted.target_value_high,
    converted.stretch_value,
    case
        -- a change of the reciprocal says nothing exact of a change of the indicator
        when converted.is_reciprocal and converted.target_kind in ('growth', 'increment', 'cumulative') then null
        when converted.keeps_unit then converted.target_value
        -- the reciprocal turns an interval round
        when converted.is_reciprocal then coalesce(converted.second_std, converted.first_std)
        else converted.first_std
    end as target_value_std,
    case
        when converted.keeps_unit then converted.target_value_high
        when converted.is_reciprocal then case when converted.second_std is not null then converted.first_std end
        else converted.second_std
    end as target_value_high_std,
    case when converted.keeps_unit then converted.stretch_value else converted.stretch_value_std end as stretch_value_std,
    converted.basis,
    converted.reference_text,
    converted.reference_indicator_id,
    converted.is_provisional,
    converted.indicator_id,
    converted.label_qualifier,
    converted.is_reciprocal,
    converted.direction,
    converted.measure_type,
    converted.is_limit,
    converted.is_additive,
    converted.domain,
    converted.standard_unit,
    converted.value_unit,
    converted.issued_on,
    converted.plan_start,
    series.series_no,
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
left join series
    on
        converted.region_code = series.region_code
        and converted.indicator_id = series.indicator_id
        and converted.scope = series.scope
where {{ when_seeds_changed() }}
