-- Grain: peer group × region × indicator × scope × period with a figure: its place, as far as the group is complete.
-- As verdicts do, a ranking uses no figure of a period that had not ended by the as-of date, and none reported later.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
with

-- (numbers, for millions of rows are sorted by them)
groups as (

    select
        peer_group_id,
        min(peer_group_name) as peer_group_name,
        min(expected_members) as expected_members,
        row_number() over (order by peer_group_id) as group_no
    from {{ ref('peer_group') }}
    group by peer_group_id

),

indicators as (

    select
        indicator_id,
        direction,
        row_number() over (order by indicator_id) as indicator_no
    from {{ ref('indicator') }}

),

members as (

    select
        groups.group_no,
        indicators.indicator_no,
        actual.region_code,
        actual.scope,
        actual.period,
        actual.value,
        -- the best figure is the highest in this order, whichever way is better
        case indicators.direction when 'lower' then -actual.value else actual.value end as merit
    from {{ ref('fct_actual') }} as actual
    inner join {{ ref('dim_period') }} as period
        on actual.period = period.period
    inner join {{ source('raw', 'run_parameter') }} as run
        on {{ is_known('actual', 'period', 'run') }}
    inner join {{ ref('peer_group') }} as peer
        on actual.region_code = peer.region_code
    inner join groups
        on peer.peer_group_id = groups.peer_group_id
    inner join indicators
        on
            actual.indicator_id = indicators.indicator_id
            and indicators.direction in ('higher', 'lower')
    where
        actual.measure = 'value'
        and actual.value is not null
        and {{ in_changed_ranking('peer.peer_group_id', 'actual.indicator_id', 'actual.period') }}

),

placed as (

    select
        *,
        -- (in the order of the places, over the whole group: one sort serves both)
        count(*) over (
            partition by group_no, indicator_no, scope, period
            order by merit desc
            rows between unbounded preceding and unbounded following
        ) as peers_present,
        -- standard competition ranking: equal figures share the better place, and the next place is skipped
        rank() over (partition by group_no, indicator_no, scope, period order by merit desc) as place
    from members

)

select
    groups.peer_group_id,
    groups.peer_group_name,
    placed.region_code,
    indicators.indicator_id,
    placed.scope,
    placed.period,
    cast(case when placed.peers_present = groups.expected_members then placed.place end as integer) as rank,
    groups.expected_members as peers_expected,
    cast(placed.peers_present as integer) as peers_present,
    placed.value,
    reported.rank as reported_rank
from placed
inner join groups
    on placed.group_no = groups.group_no
inner join indicators
    on placed.indicator_no = indicators.indicator_no
left join {{ ref('int_rank_reported') }} as reported
    on
        placed.region_code = reported.region_code
        and indicators.indicator_id = reported.indicator_id
        and placed.scope = reported.scope
        and placed.period = reported.period
