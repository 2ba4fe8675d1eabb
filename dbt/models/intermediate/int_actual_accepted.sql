-- Grain: one accepted figure (a row of fct_actual) of a region and indicator of which a night says anything anew. Empty where
-- everything is built: see accepted_figures().
select fct_actual.*
from {{ ref('fct_actual') }}
where
    {{ none_if_everything_is_built() }}
    and {{ in_changed_series('fct_actual', 'int_series_change') }}
