-- Grain: one responsible unit of a region.
select
    department_id,
    department_name,
    region_code
from {{ ref('department') }}
