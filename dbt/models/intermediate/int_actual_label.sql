-- Grain: one label as actuals bear it (indicator code, label, qualifier, unit): mapped once, however many rows bear it.
with

borne as (

    select distinct
        indicator_code,
        indicator_text,
        qualifier,
        unit_text
    from {{ ref('stg_actual') }}

),

compared as (

    select
        *,
        {{ normalise_label('indicator_text') }} as label_key,
        {{ normalise_label('qualifier') }} as qualifier_key
    from borne

),

decided as (

    -- the id of an indicator decides; what the label says of unit and reciprocal holds where it means the same indicator
    select
        compared.indicator_code,
        compared.indicator_text,
        compared.qualifier,
        compared.unit_text,
        coalesce(coded.indicator_id, label.indicator_id) as indicator_id,
        case when coalesce(coded.indicator_id, label.indicator_id) = label.indicator_id then label.default_unit end as default_unit,
        coalesce(label.is_reciprocal and coalesce(coded.indicator_id, label.indicator_id) = label.indicator_id, false) as is_reciprocal
    from compared
    left join {{ ref('indicator') }} as coded
        on compared.indicator_code = coded.indicator_id
    left join {{ ref('stg_label') }} as label
        on
            compared.label_key = label.label_key || case when label.sub_key = '' then '' else '/' || label.sub_key end
            and compared.qualifier_key = label.qualifier_key

)

select
    decided.indicator_code,
    decided.indicator_text,
    decided.qualifier,
    decided.unit_text,
    decided.indicator_id,
    decided.is_reciprocal,
    coalesce(nullif(decided.unit_text, ''), decided.default_unit, indicator.unit) as value_unit,
    indicator.unit as standard_unit
from decided
left join {{ ref('indicator') }} as indicator
    on decided.indicator_id = indicator.indicator_id
