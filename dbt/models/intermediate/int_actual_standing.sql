-- Grain: one revision that stands: no retraction, and not withdrawn by one. pick_rank 1 is the accepted figure of its key.
with

standing as (

    select
        revision.*,
        source.tier
    from {{ ref('fct_actual_revision') }} as revision
    inner join {{ ref('int_source') }} as source
        on revision.source_id = source.source_id
    where
        revision.observation_status <> 'retracted'
        and revision.withdrawn_at is null

),

ranked as (

    -- most figures are alone on their key: only the others need an order
    select
        region_code,
        indicator_id,
        scope,
        period,
        measure,
        revision_no,
        row_number() over (
            partition by region_code, indicator_id, scope, period, measure
            order by {{ pick_order() }}
        ) as pick_rank,
        count(*) over (partition by region_code, indicator_id, scope, period, measure) as standing_count
    from standing
    where revision_count > 1

)

select
    standing.region_code,
    standing.indicator_id,
    standing.scope,
    standing.period,
    standing.measure,
    standing.revision_no,
    standing.value,
    standing.value_text,
    standing.unit_printed,
    standing.printed_precision,
    standing.observation_status,
    standing.awaits_confirmation,
    standing.source_id,
    standing.sender,
    standing.reported_at,
    standing.saved_at,
    standing.received_at,
    standing.file_id,
    standing.row_no,
    standing.tier,
    coalesce(ranked.pick_rank, 1) as pick_rank,
    coalesce(ranked.standing_count, 1) as standing_count
from standing
left join ranked
    on
        {{ same_key('standing', 'ranked') }}
        and standing.revision_no = ranked.revision_no
