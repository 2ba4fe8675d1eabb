-- Grain: one label (with qualifier and unit) of targets or actuals that joins no indicator, and why.
with

labels as (

    select
        'target' as origin,
        indicator_text || case when indicator_sub_text is null then '' else '/' || indicator_sub_text end as label_text,
        '' as qualifier,
        coalesce(unit_text, '') as unit_text,
        'unmapped' as why,
        target_id as example
    from {{ ref('int_target_mapped') }}
    where indicator_id is null

    union all

    select
        'actual' as origin,
        actual.indicator_text as label_text,
        actual.qualifier,
        actual.unit_text,
        actual.mapping_status as why,
        file.file_name || ' row ' || actual.row_no as example
    from {{ ref('int_actual_mapped') }} as actual
    inner join {{ ref('received_file') }} as file
        on actual.file_id = file.file_id and file.status = 'accepted'
    where actual.mapping_status <> 'mapped'

)

select
    origin,
    label_text,
    qualifier,
    unit_text,
    why,
    count(*) as row_count,
    min(example) as example
from labels
group by all
