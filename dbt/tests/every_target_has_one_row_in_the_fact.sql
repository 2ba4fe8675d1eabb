{{ config(meta={'dagster': {'ref': {'name': 'fct_target'}}}) }}

-- Rows of seeds/target.csv that are missing from fct_target, or stand there more than once.
select
    seed_row.target_id,
    count(fact.target_id) as row_count
from {{ ref('stg_target') }} as seed_row
left join {{ ref('fct_target') }} as fact
    on seed_row.target_id = fact.target_id
group by seed_row.target_id
having count(fact.target_id) <> 1
