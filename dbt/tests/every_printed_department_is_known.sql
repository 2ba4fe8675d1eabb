{{ config(meta={'dagster': {'ref': {'name': 'int_target_department'}}}) }}

-- Names in the responsible-unit cells of seeds/target.csv that seeds/department.csv does not have for that region.
select
    target_id,
    region_code,
    department_name
from {{ ref('int_target_department') }}
where department_id is null
