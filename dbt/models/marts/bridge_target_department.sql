-- Grain: one responsible unit of one target.
select
    target_id,
    department_id,
    -- these four tables print no 牵头 (lead) mark
    cast(null as boolean) as is_lead
from {{ ref('int_target_department') }}
where department_id is not null
