-- Grain: region × indicator × scope × period × measure: the accepted figure among all revisions.
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

),

standing as (

    -- a retraction withdraws what its source said until then
    select revisions.*
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

),

picked as (

    -- by status, then tier, then date of report, then file hash; never by order of arrival
    select *
    from standing
    qualify row_number() over (
        partition by region_code, indicator_id, scope, period, measure
        order by
            case observation_status when 'final' then 1 when 'revised' then 2 else 3 end,
            case tier when 'official' then 1 when 'repost' then 2 else 3 end,
            reported_at desc nulls last,
            file_id asc,
            row_no asc
    ) = 1

),

rivals as (

    -- what each source says last, with the status of the picked figure: an earlier or lesser status is no contradiction
    select standing.*
    from standing
    inner join picked
        on
            standing.region_code = picked.region_code
            and standing.indicator_id = picked.indicator_id
            and standing.scope = picked.scope
            and standing.period = picked.period
            and standing.measure = picked.measure
            and standing.observation_status = picked.observation_status
    qualify row_number() over (
        partition by
            standing.region_code, standing.indicator_id, standing.scope, standing.period, standing.measure,
            standing.source_id
        order by standing.reported_at desc nulls last, standing.file_id asc, standing.row_no asc
    ) = 1

),

disagreement as (

    select
        rivals.region_code,
        rivals.indicator_id,
        rivals.scope,
        rivals.period,
        rivals.measure,
        -- figures that are equal at the coarser printed precision do not disagree
        bool_or(
            abs(rivals.value - picked.value) * 2 > greatest(rivals.printed_precision, picked.printed_precision)
        ) as is_disputed
    from rivals
    inner join picked
        on
            rivals.region_code = picked.region_code
            and rivals.indicator_id = picked.indicator_id
            and rivals.scope = picked.scope
            and rivals.period = picked.period
            and rivals.measure = picked.measure
    group by all

)

select
    picked.region_code,
    picked.indicator_id,
    picked.scope,
    picked.period,
    picked.measure,
    picked.value,
    picked.value_text,
    picked.unit_printed,
    picked.observation_status,
    picked.source_id,
    picked.reported_at,
    picked.revision_no,
    coalesce(disagreement.is_disputed, false) as is_disputed,
    picked.file_id,
    picked.row_no
from picked
left join disagreement
    on
        picked.region_code = disagreement.region_code
        and picked.indicator_id = disagreement.indicator_id
        and picked.scope = disagreement.scope
        and picked.period = disagreement.period
        and picked.measure = disagreement.measure
