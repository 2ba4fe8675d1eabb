-- Grain: document × table_ref × line_no × column_ref × region × scope × period × part_no: one printed target.
{{ config(materialized=kept()) }}
with

rule_groups as (

    select distinct
        rule_id,
        peer_group_id
    from {{ ref('score_rule') }}

)

select
    target.target_id,
    target.document_id,
    target.table_ref,
    target.line_no,
    target.column_ref,
    target.region_code,
    target.scope,
    target.period,
    target.part_no,
    target.row_no,
    target.printed_category,
    target.section_text,
    target.indicator_text,
    target.indicator_sub_text,
    coalesce(target.indicator_id, 'unmapped') as indicator_id,
    target.value_text,
    target.target_kind,
    target.comparator,
    target.target_value,
    target.target_value_high,
    target.stretch_value,
    target.unit_text as unit,
    target.target_value_std,
    target.target_value_high_std,
    target.stretch_value_std,
    target.baseline_period,
    target.reference_indicator_id,
    coalesce(rule_group.peer_group_id, named_group.peer_group_id) as peer_group_id,
    target.rule_id,
    target.designation,
    target.marks,
    target.is_provisional,
    target.printed_status,
    target.is_primary,
    target.task_id,
    nullif(target.correction, '') as correction
from {{ ref('int_target_mapped') }} as target
left join rule_groups as rule_group
    on target.rule_id = rule_group.rule_id
-- 全省, 全市 or 全区 mean other peers for each region
left join {{ ref('peer_group') }} as named_group
    on
        target.target_kind = 'rank'
        and target.region_code = named_group.region_code
        and target.reference_text = named_group.printed_peers
where {{ when_seeds_changed() }}
