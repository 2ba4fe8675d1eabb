-- Grain: gap × region × indicator × scope × year: the three gaps (地区、城乡、收入差距) and whether they narrow.
with

followed as (

    select
        *,
        lag(value) over earlier as previous_value,
        lag(year) over earlier as previous_year,
        lag(width) over earlier as previous_width,
        lag(printed_precision) over earlier as previous_precision
    from {{ ref('int_gap_value') }}
    window earlier as (partition by gap_kind, indicator_id, region_code, scope order by year)

),

targets as (

    select
        target.target_id,
        target.region_code,
        target.indicator_id,
        target.scope,
        period.year,
        target.value_text,
        target.target_value_std
    from {{ ref('fct_target') }} as target
    inner join {{ ref('dim_period') }} as period
        on target.period = period.period
    where
        target.is_primary
        and target.target_kind not in ('none', 'score_rule')
        and period.period_type = 'year'

),

-- which figure of a year a target looks at: of its own scope, or the first its fallback finds
aimed_at as (

    select
        figure.gap_kind,
        figure.indicator_id,
        figure.region_code,
        figure.scope,
        figure.year,
        target.target_id,
        target.scope as target_scope,
        target.year as target_year,
        target.value_text,
        target.target_value_std
    from followed as figure
    inner join targets as target
        on
            figure.region_code = target.region_code
            and figure.indicator_id = target.indicator_id
            and figure.year <= target.year
    inner join {{ ref('int_target_scope') }} as candidate
        on
            target.target_id = candidate.target_id
            and figure.scope = candidate.scope
    qualify row_number() over (partition by figure.gap_kind, target.target_id, figure.year order by candidate.scope_rank) = 1

),

-- the target of the year, else the next one; of two the one that names the scope
next_target as (

    select *
    from aimed_at
    qualify row_number() over (
        partition by gap_kind, indicator_id, region_code, scope, year
        order by target_year, case when target_scope = scope then 0 else 1 end, target_id
    ) = 1

)

select
    followed.gap_kind,
    gap.label_zh as gap_name,
    followed.region_code,
    followed.indicator_id,
    followed.scope,
    followed.year,
    followed.value,
    followed.is_computed,
    followed.previous_year,
    followed.previous_value,
    followed.value - followed.previous_value as change,
    -- a difference that the coarser printed precision covers is none
    followed.width < followed.previous_width
    and abs(followed.value - followed.previous_value) * 2 > greatest(followed.printed_precision, followed.previous_precision)
        as is_narrowing,
    next_target.target_id as primary_target_id,
    next_target.target_year,
    next_target.value_text as target_text,
    next_target.target_value_std as target_value
from followed
inner join {{ ref('codelist') }} as gap
    on gap.codelist = 'gap_kind' and followed.gap_kind = gap.code
left join next_target
    on
        followed.gap_kind = next_target.gap_kind
        and followed.indicator_id = next_target.indicator_id
        and followed.region_code = next_target.region_code
        and followed.scope = next_target.scope
        and followed.year = next_target.year
