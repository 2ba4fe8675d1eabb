-- Grain: region × indicator × scope × period × measure × known_from: what the warehouse held for the accepted figure, from when until when.
-- Stands on published tables alone. A question for one key reads that key only: hence no CTE is kept as a whole.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
with

held as {{ not_kept() }} (

    -- a figure is held from its receipt until the receipt of what takes it back
    select
        revision.*,
        coalesce(revision.withdrawn_at, cast('9999-12-31' as timestamp)) as held_until,
        source.tier
    from {{ ref('fct_actual_revision') }} as revision
    inner join {{ ref('dim_source') }} as source
        on revision.source_id = source.source_id
    where
        revision.observation_status <> 'retracted'
        and revision.received_at < coalesce(revision.withdrawn_at, cast('9999-12-31' as timestamp))

),

moments as {{ not_kept() }} (

    -- a figure that is alone on its key is accepted as long as it is held: only the others need a choice
    select
        region_code,
        indicator_id,
        scope,
        period,
        measure,
        received_at as moment
    from held
    where revision_count > 1
    union
    select
        region_code,
        indicator_id,
        scope,
        period,
        measure,
        withdrawn_at as moment
    from held
    where revision_count > 1 and withdrawn_at is not null

),

picked as {{ not_kept() }} (

    -- at every moment at which something came, the figure that is accepted among those held then; null where none is
    select
        moments.region_code,
        moments.indicator_id,
        moments.scope,
        moments.period,
        moments.measure,
        moments.moment,
        held.revision_no
    from moments
    left join held
        on
            {{ same_key('moments', 'held') }}
            and moments.moment >= held.received_at
            and moments.moment < held.held_until
    qualify row_number() over (
        partition by
            moments.region_code, moments.indicator_id, moments.scope, moments.period, moments.measure, moments.moment
        order by {{ pick_order('held.') }}
    ) = 1

),

changes as {{ not_kept() }} (

    -- most of what comes later changes nothing
    select *
    from picked
    qualify revision_no is distinct from lag(revision_no) over (
        partition by region_code, indicator_id, scope, period, measure
        order by moment
    )

),

intervals as {{ not_kept() }} (

    select
        region_code,
        indicator_id,
        scope,
        period,
        measure,
        revision_no,
        moment as known_from,
        lead(moment) over (
            partition by region_code, indicator_id, scope, period, measure
            order by moment
        ) as known_to
    from changes
    union all
    select
        region_code,
        indicator_id,
        scope,
        period,
        measure,
        revision_no,
        received_at as known_from,
        withdrawn_at as known_to
    from held
    where revision_count = 1

)

select
    intervals.region_code,
    intervals.indicator_id,
    intervals.scope,
    intervals.period,
    intervals.measure,
    intervals.known_from,
    intervals.known_to,
    held.value,
    held.value_text,
    held.unit_printed,
    held.observation_status,
    held.source_id,
    held.sender,
    held.reported_at,
    held.revision_no,
    held.file_id,
    held.row_no
from intervals
inner join held
    on
        {{ same_key('intervals', 'held') }}
        and intervals.revision_no = held.revision_no
