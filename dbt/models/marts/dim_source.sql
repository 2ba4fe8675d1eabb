-- Grain: one publisher of actuals.
select
    source_id,
    title,
    nullif(url, '') as url,
    tier,
    department_id
from {{ ref('int_source') }}
