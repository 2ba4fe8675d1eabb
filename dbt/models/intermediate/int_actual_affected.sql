-- Grain: one mapped row of an accepted file whose series a night builds anew. Empty where everything is built: see affected_rows().
with

affected_labels as (

    select distinct
        changed.region_code,
        meaning.label_no
    from {{ ref('int_actual_change') }} as changed
    inner join {{ ref('int_actual_meaning') }} as meaning
        on changed.indicator_id = meaning.indicator_id

),

affected as (

    select actual.*
    from {{ ref('stg_actual') }} as actual
    inner join affected_labels
        on
            actual.region_code = affected_labels.region_code
            and actual.label_no = affected_labels.label_no
    where {{ none_if_everything_is_built() }}

),

mapped as (

    {{ mapped_rows('affected') }}

)

select *
from mapped
where mapping_status = 'mapped'
