-- Grain: one printed target cell of a plan (a row of seeds/target.csv), and one row more for each part of a composite one.
with

seed_rows as (

    select
        *,
        {{ target_id() }} as cell_id
    from {{ ref('target') }}

)

select
    parsed.target_id,
    seed_rows.document_id,
    seed_rows.table_ref,
    cast(seed_rows.line_no as integer) as line_no,
    seed_rows.column_ref,
    seed_rows.region_code,
    seed_rows.scope,
    seed_rows.period,
    parsed.part_no,
    seed_rows.row_no,
    seed_rows.printed_category,
    seed_rows.section_text,
    seed_rows.indicator_text,
    seed_rows.indicator_sub_text,
    seed_rows.value_text,
    seed_rows.unit_text,
    replace(seed_rows.designation, '指标', '') as designation,
    parsed.marks,
    seed_rows.baseline_period,
    seed_rows.printed_status,
    seed_rows.department_text,
    seed_rows.rule_id,
    case
        when seed_rows.task_no is not null then {{ task_id('seed_rows.') }}
    end as task_id,
    parsed.label_read,
    parsed.sub_label_read,
    parsed.unit_read,
    parsed.correction,
    parsed.target_kind,
    parsed.comparator,
    parsed.target_value,
    parsed.target_value_high,
    parsed.stretch_value,
    parsed.unit_in_text,
    parsed.basis,
    parsed.reference_text,
    parsed.is_provisional
from seed_rows
inner join {{ source('raw', 'target_parsed') }} as parsed
    on seed_rows.cell_id = parsed.cell_id
