-- Grain: one task, project, reform, key work or result a plan lists.
with

tied_targets as (

    select
        task_id,
        count(*) as target_count
    from {{ ref('stg_target') }}
    where task_id is not null and part_no = 0
    group by task_id

)

select
    {{ task_id('task.') }} as task_id,
    task.document_id,
    task.table_ref,
    cast(task.task_no as integer) as task_no,
    task.row_no,
    task.section_text,
    task.task_text as task_name,
    task.task_kind,
    task.domain_text,
    task.area_text,
    task.type_text,
    task.department_text,
    document.region_code,
    cast(coalesce(tied_targets.target_count, 0) as integer) as target_count
from {{ ref('task') }} as task
inner join {{ ref('document') }} as document
    on task.document_id = document.document_id
left join tied_targets
    on {{ task_id('task.') }} = tied_targets.task_id
