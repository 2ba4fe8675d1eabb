-- Grain: one label as targets bear it (label, sub-label, task): what it means, looked up once however many targets bear it.
{{ config(materialized=kept()) }}
with

borne as (

    select distinct
        target.label_read,
        coalesce(target.sub_label_read, '') as sub_label_read,
        coalesce(target.task_id, '') as task_id,
        {{ normalise_label('target.label_read') }} as label_key,
        {{ normalise_label('target.sub_label_read') }} as sub_key,
        {{ normalise_label('task.task_text') }} as task_key
    from {{ ref('stg_target') }} as target
    left join {{ ref('task') }} as task
        on target.task_id = {{ task_id('task.') }}
    where {{ when_seeds_changed() }}

)

select
    borne.label_read,
    borne.sub_label_read,
    borne.task_id,
    -- what the label means within its task goes before what it means anywhere
    case when within_task.label_key is null then anywhere.indicator_id else within_task.indicator_id end as indicator_id,
    case when within_task.label_key is null then anywhere.default_unit else within_task.default_unit end as default_unit,
    case when within_task.label_key is null then anywhere.qualifier_key else within_task.qualifier_key end as label_qualifier,
    coalesce(case when within_task.label_key is null then anywhere.is_reciprocal else within_task.is_reciprocal end, false)
        as is_reciprocal
from borne
left join {{ ref('stg_label') }} as within_task
    on
        borne.label_key = within_task.label_key
        and borne.sub_key = within_task.sub_key
        and borne.task_key = within_task.qualifier_key
        and within_task.qualifier_key <> ''
left join {{ ref('stg_label') }} as anywhere
    on
        borne.label_key = anywhere.label_key
        and borne.sub_key = anywhere.sub_key
        and anywhere.qualifier_key = ''
