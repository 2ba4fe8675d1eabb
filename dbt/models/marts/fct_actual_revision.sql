-- Grain: one accepted figure of one source: region × indicator × scope × period × measure × revision_no.
with

mapped as (

    select *
    from {{ ref('int_actual_mapped') }}
    where mapping_status = 'mapped'

),

first_sent as (

    -- the same figure sent again by the same source is no new revision; which copy stands for it does not depend on
    -- the order of arrival, only its time of receipt is the first
    select
        mapped.* exclude (received_at),
        min(received_at) over same_figure as received_at
    from mapped
    window
        same_figure as (
            partition by
                region_code, indicator_id, scope, period, measure, source_id, observation_status, value, reported_at,
                case when measure in ('grade', 'completion') then value_text end
        )
    qualify row_number() over (same_figure order by printed_precision, file_id, row_no) = 1

)

select
    region_code,
    indicator_id,
    scope,
    period,
    measure,
    row_number() over (
        partition by region_code, indicator_id, scope, period, measure
        order by reported_at nulls first, received_at, file_id, row_no
    ) as revision_no,
    value,
    value_text,
    unit_text as unit_printed,
    printed_precision,
    observation_status,
    source_id,
    reported_at,
    received_at,
    file_id,
    row_no
from first_sent
