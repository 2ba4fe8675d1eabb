-- Grain: series that targets ask for × period with an actual: the figure they may be held against, from the first scope that has one.
-- A verdict that speaks from a day uses no figure of a period that had not ended by then, and none reported later.
with

reported as (

    -- the scopes in which anything is reported at all
    select distinct
        region_code,
        indicator_id,
        scope
    from {{ accepted_figures() }}
    where measure = 'value' and value is not null

),

asked as (

    select distinct
        target.series_no,
        target.region_code,
        target.indicator_id,
        candidate.scope,
        candidate.scope_rank
    from {{ ref('int_target_mapped') }} as target
    inner join {{ ref('int_target_scope') }} as candidate
        on target.target_id = candidate.target_id
    inner join reported
        on
            target.region_code = reported.region_code
            and target.indicator_id = reported.indicator_id
            and candidate.scope = reported.scope
    where {{ in_changed_target('target') }}

),

candidates as (

    select
        *,
        count(*) over (partition by series_no) as scope_count
    from asked

),

figures as (

    select
        candidates.series_no,
        candidates.scope_rank,
        candidates.scope_count,
        actual.period,
        period.period_type,
        period.year,
        actual.value,
        actual.scope as scope_used,
        actual.source_id,
        {{ standing_status('actual') }} as observation_status
    from candidates
    inner join {{ accepted_figures() }} as actual
        on
            candidates.region_code = actual.region_code
            and candidates.indicator_id = actual.indicator_id
            and candidates.scope = actual.scope
            and actual.measure = 'value'
            and actual.value is not null
    inner join {{ ref('dim_period') }} as period
        on actual.period = period.period
    inner join {{ source('raw', 'run_parameter') }} as run
        on {{ is_known('actual', 'period', 'run') }}

),

chosen as (

    -- most series have figures of one scope only: nothing to choose
    select {{ all_but(['scope_rank', 'scope_count']) }}
    from figures
    where scope_count = 1
    union all
    select {{ all_but(['scope_rank', 'scope_count']) }}
    from figures
    where scope_count > 1
    qualify row_number() over (partition by series_no, period order by scope_rank) = 1

)

select
    series_no,
    period,
    period_type,
    year,
    value,
    scope_used,
    source_id,
    observation_status
from chosen
