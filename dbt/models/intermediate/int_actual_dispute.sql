-- Grain: one source that says something else of a key than the figure picked there (both figures of the same status).
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_series('kept')) }}") }}
with

latest as (

    -- what each source says last; alone on its key, a figure has nobody to disagree with
    select *
    from {{ ref('int_actual_standing') }}
    where standing_count > 1
    qualify pick_rank = 1 or row_number() over (
        partition by region_code, indicator_id, scope, period, measure, source_id
        order by reported_at desc nulls last, saved_at desc nulls last, awaits_confirmation asc, file_id asc, row_no asc
    ) = 1

)

select
    rival.region_code,
    rival.indicator_id,
    rival.scope,
    rival.period,
    rival.measure,
    picked.value,
    picked.value_text,
    picked.source_id,
    picked.file_id,
    picked.row_no,
    rival.value as rival_value,
    rival.value_text as rival_value_text,
    rival.source_id as rival_source_id,
    rival.file_id as rival_file_id,
    rival.row_no as rival_row_no
from latest as rival
inner join latest as picked
    on
        {{ same_key('rival', 'picked') }}
        and picked.pick_rank = 1
where
    rival.pick_rank > 1
    -- an earlier or lesser status is no contradiction, and figures equal at the coarser printed precision are one
    and rival.observation_status = picked.observation_status
    and abs(rival.value - picked.value) * 2 > greatest(rival.printed_precision, picked.printed_precision)
