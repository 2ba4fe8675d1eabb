-- Grain: one accepted row of a landing file: where it speaks of and its number; its words are those of its combination.
select
    file_no,
    row_no,
    region_code,
    scope_of_place,
    label_no,
    circumstance_no,
    value,
    decimals,
    value_text,
    note
from {{ source('raw', 'actual_row') }}
