{{ config(meta={'dagster': {'ref': {'name': 'stg_label'}}}) }}

-- Labels that two rows of the crosswalk give to different indicators once spelling is normalised: each must join once.
select
    label_key || case when sub_key = '' then '' else '/' || sub_key end as joined_label,
    qualifier_key,
    count(*) as row_count
from {{ ref('stg_label') }}
group by all
having count(*) > 1
