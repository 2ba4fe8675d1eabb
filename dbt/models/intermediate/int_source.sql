-- Grain: one publisher of actuals, listed in seeds/source.csv or met in a file.
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
        source_title as title,
        source_url as url
    from {{ source('raw', 'actual') }}

),

unlisted as (

    -- nobody has vouched for a source that is not listed, so it weighs least
    select
        'unlisted_' || left(sha256(met.title || '|' || met.url), 12) as source_id,
        met.title,
        met.url,
        'second-hand' as tier
    from met
    left join listed
        on met.title = listed.title and met.url = listed.url
    where listed.source_id is null

)

select
    source_id,
    title,
    url,
    tier
from listed
union all
select
    source_id,
    title,
    url,
    tier
from unlisted
