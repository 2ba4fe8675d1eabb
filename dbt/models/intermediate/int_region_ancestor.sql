-- Grain: a region × itself and each region above it.
with recursive

chain as (

    select
        region_code as member_code,
        region_code,
        region_level,
        parent_region_code
    from {{ ref('region') }}

    union all

    select
        chain.member_code,
        above.region_code,
        above.region_level,
        above.parent_region_code
    from chain
    inner join {{ ref('region') }} as above
        on chain.parent_region_code = above.region_code

)

select
    member_code,
    region_code,
    region_level
from chain
