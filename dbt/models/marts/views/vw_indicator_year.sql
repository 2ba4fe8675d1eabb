-- Grain: region × indicator × scope × year, with names: actual beside target, for charts over the years.
select
    by_year.region_code,
    region.region_name,
    indicator.domain,
    by_year.indicator_id,
    indicator.indicator_name,
    indicator.indicator_name_en,
    by_year.scope,
    scope.label as scope_label,
    scope.label_en as scope_label_en,
    by_year.year,
    by_year.actual_value,
    by_year.target_value,
    indicator.unit,
    by_year.observation_status,
    status.label as observation_status_label,
    status.label_en as observation_status_label_en,
    by_year.primary_target_id,
    by_year.verdict,
    verdict.label as verdict_label,
    verdict.label_en as verdict_label_en,
    by_year.light,
    light.label as light_label,
    light.label_en as light_label_en,
    by_year.has_conflict
from {{ ref('fct_indicator_year') }} as by_year
inner join {{ ref('dim_region') }} as region
    on by_year.region_code = region.region_code
inner join {{ ref('dim_indicator') }} as indicator
    on by_year.indicator_id = indicator.indicator_id
left join {{ ref('dim_code') }} as scope
    on scope.codelist = 'scope' and by_year.scope = scope.code
left join {{ ref('dim_code') }} as status
    on status.codelist = 'observation_status' and by_year.observation_status = status.code
left join {{ ref('dim_code') }} as verdict
    on verdict.codelist = 'verdict' and by_year.verdict = verdict.code
left join {{ ref('dim_code') }} as light
    on light.codelist = 'light' and by_year.light = light.code
