-- Grain: region × indicator × scope × period × measure: the accepted figure among all revisions.
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
    picked.source_id,
    picked.reported_at,
    picked.revision_no,
    disputed.region_code is not null as is_disputed,
    picked.file_id,
    picked.row_no
from {{ ref('int_actual_standing') }} as picked
left join disputed
    on
        picked.region_code = disputed.region_code
        and picked.indicator_id = disputed.indicator_id
        and picked.scope = disputed.scope
        and picked.period = disputed.period
        and picked.measure = disputed.measure
where picked.pick_rank = 1
