-- Grain: one combination of a label and a circumstance × mapping status: how many rows, and one of them to look at.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_file('kept')) }}") }}
with

counted as (

    -- (the smallest number: to write millions of numbers as texts takes longer than to compare them)
    select
        label_no,
        circumstance_no,
        mapping_status,
        count(*) as row_count,
        min(row_no) as first_row_no,
        min(value_printed) as smallest_value,
        min_by(value, value_printed) as smallest_value_std
    from {{ ref('int_actual_mapped') }}
    where {{ in_changed_file('int_actual_mapped') }}
    group by all

),

worded as (

    select
        label_no,
        circumstance_no,
        mapping_status,
        min(value_text) as first_text
    from {{ ref('int_actual_mapped') }}
    where value_printed is null and {{ in_changed_file('int_actual_mapped') }}
    group by all

)

select
    meaning.file_no,
    meaning.file_id,
    meaning.indicator_text,
    meaning.qualifier,
    meaning.unit_text,
    meaning.value_unit,
    meaning.indicator_id,
    meaning.is_reciprocal,
    counted.mapping_status,
    counted.row_count,
    counted.first_row_no,
    counted.smallest_value,
    counted.smallest_value_std,
    worded.first_text
from counted
inner join {{ ref('int_actual_meaning') }} as meaning
    on
        counted.label_no = meaning.label_no
        and counted.circumstance_no = meaning.circumstance_no
left join worded
    on
        counted.label_no = worded.label_no
        and counted.circumstance_no = worded.circumstance_no
        and counted.mapping_status = worded.mapping_status
