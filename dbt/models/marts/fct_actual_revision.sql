-- Grain: one accepted figure of one source: region × indicator × scope × period × measure × revision_no.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_series('kept')) }}") }}
select
    region_code,
    indicator_id,
    scope,
    period,
    measure,
    revision_no,
    revision_count,
    value,
    value_text,
    unit_printed,
    printed_precision,
    observation_status,
    status_printed,
    awaits_confirmation,
    source_id,
    sender,
    reported_at,
    saved_at,
    received_at,
    withdrawn_at,
    file_id,
    row_no
from {{ ref('int_actual_revised') }}
