-- Grain: peer group × region × indicator × scope × period with a figure: its place, as far as the group is complete.
-- As verdicts do, a ranking uses no figure of a period that had not ended by the as-of date, and none reported later.
with

known_figures as (

    select
        actual.region_code,
        actual.indicator_id,
        actual.scope,
        actual.period,
        actual.measure,
        actual.value
    from {{ ref('fct_actual') }} as actual
    inner join {{ ref('dim_period') }} as period
        on actual.period = period.period
    inner join {{ source('raw', 'run_parameter') }} as run
        on {{ is_known('actual', 'period', 'run') }}
    where actual.value is not null

),

members as (

    select
        peer.peer_group_id,
        peer.peer_group_name,
        peer.expected_members,
        figure.region_code,
        figure.indicator_id,
        figure.scope,
        figure.period,
        figure.value,
        reported.value as reported_value,
        -- the best figure is the highest in this order, whichever way is better
        case indicator.direction when 'lower' then -figure.value else figure.value end as merit
    from known_figures as figure
    inner join {{ ref('peer_group') }} as peer
        on figure.region_code = peer.region_code
    inner join {{ ref('indicator') }} as indicator
        on
            figure.indicator_id = indicator.indicator_id
            and indicator.direction in ('higher', 'lower')
    left join known_figures as reported
        on
            figure.region_code = reported.region_code
            and figure.indicator_id = reported.indicator_id
            and figure.scope = reported.scope
            and figure.period = reported.period
            and reported.measure = 'rank'
    where figure.measure = 'value'

),

placed as (

    select
        *,
        count(*) over (partition by peer_group_id, indicator_id, scope, period) as peers_present,
        -- standard competition ranking: equal figures share the better place, and the next place is skipped
        rank() over (partition by peer_group_id, indicator_id, scope, period order by merit desc) as place
    from members

)

select
    peer_group_id,
    peer_group_name,
    region_code,
    indicator_id,
    scope,
    period,
    cast(case when peers_present = expected_members then place end as integer) as rank,
    expected_members as peers_expected,
    cast(peers_present as integer) as peers_present,
    value,
    cast(reported_value as integer) as reported_rank
from placed
