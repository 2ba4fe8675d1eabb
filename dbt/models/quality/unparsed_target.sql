-- Grain: one target whose text no rule of the grammar reads.
select
    target_id,
    document_id,
    table_ref,
    line_no,
    indicator_text,
    value_text
from {{ ref('fct_target') }}
where target_kind = 'unparsed'
