-- Grain: one code of a code list, with what people call it.
select
    codelist,
    code,
    label_zh as label,
    label_en
from {{ ref('codelist') }}

union all

-- codes that come with a rule of their own are named beside it
select
    'conflict_kind' as codelist,
    conflict_kind as code,
    label_zh as label,
    label_en
from {{ ref('conflict_rule') }}

union all

select distinct
    'pace_status' as codelist,
    status as code,
    label_zh as label,
    label_en
from {{ ref('pace_status') }}
