-- Grain: one label as it is compared (normalised label, sub-label and qualifier).
with

printed as (

    select
        {{ normalise_label('label_text') }} as label_key,
        {{ normalise_label('sub_text') }} as sub_key,
        {{ normalise_label('qualifier') }} as qualifier_key,
        indicator_id,
        nullif(default_unit, '') as default_unit,
        is_reciprocal
    from {{ ref('indicator_label') }}

),

own_name as (

    -- an indicator goes by its own name too, unless a label says otherwise
    select
        {{ normalise_label('indicator_name') }} as label_key,
        indicator_id
    from {{ ref('indicator') }}

)

select
    label_key,
    sub_key,
    qualifier_key,
    indicator_id,
    default_unit,
    is_reciprocal
from printed
union all
select
    own_name.label_key,
    '' as sub_key,
    '' as qualifier_key,
    own_name.indicator_id,
    null as default_unit,
    false as is_reciprocal
from own_name
left join printed
    on
        own_name.label_key = printed.label_key || case when printed.sub_key = '' then '' else '/' || printed.sub_key end
        and printed.qualifier_key = ''
where printed.label_key is null
