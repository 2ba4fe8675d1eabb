-- Grain: one figure × rule of seeds/plausibility_rule.csv that doubts it.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_series('kept')) }}") }}
select
    suspicious.file_id,
    file.file_name,
    suspicious.row_no,
    suspicious.rule_id,
    revision.sender,
    source.title as source_title,
    suspicious.region_code,
    suspicious.indicator_id,
    indicator.indicator_name,
    suspicious.scope,
    suspicious.period,
    suspicious.measure,
    revision.value,
    revision.value_text,
    revision.unit_printed,
    revision.status_printed,
    suspicious.compared_with,
    suspicious.reason,
    suspicious.reason_en,
    suspicious.is_confirmed,
    suspicious.is_replaced,
    revision.received_at
from {{ ref('int_actual_suspicious') }} as suspicious
inner join {{ built_revisions() }} as revision
    on suspicious.file_id = revision.file_id and suspicious.row_no = revision.row_no
inner join {{ ref('received_file') }} as file
    on suspicious.file_id = file.file_id and file.status = 'accepted'
inner join {{ ref('dim_source') }} as source
    on revision.source_id = source.source_id
inner join {{ ref('dim_indicator') }} as indicator
    on suspicious.indicator_id = indicator.indicator_id
where {{ in_changed_series('suspicious') }}
