-- Grain: department × target it answers for, with the current evaluation in words.
select
    bridge.department_id,
    department.department_name,
    department_region.region_name as department_region_name,
    bridge.is_lead,
    light.target_id,
    light.region_name,
    light.domain,
    light.indicator_name,
    light.indicator_name_en,
    light.scope_label,
    light.scope_label_en,
    light.target_period,
    light.target_text,
    light.evaluation_period,
    light.actual_value,
    light.unit,
    light.gap,
    light.verdict,
    light.verdict_label,
    light.verdict_label_en,
    light.light,
    light.light_label,
    light.light_label_en,
    light.reason,
    light.reason_en,
    light.is_overdue,
    light.is_primary,
    light.part_no,
    light.source_cell,
    light.as_of_date
from {{ ref('bridge_target_department') }} as bridge
inner join {{ ref('dim_department') }} as department
    on bridge.department_id = department.department_id
inner join {{ ref('dim_region') }} as department_region
    on department.region_code = department_region.region_code
inner join {{ ref('vw_current_light') }} as light
    on bridge.target_id = light.target_id
