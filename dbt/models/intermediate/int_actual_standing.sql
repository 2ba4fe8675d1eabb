-- Grain: one revision of a series built anew that stands: no retraction, and not withdrawn by one. pick_rank 1 is the accepted
-- figure of its key.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
select
    revision.region_code,
    revision.indicator_id,
    revision.scope,
    revision.period,
    revision.measure,
    revision.revision_no,
    revision.value,
    revision.value_text,
    revision.unit_printed,
    revision.printed_precision,
    revision.observation_status,
    revision.awaits_confirmation,
    revision.source_id,
    revision.sender,
    revision.reported_at,
    revision.saved_at,
    revision.received_at,
    revision.file_id,
    revision.row_no,
    -- most figures are alone on their key
    coalesce(pick.pick_rank, 1) as pick_rank,
    coalesce(pick.standing_count, 1) as standing_count
from {{ built_revisions() }} as revision
left join {{ ref('int_actual_pick') }} as pick
    on
        {{ same_key('revision', 'pick') }}
        and revision.revision_no = pick.revision_no
where
    revision.observation_status <> 'retracted'
    and revision.withdrawn_at is null
