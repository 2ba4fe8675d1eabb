-- Grain: one period that a target, an actual or an evaluation speaks of.
with

used as (

    select period from {{ ref('stg_target') }}
    union
    select baseline_period as period from {{ ref('stg_target') }}
    where baseline_period is not null
    union
    select period from {{ ref('int_actual_combination') }}
    where is_accepted

)

select
    period,
    {{ period_type('period') }} as period_type,
    {{ period_year('period') }} as year,
    make_date(cast(left(period, 4) as integer), {{ period_first_month('period') }}, 1) as period_start,
    last_day(make_date({{ period_year('period') }}, {{ period_last_month('period') }}, 1)) as period_end
from used
