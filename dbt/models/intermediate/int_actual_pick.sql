-- Grain: one revision that stands on a key with other revisions, and its place among them: 1 is the accepted figure.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_series('kept')) }}") }}
with

standing as (

    select
        revision.*,
        source.tier
    from {{ built_revisions() }} as revision
    inner join {{ ref('int_source') }} as source
        on revision.source_id = source.source_id
    where
        revision.revision_count > 1
        and revision.observation_status <> 'retracted'
        and revision.withdrawn_at is null

)

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
