-- Grain: one region: province, prefecture, county, township or functional zone.
with recursive

paths as (

    select
        region_code,
        region_name,
        region_level,
        parent_region_code,
        region_name as region_path
    from {{ ref('region') }}
    where parent_region_code is null

    union all

    select
        child.region_code,
        child.region_name,
        child.region_level,
        child.parent_region_code,
        parent.region_path || '/' || child.region_name as region_path
    from {{ ref('region') }} as child
    inner join paths as parent
        on child.parent_region_code = parent.region_code

)

select
    region_code,
    region_name,
    region_level,
    parent_region_code,
    region_path
from paths
