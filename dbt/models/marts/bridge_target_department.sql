-- Grain: one responsible unit of one target.
{{ config(materialized=kept()) }}
select
    responsible.owner_id as target_id,
    responsible.department_id,
    -- known only where the head of the column says 牵头 (lead); elsewhere it is not printed who leads
    case when document_table.department_heading like '%牵头%' then true end as is_lead
from {{ source('raw', 'responsible_unit') }} as responsible
inner join {{ ref('stg_target') }} as target
    on responsible.owner_id = target.target_id
left join {{ ref('document_table') }} as document_table
    on target.document_id = document_table.document_id and target.table_ref = document_table.table_ref
where responsible.owner_kind = 'target' and {{ when_seeds_changed() }}
