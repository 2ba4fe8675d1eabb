-- Grain: one series (region × indicator) that a night builds anew, and the first year of it that may say something else. Empty where
-- everything is built.
with

changed as (

    select
        meaning.label_no,
        meaning.circumstance_no,
        meaning.indicator_id,
        cast(left(meaning.period, 4) as integer) as year
    from {{ ref('int_actual_meaning') }} as meaning
    left join {{ ref('int_file_change') }} as files
        on meaning.file_no = files.file_no
    cross join {{ source('raw', 'run_parameter') }} as run
    left join {{ ref('dim_period') }} as period
        on meaning.period = period.period
    where
        meaning.indicator_id is not null
        and (
            files.file_no is not null
            -- of a day that the last night did not know yet
            or (
                {{ is_known('meaning', 'period', 'run') }}
                and {{ is_after_last_night('greatest(period.period_end, coalesce(meaning.reported_at, period.period_end))') }}
            )
        )

)

select
    actual.region_code,
    changed.indicator_id,
    min(changed.year) as from_year
from {{ ref('stg_actual') }} as actual
inner join changed
    on
        actual.label_no = changed.label_no
        and actual.circumstance_no = changed.circumstance_no
group by actual.region_code, changed.indicator_id
