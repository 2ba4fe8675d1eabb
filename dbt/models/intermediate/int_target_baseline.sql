-- Grain: one target that has a baseline: the printed one, else the last yearly actual before the plan starts.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_target('kept')) }}") }}
select
    target.target_id,
    actual.period as baseline_period,
    actual.year as baseline_year,
    actual.value as baseline_value,
    actual.scope_used as baseline_scope,
    actual.source_id as baseline_source_id
from {{ ref('int_target_mapped') }} as target
inner join {{ ref('int_target_actual') }} as actual
    on
        target.series_no = actual.series_no
        and actual.period_type = 'year'
        and case
            when target.baseline_period is not null then actual.period = target.baseline_period
            else actual.year < year(target.plan_start)
        end
where {{ in_changed_target('target') }}
qualify row_number() over (partition by target.target_id order by actual.year desc) = 1
