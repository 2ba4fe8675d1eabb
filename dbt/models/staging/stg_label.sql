-- Grain: one label as it is compared (normalised label, sub-label and qualifier).
select
    {{ normalise_label('label_text') }} as label_key,
    {{ normalise_label('sub_text') }} as sub_key,
    {{ normalise_label('qualifier') }} as qualifier_key,
    indicator_id,
    nullif(default_unit, '') as default_unit,
    is_reciprocal
from {{ ref('indicator_label') }}
