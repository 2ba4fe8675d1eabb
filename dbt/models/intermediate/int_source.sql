-- Grain: one publisher of actuals: listed in seeds/source.csv, or met in a file (a department of the seeds, or a stranger).
with

listed as (

    select
        source_id,
        title,
        coalesce(url, '') as url,
        tier
    from {{ ref('source') }}

),

met as (

    select distinct
        actual.source_title as title,
        actual.source_url as url
    from {{ ref('int_actual_combination') }} as actual
    left join listed
        on actual.source_title = listed.title and actual.source_url = listed.url
    where listed.source_id is null

),

department as (

    -- a department reports under its name and region, whatever address it gives
    select
        department.department_id,
        department.department_name || '（' || region.region_name || '）' as title
    from {{ ref('department') }} as department
    inner join {{ ref('region') }} as region
        on department.region_code = region.region_code

),

known_by_name as (

    select
        met.title,
        met.url,
        department.department_id,
        department.title as department_title
    from met
    left join department
        on {{ normalise_label('met.title') }} = {{ normalise_label('department.title') }}

)

select
    source_id,
    title,
    url,
    tier,
    null as department_id
from listed
union all
select distinct
    'department_' || department_id as source_id,
    department_title as title,
    '' as url,
    'official' as tier,
    department_id
from known_by_name
where department_id is not null
union all
-- nobody has vouched for a source that is not listed, so it weighs least
select
    'unlisted_' || left({{ fingerprint("title || '|' || url") }}, 12) as source_id,
    title,
    url,
    'second-hand' as tier,
    null as department_id
from known_by_name
where department_id is null
