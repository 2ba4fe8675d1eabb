-- Grain: one roll-up of the primary targets' current attainment: a domain of a region, a region, or a plan.
with

counted as (

    select
        'region_domain' as card_kind,
        region_code,
        cast(null as string) as document_id,
        domain,
        {{ scorecard_counts() }}
    from {{ ref('int_target_counted') }}
    group by region_code, domain

    union all

    select
        'region' as card_kind,
        region_code,
        cast(null as string) as document_id,
        cast(null as string) as domain,
        {{ scorecard_counts() }}
    from {{ ref('int_target_counted') }}
    group by region_code

    union all

    -- a plan is its own region's, with the townships it gives targets to
    select
        'document' as card_kind,
        document.region_code,
        target.document_id,
        cast(null as string) as domain,
        {{ scorecard_counts() }}
    from {{ ref('int_target_counted') }} as target
    inner join {{ ref('dim_document') }} as document
        on target.document_id = document.document_id
    group by document.region_code, target.document_id

),

held_to_the_rule as (

    select
        counted.*,
        rule.min_coverage,
        rule.min_judged,
        cast(counted.judged_count as double) / counted.target_count as coverage,
        {{ scorecard_is_sufficient() }} as is_sufficient
    from counted
    left join {{ ref('scorecard_rule') }} as rule
        on counted.card_kind = rule.card_kind

),

shared as (

    select
        *,
        case when is_sufficient then cast(met_count as double) / judged_count end as share_met
    from held_to_the_rule

)

select
    concat_ws(':', card_kind, coalesce(document_id, region_code), domain) as card_id,
    card_kind,
    region_code,
    document_id,
    domain,
    target_count,
    judged_count,
    met_count,
    green_count,
    yellow_count,
    red_count,
    grey_count,
    overdue_count,
    coverage,
    share_met,
    is_sufficient,
    {{ scorecard_statement_zh() }} as statement,
    {{ scorecard_statement_en() }} as statement_en
from shared
