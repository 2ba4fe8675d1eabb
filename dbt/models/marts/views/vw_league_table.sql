-- Grain: peer group × indicator × scope × period × region: the region's place among its peers, in words.
select
    ranking.peer_group_id,
    ranking.peer_group_name,
    indicator.domain,
    ranking.indicator_id,
    indicator.indicator_name,
    indicator.indicator_name_en,
    indicator.direction,
    ranking.scope,
    scope.label as scope_label,
    scope.label_en as scope_label_en,
    ranking.period,
    period.year,
    ranking.region_code,
    region.region_name,
    ranking.rank,
    ranking.reported_rank,
    ranking.value,
    indicator.unit,
    ranking.peers_present,
    ranking.peers_expected,
    ranking.peers_present = ranking.peers_expected as is_complete,
    -- of two periods that end on one day, the longer one
    ranking.period = first_value(ranking.period) over (
        partition by ranking.peer_group_id, ranking.indicator_id, ranking.scope
        order by period.period_end desc, period.period_start asc, ranking.period asc
    ) as is_latest
from {{ ref('fct_ranking') }} as ranking
inner join {{ ref('dim_indicator') }} as indicator
    on ranking.indicator_id = indicator.indicator_id
inner join {{ ref('dim_region') }} as region
    on ranking.region_code = region.region_code
inner join {{ ref('dim_period') }} as period
    on ranking.period = period.period
left join {{ ref('dim_code') }} as scope
    on scope.codelist = 'scope' and ranking.scope = scope.code
