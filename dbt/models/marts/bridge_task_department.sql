-- Grain: one responsible unit of one task.
{{ config(materialized=kept()) }}
select
    owner_id as task_id,
    department_id
from {{ source('raw', 'responsible_unit') }}
where owner_kind = 'task' and {{ when_seeds_changed() }}
