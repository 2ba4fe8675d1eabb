-- Grain: one contradiction of a target with another target or with the actual it starts from.
with

targets as (

    select
        target.*,
        {{ period_year('target.period') }} as year,
        -- kinds that state a level can be held against each other, growth only against growth, and so on
        case
            when target.target_kind in ('threshold', 'approximate', 'interval', 'hold') then 'level'
            else target.target_kind
        end as statement
    from {{ ref('int_target_mapped') }} as target
    where
        target.indicator_id is not null
        and target.target_value_std is not null
        and target.target_kind in ('threshold', 'approximate', 'interval', 'hold', 'growth', 'cumulative', 'increment')

),

levels as (

    select
        targets.*,
        baseline.baseline_value,
        baseline.baseline_year
    from targets
    inner join {{ ref('int_target_baseline') }} as baseline
        on targets.target_id = baseline.target_id
    where targets.statement = 'level'

),

different_targets as (

    select
        'different_targets' as conflict_kind,
        first_target.target_id as first_target_id,
        second_target.target_id as second_target_id,
        first_target.target_value_std as first_value,
        second_target.target_value_std as second_value
    from targets as first_target
    inner join targets as second_target
        on
            first_target.indicator_id = second_target.indicator_id
            and first_target.region_code = second_target.region_code
            and first_target.scope = second_target.scope
            and first_target.period = second_target.period
            and first_target.statement = second_target.statement
            and first_target.target_id < second_target.target_id
    where
        first_target.target_value_std <> second_target.target_value_std
        or first_target.target_value_high_std is distinct from second_target.target_value_high_std
        or left(first_target.comparator, 1) is distinct from left(second_target.comparator, 1)

),

-- baseline and target a factor apart that no plan means
out_of_scale as (

    select
        'unit_out_of_scale' as conflict_kind,
        levels.target_id as first_target_id,
        cast(null as string) as second_target_id,
        levels.target_value_std as first_value,
        levels.baseline_value as second_value
    from levels
    inner join {{ ref('conflict_rule') }} as rule
        on rule.conflict_kind = 'unit_out_of_scale'
    where
        levels.baseline_value > 0
        and levels.target_value_std > 0
        and (
            levels.target_value_std >= levels.baseline_value * rule.threshold
            or levels.baseline_value >= levels.target_value_std * rule.threshold
        )

),

weaker as (

    select
        'weaker_than_actual' as conflict_kind,
        levels.target_id as first_target_id,
        cast(null as string) as second_target_id,
        levels.target_value_std as first_value,
        levels.baseline_value as second_value
    from levels
    left join out_of_scale
        on levels.target_id = out_of_scale.first_target_id
    where
        out_of_scale.first_target_id is null
        and not levels.is_limit
        and (
            (
                levels.direction = 'higher'
                and left(levels.comparator, 1) = '>'
                and levels.baseline_value > coalesce(levels.target_value_high_std, levels.target_value_std)
            )
            or (
                levels.direction = 'lower'
                and left(levels.comparator, 1) = '<'
                and levels.baseline_value < levels.target_value_std
            )
        )

),

splits as (

    -- what the parts of a region are given, beside what the region is given: same plan, indicator and period
    select
        whole.target_id,
        whole.target_value_std,
        whole.is_additive,
        whole.comparator,
        cast(sum(part.target_value_std) as decimal(24, 8)) as parts_sum,
        min(part.target_value_std) as parts_min,
        max(part.target_value_std) as parts_max,
        min(part.target_id) as first_part_id,
        count(*) as part_count
    from targets as whole
    inner join {{ ref('region') }} as part_region
        on whole.region_code = part_region.parent_region_code
    inner join targets as part
        on
            part_region.region_code = part.region_code
            and whole.document_id = part.document_id
            and whole.indicator_id = part.indicator_id
            and whole.period = part.period
            and whole.statement = part.statement
    group by all
    having count(distinct part.region_code) > 1

),

nearest_split as (

    -- a region with targets in several scopes: the split is held against the one it comes closest to
    select splits.*
    from splits
    inner join targets
        on splits.target_id = targets.target_id
    qualify row_number() over (
        partition by targets.document_id, targets.region_code, targets.indicator_id, targets.period
        order by abs(splits.parts_sum - splits.target_value_std)
    ) = 1

),

