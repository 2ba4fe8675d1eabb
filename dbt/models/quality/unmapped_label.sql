-- Grain: one label (with qualifier and unit) of targets or actuals that joins no indicator, why, and what comes closest.
with

unmapped_actual as (

    select
        indicator_text,
        qualifier,
        unit_text,
        mapping_status,
        file_id,
        min(first_row_no) as row_no,
        sum(row_count) as row_count
    from {{ ref('int_actual_count') }}
    where mapping_status <> 'mapped'
    group by all

),

labels as (

    select
        'target' as origin,
        label_read || case when sub_label_read is null or sub_label_read = '' then '' else '/' || sub_label_read end as label_text,
        '' as qualifier,
        coalesce(unit_text, '') as unit_text,
        'unmapped' as why,
        target_id as example,
        1 as row_count
    from {{ ref('int_target_mapped') }}
    where indicator_id is null

    union all

    select
        'actual' as origin,
        actual.indicator_text as label_text,
        actual.qualifier,
        actual.unit_text,
        actual.mapping_status as why,
        file.file_name || ' row ' || actual.row_no as example,
        actual.row_count
    from unmapped_actual as actual
    inner join {{ ref('received_file') }} as file
        on actual.file_id = file.file_id and file.status = 'accepted'

),

listed as (

    select
        origin,
        label_text,
        qualifier,
        unit_text,
        why,
        cast(sum(row_count) as bigint) as row_count,
        min(example) as example
    from labels
    group by all

),

known as (

    select distinct
        label_key || sub_key as label_key,
        indicator_id
    from {{ ref('stg_label') }}

),

compared as (

    -- the likeliest label of each indicator
    select
        unmapped.label_text,
        known.indicator_id,
        max({{ label_similarity('unmapped.label_key', 'known.label_key') }}) as similarity
    from (
        select distinct
            label_text,
            {{ normalise_label('label_text') }} as label_key
        from listed
    ) as unmapped
    cross join known
    group by unmapped.label_text, known.indicator_id
    having max({{ label_similarity('unmapped.label_key', 'known.label_key') }}) >= 0.5
    qualify row_number() over (partition by unmapped.label_text order by similarity desc, known.indicator_id asc) <= 3

),

candidates as (

    select
        compared.label_text,
        {{ listed(
            "indicator.indicator_name || ' [' || compared.indicator_id || ' ' || " ~ fixed('compared.similarity', 2) ~ " || ']'",
            '；', 'compared.similarity desc, compared.indicator_id asc'
        ) }} as candidates
    from compared
    inner join {{ ref('indicator') }} as indicator
        on compared.indicator_id = indicator.indicator_id
    group by compared.label_text

)

select
    listed.origin,
    listed.label_text,
    listed.qualifier,
    listed.unit_text,
    listed.why,
    listed.row_count,
    listed.example,
    candidates.candidates
from listed
left join candidates
    on listed.label_text = candidates.label_text
