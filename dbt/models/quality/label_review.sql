-- Grain: one printed label with its unit and the indicator it is mapped to: one decision for an expert to check.
with

reported as (

    select
        indicator_text,
        qualifier,
        value_unit,
        indicator_id,
        is_reciprocal,
        coalesce({{ plain_number('min(smallest_value)') }}, min(first_text)) as example_text,
        min_by(smallest_value_std, smallest_value) as example_std,
        sum(row_count) as row_count
    from {{ ref('int_actual_count') }}
    where mapping_status = 'mapped'
    group by all

),

printed as (

    select
        document.title as origin,
        target.label_read as label_text,
        coalesce(target.sub_label_read, '') as sub_text,
        target.label_qualifier as qualifier,
        target.value_unit as printed_unit,
        target.indicator_id,
        target.is_reciprocal,
        target.value_text as example_text,
        target.target_value_std as example_std,
        1 as row_count
    from {{ ref('int_target_mapped') }} as target
    inner join {{ ref('document') }} as document
        on target.document_id = document.document_id
    where target.indicator_id is not null

    union all

    select
        '实际值 / actuals' as origin,
        indicator_text as label_text,
        '' as sub_text,
        {{ normalise_label('qualifier') }} as qualifier,
        value_unit as printed_unit,
        indicator_id,
        is_reciprocal,
        example_text,
        example_std,
        row_count
    from reported

),

decisions as (

    select
        indicator_id,
        label_text,
        sub_text,
        coalesce(qualifier, '') as qualifier,
        coalesce(printed_unit, '') as printed_unit,
        is_reciprocal,
        cast(sum(row_count) as bigint) as row_count,
        {{ listed('origin', '；', 'origin', distinct=true) }} as origins,
        -- an example with a number says more than one without
        min(example_text) filter (where example_std is not null) as example_text,
        min_by(example_std, example_text) filter (where example_std is not null) as example_std
    from printed
    group by all

),

notes as (

    select
        {{ normalise_label('label_text') }} as label_key,
        {{ normalise_label('sub_text') }} as sub_key,
        {{ normalise_label('qualifier') }} as qualifier_key,
        note
    from {{ ref('indicator_label') }}

)

select
    decisions.indicator_id,
    indicator.indicator_name,
    indicator.unit as standard_unit,
    indicator.direction,
    decisions.label_text,
    decisions.sub_text,
    decisions.qualifier,
    decisions.printed_unit,
    decisions.is_reciprocal,
    -- the label is the indicator's own name, in its own unit: nothing to doubt
    not decisions.is_reciprocal
    and decisions.sub_text = ''
    and decisions.printed_unit = indicator.unit
    and {{ bare_label(normalise_label('decisions.label_text')) }} = {{ bare_label(normalise_label('indicator.indicator_name')) }}
        as is_same_name,
    decisions.origins,
    decisions.row_count,
    decisions.example_text,
    decisions.example_std,
    notes.note
from decisions
inner join {{ ref('indicator') }} as indicator
    on decisions.indicator_id = indicator.indicator_id
left join notes
    on
        {{ normalise_label('decisions.label_text') }} = notes.label_key
        and {{ normalise_label('decisions.sub_text') }} = notes.sub_key
        and decisions.qualifier = notes.qualifier_key
