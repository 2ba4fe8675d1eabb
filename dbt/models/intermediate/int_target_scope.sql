-- Grain: one scope a target may take its actual from, with its rank (1 is tried first).
{{ config(materialized=kept()) }}
with

targets as (

    select
        target_id,
        region_code,
        domain,
        scope
    from {{ ref('int_target_mapped') }}
    where indicator_id is not null and {{ when_seeds_changed() }}

),

named as (

    select
        target_id,
        scope,
        1 as scope_rank
    from targets
    where scope <> 'unspecified'

),

fallback as (

    -- the rule written for the region and domain goes before the one for all
    select
        targets.target_id,
        fallback.scope,
        row_number() over (
            partition by targets.target_id
            order by (fallback.region_code = '*')::integer + (fallback.domain = '*')::integer, fallback.priority
        ) as scope_rank
    from targets
    inner join {{ ref('scope_fallback') }} as fallback
        on
            fallback.region_code in (targets.region_code, '*')
            and fallback.domain in (targets.domain, '*')
    where targets.scope = 'unspecified'
    qualify row_number() over (
        partition by targets.target_id, fallback.scope
        order by (fallback.region_code = '*')::integer + (fallback.domain = '*')::integer, fallback.priority
    ) = 1

)

select
    target_id,
    scope,
    scope_rank
from named
union all
select
    target_id,
    scope,
    scope_rank
from fallback
