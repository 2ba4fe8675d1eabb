-- Grain: one scored target (township × scored indicator × period) that has an actual of its own period.
with

rules as (

    select distinct
        rule_id,
        rule_name,
        method,
        peer_group_id
    from {{ ref('score_rule') }}

),

group_sizes as (

    select distinct
        peer_group_id,
        expected_members
    from {{ ref('peer_group') }}

),

scored as (

    select
        target.target_id,
        target.region_code,
        target.indicator_id,
        attainment.scope_used as scope,
        target.period,
        rules.rule_id,
        rules.rule_name,
        rules.method,
        rules.peer_group_id,
        group_sizes.expected_members as peers_expected,
        case when rules.method = 'attainment' then attainment.attainment_ratio end as ratio_used
    from {{ ref('fct_target') }} as target
    inner join rules
        on target.rule_id = rules.rule_id
    inner join {{ ref('fct_attainment') }} as attainment
        on
            target.target_id = attainment.target_id
            and target.period = attainment.evaluation_period
            and attainment.actual_value is not null
    left join group_sizes
        on rules.peer_group_id = group_sizes.peer_group_id

),

ranked as (

    select
        scored.*,
        ranking.rank as rank_used,
        -- alone in the group, a region has a figure and no ranking
        case when scored.peer_group_id is not null then coalesce(ranking.peers_present, 1) end as peers_present
    from scored
    left join {{ ref('fct_ranking') }} as ranking
        on
            scored.peer_group_id = ranking.peer_group_id
            and scored.region_code = ranking.region_code
            and scored.indicator_id = ranking.indicator_id
            and scored.scope = ranking.scope
            and scored.period = ranking.period

)

select
    ranked.target_id,
    ranked.region_code,
    ranked.indicator_id,
    ranked.scope,
    ranked.period,
    ranked.rule_id,
    ranked.rule_name,
    ranked.method,
    ranked.peer_group_id,
    ranked.rank_used,
    ranked.ratio_used,
    ranked.peers_expected,
    ranked.peers_present,
    cast(
        case
            when ranked.method = 'rank_bands' then band.score_percent
            -- written out, for least() would give the ceiling where there is no ratio
            when ranked.ratio_used * 100 > band.score_percent then band.score_percent
            else ranked.ratio_used * 100
        end as decimal(7, 4)
    ) as score
from ranked
left join {{ ref('score_rule') }} as band
    on
        ranked.rule_id = band.rule_id
        and (
            (ranked.method = 'attainment')
            or (ranked.rank_used between band.rank_from and band.rank_to)
        )
