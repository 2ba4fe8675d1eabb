-- Grain: one accepted figure of one source: region × indicator × scope × period × measure × revision_no; of the series a run builds.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
with

awaiting as (

    -- whatever its source calls it, a figure that looks wrong is preliminary until its source stands by it
    select distinct
        file_no,
        row_no
    from {{ ref('int_actual_suspicious') }}
    where not is_confirmed

)

select
    figure.region_code,
    figure.indicator_id,
    figure.scope,
    figure.period,
    figure.measure,
    cast(figure.revision_no as bigint) as revision_no,
    figure.revision_count,
    figure.value,
    figure.value_text,
    figure.unit_text as unit_printed,
    figure.printed_precision,
    case when awaiting.file_no is null then figure.status_printed else 'preliminary' end as observation_status,
    figure.status_printed,
    awaiting.file_no is not null as awaits_confirmation,
    figure.source_id,
    nullif(figure.sender, '') as sender,
    figure.reported_at,
    figure.saved_at,
    figure.received_at,
    figure.withdrawn_at,
    figure.file_id,
    figure.row_no
from {{ ref('int_actual_figure') }} as figure
left join awaiting
    on figure.file_no = awaiting.file_no and figure.row_no = awaiting.row_no
