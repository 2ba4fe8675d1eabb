-- Grain: one revision that stands: no retraction, and not withdrawn by one. pick_rank 1 is the accepted figure of its key.
with

revisions as (

    select
        revision.*,
        source.tier
    from {{ ref('fct_actual_revision') }} as revision
    inner join {{ ref('int_source') }} as source
        on revision.source_id = source.source_id

),

withdrawals as (

    select
        region_code,
        indicator_id,
        scope,
        period,
        measure,
        source_id,
        max(coalesce(reported_at, date '9999-12-31')) as withdrawn_at
    from revisions
    where observation_status = 'retracted'
    group by all

)

-- a retraction withdraws what its source said until then
select
    revisions.region_code,
    revisions.indicator_id,
    revisions.scope,
    revisions.period,
    revisions.measure,
    revisions.revision_no,
    revisions.value,
    revisions.value_text,
    revisions.unit_printed,
    revisions.printed_precision,
    revisions.observation_status,
    revisions.source_id,
    revisions.reported_at,
    revisions.received_at,
    revisions.file_id,
    revisions.row_no,
    revisions.tier,
    -- by status, then tier, then date of report, then file hash; never by order of arrival
    row_number() over (
        partition by
            revisions.region_code, revisions.indicator_id, revisions.scope, revisions.period, revisions.measure
        order by
            case revisions.observation_status when 'final' then 1 when 'revised' then 2 else 3 end,
            case revisions.tier when 'official' then 1 when 'repost' then 2 else 3 end,
            revisions.reported_at desc nulls last,
            revisions.file_id asc,
            revisions.row_no asc
    ) as pick_rank,
    count(*) over (
        partition by
            revisions.region_code, revisions.indicator_id, revisions.scope, revisions.period, revisions.measure
    ) as standing_count
from revisions
left join withdrawals
    on
        revisions.region_code = withdrawals.region_code
        and revisions.indicator_id = withdrawals.indicator_id
        and revisions.scope = withdrawals.scope
        and revisions.period = withdrawals.period
        and revisions.measure = withdrawals.measure
        and revisions.source_id = withdrawals.source_id
where
    revisions.observation_status <> 'retracted'
    and (
        withdrawals.source_id is null
        or revisions.reported_at > withdrawals.withdrawn_at
    )
