-- Grain: one target whose own period has ended: whether its figure has been reported, and since when it is late.
with

responsible as (

    {{ departments_of_targets() }}

),

own_period as (

    select
        judged.target_id,
        judged.due_date,
        run.as_of_date,
        judged.verdict,
        judged.actual_value is not null as is_reported,
        judged.is_overdue
    from {{ ref('int_attainment_judged') }} as judged
    cross join {{ source('raw', 'run_parameter') }} as run
    where judged.evaluation_period = judged.target_period

)

select
    target.target_id,
    target.document_id,
    target.region_code,
    target.indicator_id,
    target.scope,
    target.period,
    target.is_primary,
    own_period.due_date,
    own_period.is_reported,
    own_period.is_overdue,
    cast(case when own_period.is_overdue then own_period.as_of_date - own_period.due_date end as integer) as days_overdue,
    own_period.as_of_date,
    own_period.verdict,
    responsible.departments
from {{ ref('fct_target') }} as target
inner join own_period
    on target.target_id = own_period.target_id
inner join {{ ref('dim_period') }} as period
    on target.period = period.period
left join responsible
    on target.target_id = responsible.target_id
where
    period.period_end <= own_period.as_of_date
    -- a cell that sets no target awaits no figure
    and target.target_kind <> 'none'
