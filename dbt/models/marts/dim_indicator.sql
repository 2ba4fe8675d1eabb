-- Grain: one indicator: a concept, whatever each plan calls it; with the row `unmapped` for labels without one.
select
    indicator_id,
    indicator_name,
    indicator_name_en,
    unit,
    direction,
    measure_type,
    is_limit,
    is_additive,
    domain
from {{ ref('indicator') }}
union all
select
    'unmapped' as indicator_id,
    '未对应指标' as indicator_name,
    'No indicator yet' as indicator_name_en,
    '1' as unit,
    'none' as direction,
    'state' as measure_type,
    false as is_limit,
    false as is_additive,
    '未分类' as domain
