-- Grain: one printed target cell of a plan (a row of seeds/target.csv), with what the grammar read in it.
with

seed_rows as (

    select
        *,
        {{ target_id() }} as target_id
    from {{ ref('target') }}

)

select
    seed_rows.target_id,
    seed_rows.document_id,
    seed_rows.table_ref,
    cast(seed_rows.line_no as integer) as line_no,
    seed_rows.column_ref,
    seed_rows.region_code,
    seed_rows.scope,
    seed_rows.period,
    cast(seed_rows.part_no as integer) as part_no,
    seed_rows.row_no,
    seed_rows.printed_category,
    seed_rows.section_text,
    seed_rows.indicator_text,
    seed_rows.indicator_sub_text,
    seed_rows.value_text,
    seed_rows.unit_text,
    replace(seed_rows.designation, '指标', '') as designation,
    seed_rows.marks,
    seed_rows.baseline_period,
    seed_rows.printed_status,
    seed_rows.department_text,
    coalesce(parsed.target_kind, 'unparsed') as target_kind,
    parsed.comparator,
    parsed.target_value,
    parsed.target_value_high,
    parsed.stretch_value,
    parsed.unit_in_text,
    parsed.reference_text,
    coalesce(parsed.is_provisional, false) as is_provisional
from seed_rows
left join {{ source('raw', 'target_parsed') }} as parsed
    on seed_rows.target_id = parsed.target_id
