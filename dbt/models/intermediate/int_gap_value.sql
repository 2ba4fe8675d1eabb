-- Grain: gap measure × region × scope × year: its reported figure, else the one its two sides give.
-- As for verdicts, no figure counts of a year that had not ended by the as-of date, and none reported later.
with

sides as (

    select indicator_id from {{ ref('gap_measure') }}
    union
    select numerator_indicator_id as indicator_id from {{ ref('gap_measure') }}
    where numerator_indicator_id is not null
    union
    select denominator_indicator_id as indicator_id from {{ ref('gap_measure') }}
    where denominator_indicator_id is not null

),

yearly as (

    select
        actual.region_code,
        actual.indicator_id,
        actual.scope,
        period.year,
        actual.value,
        revision.printed_precision,
        indicator.unit as standard_unit
    from {{ ref('fct_actual') }} as actual
    inner join {{ ref('fct_actual_revision') }} as revision
        on
            {{ same_key('actual', 'revision') }}
            and actual.revision_no = revision.revision_no
    inner join sides
        on
            actual.indicator_id = sides.indicator_id
            and revision.indicator_id = sides.indicator_id
    inner join {{ ref('dim_indicator') }} as indicator
        on actual.indicator_id = indicator.indicator_id
    inner join {{ ref('dim_period') }} as period
        on actual.period = period.period
    inner join {{ source('raw', 'run_parameter') }} as run
        on {{ is_known('actual', 'period', 'run') }}
    where
        actual.measure = 'value'
        and actual.value is not null
        and period.period_type = 'year'

),

measures as (

    select
        measure.gap_kind,
        measure.indicator_id,
        measure.narrows_when,
        measure.numerator_indicator_id,
        measure.denominator_indicator_id,
        indicator.unit as standard_unit,
        {{ convert_unit('1', 'one', 'standard') }} as parity
    from {{ ref('gap_measure') }} as measure
    inner join {{ ref('dim_indicator') }} as indicator
        on measure.indicator_id = indicator.indicator_id
    inner join {{ ref('unit') }} as one
        on one.unit_text = '1'
    inner join {{ ref('unit') }} as standard
        on indicator.unit = standard.unit_text

),

reported as (

    select
        measures.gap_kind,
        measures.indicator_id,
        yearly.region_code,
        yearly.scope,
        yearly.year,
        yearly.value,
        yearly.printed_precision,
        measures.narrows_when,
        measures.parity,
        false as is_computed
    from measures
    inner join yearly
        on measures.indicator_id = yearly.indicator_id

),

computed as (

    select
        measures.gap_kind,
        measures.indicator_id,
        numerator.region_code,
        numerator.scope,
        numerator.year,
        cast(
            cast(numerator.value as double) / cast(denominator.value as double) * cast(measures.parity as double) as decimal(24, 8)
        ) as value,
        -- what the last printed digits of both sides leave open
        cast(
            cast(numerator.value as double) / cast(denominator.value as double) * cast(measures.parity as double)
            * (
                cast(numerator.printed_precision as double) / cast(numerator.value as double)
                + cast(denominator.printed_precision as double) / cast(denominator.value as double)
            ) as decimal(24, 8)
        ) as printed_precision,
        measures.narrows_when,
        measures.parity,
        true as is_computed
    from measures
    inner join yearly as numerator
        on measures.numerator_indicator_id = numerator.indicator_id
    inner join yearly as denominator
        on
            measures.denominator_indicator_id = denominator.indicator_id
            and numerator.region_code = denominator.region_code
            and numerator.scope = denominator.scope
            and numerator.year = denominator.year
            and numerator.standard_unit = denominator.standard_unit
    where
        numerator.value > 0
        and denominator.value > 0
        and measures.parity is not null

),

either as (

    select
        gap_kind,
        indicator_id,
        region_code,
        scope,
        year,
        value,
        printed_precision,
        narrows_when,
        parity,
        is_computed
    from reported
    union all
    select
        gap_kind,
        indicator_id,
        region_code,
        scope,
        year,
        value,
        printed_precision,
        narrows_when,
        parity,
        is_computed
    from computed

)

select
    gap_kind,
    indicator_id,
    region_code,
    scope,
    year,
    value,
    printed_precision,
    is_computed,
    -- how wide the gap is, in whatever way the measure says: less is narrower
    case narrows_when
        when 'lower' then value
        when 'higher' then -value
        when 'nearer_one' then abs(value - parity)
    end as width
from either
-- a figure somebody reports goes before the one that is computed
qualify row_number() over (partition by gap_kind, indicator_id, region_code, scope, year order by is_computed) = 1
