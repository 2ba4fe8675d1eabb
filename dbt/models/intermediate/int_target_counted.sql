-- Grain: one target that roll-ups count: primary, of a kind that sets a goal of its own, a composite cell once.
with

primary_targets as (

    select
        target.target_id,
        target.document_id,
        target.region_code,
        target.indicator_id,
        indicator.domain,
        target.period,
        target.part_no,
        concat_ws(
            ':', target.document_id, target.table_ref, target.line_no, target.column_ref, target.region_code, target.scope, target.period
        ) as cell
    from {{ ref('fct_target') }} as target
    inner join {{ ref('dim_indicator') }} as indicator
        on target.indicator_id = indicator.indicator_id
    where
        target.is_primary
        and target.target_kind not in ('none', 'score_rule')
    -- the parts of a composite cell count only where the whole does not
    qualify target.part_no = min(target.part_no) over (partition by cell) or min(target.part_no) over (partition by cell) > 0

),

stands as (

    select
        target_id,
        verdict,
        light
    from {{ ref('fct_attainment') }}
    where is_current

),

own_period as (

    -- what is awaited: the period has ended, and its figure decides the verdict but is not there
    select
        judged.target_id,
        judged.is_overdue,
        judged.due_date,
        cast(case when judged.is_overdue then run.as_of_date - judged.due_date end as integer) as days_overdue,
        judged.verdict in ('not_due', 'no_actual') and period.period_end <= run.as_of_date as is_awaited
    from {{ ref('int_attainment_judged') }} as judged
    inner join {{ ref('dim_period') }} as period
        on judged.evaluation_period = period.period
    cross join {{ source('raw', 'run_parameter') }} as run
    where judged.evaluation_period = judged.target_period

)

select
    counted.target_id,
    counted.document_id,
    counted.region_code,
    counted.indicator_id,
    counted.domain,
    counted.period,
    stands.verdict,
    stands.light,
    stands.verdict in ('met', 'stretch_met', 'missed', 'on_pace', 'behind') as is_judged,
    stands.verdict in ('met', 'stretch_met', 'on_pace') as is_met,
    own_period.is_overdue,
    own_period.due_date,
    own_period.days_overdue,
    own_period.is_awaited
from primary_targets as counted
inner join stands
    on counted.target_id = stands.target_id
inner join own_period
    on counted.target_id = own_period.target_id
