-- Grain: region × indicator of which a night says anything anew, of a figure or of a target. Empty where everything is built.
select
    region_code,
    indicator_id
from {{ ref('int_actual_change') }}
union
select
    target.region_code,
    target.indicator_id
from {{ ref('int_target_mapped') }} as target
inner join {{ ref('int_target_change') }} as changed
    on target.target_id = changed.target_id
where target.indicator_id is not null
