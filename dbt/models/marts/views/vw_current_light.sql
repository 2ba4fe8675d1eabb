-- Grain: one target, with its current evaluation in words.
with

responsible as (

    {{ departments_of_targets() }}

)

select
    target.target_id,
    target.region_code,
    region.region_name,
    region.region_path,
    indicator.domain,
    target.indicator_id,
    indicator.indicator_name,
    indicator.indicator_name_en,
    target.scope,
    scope.label as scope_label,
    scope.label_en as scope_label_en,
    target.designation,
    target.target_kind,
    target_kind.label as target_kind_label,
    target_kind.label_en as target_kind_label_en,
    target.period as target_period,
    target.value_text as target_text,
    target.target_value_std as target_value,
    attainment.evaluation_period,
    attainment.measured_value as actual_value,
    attainment.measured_unit as unit,
    attainment.gap,
    attainment.attainment_ratio,
    attainment.verdict,
    verdict.label as verdict_label,
    verdict.label_en as verdict_label_en,
    attainment.light,
    light.label as light_label,
    light.label_en as light_label_en,
    attainment.reason,
    attainment.reason_en,
    responsible.departments,
    attainment.is_overdue,
    target.is_primary,
    target.part_no,
    document.title as document_title,
    target.table_ref,
    target.row_no,
    target.column_ref,
    concat_ws(' ', '《' || document.title || '》', target.table_ref, '第' || target.row_no || '项', target.indicator_text, target.column_ref)
        as source_cell,
    source.title as actual_source_title,
    attainment.as_of_date
from {{ ref('fct_target') }} as target
inner join {{ ref('fct_attainment') }} as attainment
    on target.target_id = attainment.target_id and attainment.is_current
inner join {{ ref('dim_region') }} as region
    on target.region_code = region.region_code
inner join {{ ref('dim_indicator') }} as indicator
    on target.indicator_id = indicator.indicator_id
inner join {{ ref('dim_document') }} as document
    on target.document_id = document.document_id
left join {{ ref('dim_source') }} as source
    on attainment.actual_source = source.source_id
left join responsible
    on target.target_id = responsible.target_id
left join {{ ref('dim_code') }} as scope
    on scope.codelist = 'scope' and target.scope = scope.code
left join {{ ref('dim_code') }} as target_kind
    on target_kind.codelist = 'target_kind' and target.target_kind = target_kind.code
left join {{ ref('dim_code') }} as verdict
    on verdict.codelist = 'verdict' and attainment.verdict = verdict.code
left join {{ ref('dim_code') }} as light
    on light.codelist = 'light' and attainment.light = light.code
