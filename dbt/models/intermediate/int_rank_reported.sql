-- Grain: region × indicator × scope × period: the place that was reported, by the as-of date. (A table of its own: there are few.)
select
    actual.region_code,
    actual.indicator_id,
    actual.scope,
    actual.period,
    cast(actual.value as integer) as rank
from {{ ref('fct_actual') }} as actual
inner join {{ ref('dim_period') }} as period
    on actual.period = period.period
inner join {{ source('raw', 'run_parameter') }} as run
    on {{ is_known('actual', 'period', 'run') }}
where actual.measure = 'rank' and actual.value is not null
