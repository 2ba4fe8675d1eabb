-- Grain: one accepted figure of a region and indicator of which a night says anything anew: a row of fct_actual, as far as targets
-- and years ask for it. Empty where everything is built: see accepted_figures().
select
    region_code,
    indicator_id,
    scope,
    period,
    measure,
    value,
    observation_status,
    awaits_confirmation,
    source_id,
    reported_at
from {{ ref('fct_actual') }}
where
    {{ none_if_everything_is_built() }}
    and {{ in_changed_series('fct_actual', 'int_series_change') }}
