-- Grain: one plan document.
select
    document_id,
    title,
    doc_number,
    issuer,
    issued_on,
    region_code,
    period_start,
    period_end
from {{ ref('document') }}