split_conflicts as (

    select
        'split_does_not_add_up' as conflict_kind,
        nearest_split.target_id as first_target_id,
        nearest_split.first_part_id as second_target_id,
        nearest_split.target_value_std as first_value,
        case
            when nearest_split.is_additive then nearest_split.parts_sum
            when left(nearest_split.comparator, 1) = '>' then nearest_split.parts_max
            else nearest_split.parts_min
        end as second_value,
        nearest_split.part_count
    from nearest_split
    inner join {{ ref('conflict_rule') }} as rule
        on rule.conflict_kind = 'split_does_not_add_up'
    where
        -- amounts must add up; of shares and averages the whole lies between the parts
        (
            nearest_split.is_additive
            and abs(nearest_split.parts_sum - nearest_split.target_value_std)
            > abs(nearest_split.target_value_std) * rule.threshold
        )
        or (
            not nearest_split.is_additive and left(nearest_split.comparator, 1) = '>'
            and nearest_split.parts_max < nearest_split.target_value_std
        )
        or (
            not nearest_split.is_additive and left(nearest_split.comparator, 1) = '<'
            and nearest_split.parts_min > nearest_split.target_value_std
        )

),

growth_pairs as (

    -- yearly growth over a span, beside the level it must lead to from the same plan's starting point
    select
        growth.target_id as first_target_id,
        level_target.target_id as second_target_id,
        growth.target_value_std as first_value,
        cast(growth.target_value_std as double) as printed_growth,
        cast(level_target.target_value_std as double) as goal,
        cast(level_target.baseline_value as double) as start,
        level_target.year - level_target.baseline_year as years,
        growth.value_unit = '%' and level_target.standard_unit <> '%' as is_relative,
        -- steps in the unit of the level are compared as a share of where they start
        case
            when growth.value_unit = level_target.standard_unit then 100 / cast(level_target.baseline_value as double)
            else 1
        end as points
    from targets as growth
    inner join levels as level_target
        on
            growth.document_id = level_target.document_id
            and growth.indicator_id = level_target.indicator_id
            and growth.region_code = level_target.region_code
            and growth.scope = level_target.scope
            and growth.year = level_target.year
    where
        growth.statement = 'growth'
        and growth.basis = 'annual_average'
        and level_target.baseline_value > 0
        and level_target.target_value_std > 0
        and level_target.year > level_target.baseline_year
        and (
            (growth.value_unit = '%' and level_target.standard_unit <> '%')
            or (growth.value_unit = '个百分点' and level_target.standard_unit = '%')
            or growth.value_unit = level_target.standard_unit
        )

),

growth_implied as (

    select
        *,
        case
            when is_relative then 100 * ({{ change_per_year("'compound'", 'start', 'goal', 'years') }})
            else {{ change_per_year("'linear'", 'start', 'goal', 'years') }}
        end as implied_growth
    from growth_pairs

),

growth_conflicts as (

    select
        'growth_does_not_fit' as conflict_kind,
        growth_implied.first_target_id,
        growth_implied.second_target_id,
        growth_implied.first_value,
        cast(round(growth_implied.implied_growth, 2) as decimal(24, 8)) as second_value
    from growth_implied
    inner join {{ ref('conflict_rule') }} as rule
        on rule.conflict_kind = 'growth_does_not_fit'
    where abs(growth_implied.implied_growth - growth_implied.printed_growth) * growth_implied.points > rule.threshold

)

select
    conflict_kind,
    first_target_id,
    second_target_id,
    first_value,
    second_value,
    cast(null as bigint) as part_count
from different_targets
union all
select
    conflict_kind,
    first_target_id,
    second_target_id,
    first_value,
    second_value,
    part_count
from split_conflicts
union all
select
    conflict_kind,
    first_target_id,
    second_target_id,
    first_value,
    second_value,
    cast(null as bigint) as part_count
from growth_conflicts
union all
select
    conflict_kind,
    first_target_id,
    second_target_id,
    first_value,
    second_value,
    cast(null as bigint) as part_count
from out_of_scale
union all
select
    conflict_kind,
    first_target_id,
    second_target_id,
    first_value,
    second_value,
    cast(null as bigint) as part_count
from weaker
