-- Grain: peer group × region × indicator × scope × period: the region's place among its peers.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_ranking('kept.peer_group_id', 'kept.indicator_id', 'kept.period')) }}") }}
select
    peer_group_id,
    peer_group_name,
    region_code,
    indicator_id,
    scope,
    period,
    rank,
    peers_expected,
    peers_present,
    value,
    reported_rank
from {{ ref('int_ranking') }}
-- one region alone is no ranking
where peers_present > 1
