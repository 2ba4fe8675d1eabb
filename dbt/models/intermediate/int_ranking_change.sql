-- Grain: peer group × indicator whose places a night works out anew, from a year on. Empty where everything is built.
select
    peer.peer_group_id,
    changed.indicator_id,
    min(changed.from_year) as from_year
from {{ ref('int_actual_change') }} as changed
inner join {{ ref('peer_group') }} as peer
    on changed.region_code = peer.region_code
group by peer.peer_group_id, changed.indicator_id
