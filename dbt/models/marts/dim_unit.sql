-- Grain: one unit that a figure is given in or printed with.
with

units as (

    select
        unit_text,
        unit_symbol,
        dimension
    from {{ ref('unit') }}

    union all

    -- units of ours that nobody prints, such as the place in a ranking
    select
        code.unit_symbol as unit_text,
        code.unit_symbol,
        null as dimension
    from {{ ref('unit_code') }} as code
    left join {{ ref('unit') }} as unit
        on code.unit_symbol = unit.unit_text
    where unit.unit_text is null

)

select
    units.unit_text as unit,
    units.unit_symbol,
    code.unit_name_en,
    units.dimension,
    -- a unit nobody has given a code yet gets one of its letters, the same every night
    coalesce(code.unit_measure, 'U_' || hex(units.unit_symbol)) as unit_measure,
    coalesce(code.unit_mult, 0) as unit_mult
from units
left join {{ ref('unit_code') }} as code
    on units.unit_symbol = code.unit_symbol
