-- Grain: one name in a target's responsible-unit cell; department_id is null where seeds/department.csv lacks it.
with

names as (

    select
        target_id,
        region_code,
        unnest(regexp_split_to_array(department_text, '[、，,；;\s]+')) as department_name
    from {{ ref('stg_target') }}

)

select distinct
    names.target_id,
    names.region_code,
    names.department_name,
    department.department_id
from names
left join {{ ref('department') }} as department
    on names.department_name = department.department_name and names.region_code = department.region_code
where not regexp_full_match(names.department_name, '[-—/]*')
