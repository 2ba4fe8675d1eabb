-- Grain: target × evaluation period of a relative target: the other quantity it refers to. (A table of its own: there are few.)
with

asked as (

    select
        target.target_id,
        evaluation.evaluation_period,
        target.region_code,
        target.indicator_id,
        target.reference_indicator_id,
        target.reference_text,
        actual.period as actual_period,
        actual.scope_used
    from {{ ref('int_evaluation') }} as evaluation
    inner join {{ ref('int_target_bound') }} as target
        on evaluation.target_id = target.target_id
    -- of a span, the figure of its last year
    inner join {{ ref('int_target_actual') }} as actual
        on
            target.series_no = actual.series_no
            and (
                actual.period = evaluation.evaluation_period
                or (
                    evaluation.is_own_period
                    and target.period_type = 'span'
                    and actual.period = cast(evaluation.evaluation_year as string)
                )
            )
    where target.judged_by = 'relative'
    qualify row_number() over (
        partition by target.target_id, evaluation.evaluation_period
        order by actual.period = evaluation.evaluation_period desc
    ) = 1

),

referred_to as (

    -- another indicator here
    select
        target_id,
        evaluation_period,
        actual_period,
        scope_used,
        region_code,
        reference_indicator_id as indicator_id
    from asked
    where reference_indicator_id is not null
    union all
    -- the same one of a region above
    select
        asked.target_id,
        asked.evaluation_period,
        asked.actual_period,
        asked.scope_used,
        upper.region_code,
        asked.indicator_id
    from asked
    inner join {{ ref('int_region_ancestor') }} as upper
        on asked.region_code = upper.member_code
    inner join {{ ref('reference_area') }} as area
        on
            upper.region_level = area.region_level
            and asked.reference_text like area.area_text || '%'
    where asked.reference_indicator_id is null

)

select
    referred_to.target_id,
    referred_to.evaluation_period,
    other.value as reference_value
from referred_to
inner join {{ ref('fct_actual') }} as other
    on
        referred_to.region_code = other.region_code
        and referred_to.indicator_id = other.indicator_id
        and referred_to.actual_period = other.period
        and other.measure = 'value'
-- the figure of the same scope, else the one scopes are tried in
qualify row_number() over (
    partition by referred_to.target_id, referred_to.evaluation_period
    order by other.scope = referred_to.scope_used desc, other.scope = 'unspecified' desc, other.scope asc
) = 1
