-- Grain: region × indicator × scope × period × measure: the accepted figure among all revisions.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_series('kept')) }}") }}
with

disputed as (

    select distinct
        region_code,
        indicator_id,
        scope,
        period,
        measure
    from {{ ref('int_actual_dispute') }}

)

select
    picked.region_code,
    picked.indicator_id,
    picked.scope,
    picked.period,
    picked.measure,
    picked.value,
    picked.value_text,
    picked.unit_printed,
    picked.observation_status,
    picked.awaits_confirmation,
    picked.source_id,
    picked.sender,
    picked.reported_at,
    picked.saved_at,
    picked.received_at,
    picked.revision_no,
    disputed.region_code is not null as is_disputed,
    picked.file_id,
    picked.row_no
from {{ ref('int_actual_standing') }} as picked
left join disputed
    on
        {{ same_key('picked', 'disputed') }}
where picked.pick_rank = 1
