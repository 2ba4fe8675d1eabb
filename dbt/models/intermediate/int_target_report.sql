-- Grain: target × period with a place, grade or completion: figures that are no value of the indicator.
-- A place that was reported goes before the one our own ranking gives.
with

targets as (

    select
        target.target_id,
        target.region_code,
        target.indicator_id,
        target.judged_by,
        fact.peer_group_id,
        asked.measure
    from {{ ref('int_target_bound') }} as target
    inner join {{ ref('int_target_measure') }} as asked
        on target.target_id = asked.target_id
    inner join {{ ref('fct_target') }} as fact
        on target.target_id = fact.target_id
    where {{ in_changed_target('target') }}

),

reported as (

    select
        targets.target_id,
        actual.period,
        actual.measure,
        actual.value,
        actual.value_text,
        actual.scope as scope_used,
        candidate.scope_rank,
        actual.source_id,
        {{ standing_status('actual') }} as observation_status,
        1 as preference
    from targets
    inner join {{ ref('int_target_scope') }} as candidate
        on targets.target_id = candidate.target_id
    inner join {{ ref('fct_actual') }} as actual
        on
            targets.region_code = actual.region_code
            and targets.indicator_id = actual.indicator_id
            and candidate.scope = actual.scope
            and targets.measure = actual.measure
    inner join {{ ref('dim_period') }} as period
        on actual.period = period.period
    inner join {{ source('raw', 'run_parameter') }} as run
        on {{ is_known('actual', 'period', 'run') }}

),

ranked as (

    select
        targets.target_id,
        ranking.period,
        'rank' as measure,
        cast(ranking.rank as decimal(24, 8)) as value,
        ranking.rank || '/' || ranking.peers_expected as value_text,
        ranking.scope as scope_used,
        candidate.scope_rank,
        actual.source_id,
        {{ standing_status('actual') }} as observation_status,
        2 as preference
    from targets
    inner join {{ ref('int_target_scope') }} as candidate
        on targets.target_id = candidate.target_id
    inner join {{ ref('fct_ranking') }} as ranking
        on
            targets.peer_group_id = ranking.peer_group_id
            and targets.region_code = ranking.region_code
            and targets.indicator_id = ranking.indicator_id
            and candidate.scope = ranking.scope
            and ranking.rank is not null
    inner join {{ ref('fct_actual') }} as actual
        on
            ranking.region_code = actual.region_code
            and ranking.indicator_id = actual.indicator_id
            and ranking.scope = actual.scope
            and ranking.period = actual.period
            and actual.measure = 'value'
    where targets.judged_by = 'rank'

),

known as (

    select
        target_id,
        period,
        measure,
        value,
        value_text,
        scope_used,
        scope_rank,
        source_id,
        observation_status,
        preference
    from reported
    union all
    select
        target_id,
        period,
        measure,
        value,
        value_text,
        scope_used,
        scope_rank,
        source_id,
        observation_status,
        preference
    from ranked

)

select
    known.target_id,
    known.period,
    period.period_type,
    period.year,
    known.measure,
    known.value,
    known.value_text,
    known.scope_used,
    known.source_id,
    known.observation_status
from known
inner join {{ ref('dim_period') }} as period
    on known.period = period.period
qualify row_number() over (partition by known.target_id, known.period order by known.preference, known.scope_rank) = 1
