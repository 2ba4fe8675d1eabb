-- Grain: one accepted figure (a row of fct_actual) of a region and indicator of which a night says anything anew. Empty where
-- everything is built: see accepted_figures().
select
    region_code,
    indicator_id,
    scope,
    period,
    measure,
    value,
    value_text,
    unit_printed,
    observation_status,
    awaits_confirmation,
    source_id,
    sender,
    reported_at,
    saved_at,
    received_at,
    revision_no,
    is_disputed,
    file_id,
    row_no
from {{ ref('fct_actual') }}
where
    {{ none_if_everything_is_built() }}
    and {{ in_changed_series('fct_actual', 'int_series_change') }}
