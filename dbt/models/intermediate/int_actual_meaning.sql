-- Grain: one combination of a label and a circumstance: the indicator, units and source it means, understood once for many rows.
with

labels as (

    select distinct
        indicator_code,
        indicator_text,
        qualifier,
        {{ normalise_label('indicator_text') }} as label_key,
        {{ normalise_label('qualifier') }} as qualifier_key
    from {{ ref('int_actual_combination') }}

),

known as (

    select
        *,
        label_key || case when sub_key = '' then '' else '/' || sub_key end as whole_key
    from {{ ref('stg_label') }}

),

decided as (

    -- the id of an indicator decides; what the label says of unit and reciprocal holds where it means the same indicator
    select
        labels.indicator_code,
        labels.indicator_text,
        labels.qualifier,
        coalesce(coded.indicator_id, known.indicator_id) as indicator_id,
        case when coalesce(coded.indicator_id, known.indicator_id) = known.indicator_id then known.default_unit end as default_unit,
        coalesce(known.is_reciprocal and coalesce(coded.indicator_id, known.indicator_id) = known.indicator_id, false) as is_reciprocal
    from labels
    left join {{ ref('indicator') }} as coded
        on labels.indicator_code = coded.indicator_id
    left join known
        on
            labels.label_key = known.whole_key
            and labels.qualifier_key = known.qualifier_key

),

sources as (

    select distinct
        source_title,
        source_url,
        {{ normalise_label('source_title') }} as title_key
    from {{ ref('int_actual_combination') }}

),

published as (

    -- an address that is listed goes before the name of a department
    select
        sources.source_title,
        sources.source_url,
        coalesce(listed.source_id, department.source_id) as source_id,
        coalesce(listed.tier, department.tier) as tier
    from sources
    left join {{ ref('int_source') }} as listed
        on
            sources.source_title = listed.title
            and sources.source_url = listed.url
            and listed.department_id is null
    left join {{ ref('int_source') }} as department
        on
            sources.title_key = {{ normalise_label('department.title') }}
            and department.department_id is not null

)

select
    combination.file_no,
    combination.label_no,
    combination.circumstance_no,
    combination.file_id,
    combination.indicator_text,
    combination.qualifier,
    combination.scope,
    combination.period,
    combination.measure,
    combination.unit_text,
    combination.observation_status,
    combination.is_confirmed,
    combination.reported_at,
    combination.is_accepted,
    combination.received_at,
    combination.sender,
    combination.saved_at,
    decided.indicator_id,
    decided.is_reciprocal,
    indicator.unit as standard_unit,
    coalesce(nullif(combination.unit_text, ''), decided.default_unit, indicator.unit) as value_unit,
    -- most figures come in the standard unit
    coalesce(nullif(combination.unit_text, ''), decided.default_unit, indicator.unit) = indicator.unit
    and not decided.is_reciprocal as is_standard,
    published.source_id,
    published.tier
from {{ ref('int_actual_combination') }} as combination
inner join decided
    on
        combination.indicator_code = decided.indicator_code
        and combination.indicator_text = decided.indicator_text
        and combination.qualifier = decided.qualifier
left join {{ ref('indicator') }} as indicator
    on decided.indicator_id = indicator.indicator_id
inner join published
    on
        combination.source_title = published.source_title
        and combination.source_url = published.source_url
