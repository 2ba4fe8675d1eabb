-- Grain: one mapped row whose key has another row too: which rows say the same, which are taken back. The rest stand alone.
{{ config(materialized=kept(), pre_hook="{{ forget(in_changed_series('kept')) }}") }}
with

several as (

    select hash(region_code, indicator_id, scope, period, measure) as key_hash
    from {{ affected_rows() }}
    where mapping_status = 'mapped'
    group by key_hash
    having count(*) > 1

),

repeated as (

    select
        mapped.file_id,
        mapped.file_no,
        mapped.row_no,
        mapped.region_code,
        mapped.indicator_id,
        mapped.scope,
        mapped.period,
        mapped.measure,
        mapped.source_id,
        mapped.observation_status,
        mapped.value,
        -- the words of a grade are what it says, those of a number only how it is written
        case when mapped.measure in ('grade', 'completion') then mapped.value_text end as words,
        mapped.printed_precision,
        mapped.is_confirmed,
        mapped.reported_at,
        mapped.saved_at,
        mapped.received_at
    from {{ affected_rows() }} as mapped
    where
        mapped.mapping_status = 'mapped'
        -- (by hash: a key that slips in by collision does no harm)
        and hash(mapped.region_code, mapped.indicator_id, mapped.scope, mapped.period, mapped.measure) in (
            select several.key_hash from several
        )

),

taken_back as (

    select
        said.file_no,
        said.row_no,
        min(retraction.received_at) as withdrawn_at
    from repeated as said
    inner join repeated as retraction
        on
            {{ same_key('said', 'retraction') }}
            and said.source_id = retraction.source_id
            and said.observation_status <> 'retracted'
            and retraction.observation_status = 'retracted'
            and {{ is_taken_back('said', 'retraction') }}
    group by said.file_no, said.row_no

),

compared as (

    select
        repeated.*,
        taken_back.withdrawn_at,
        -- what makes two rows of one source say the same
        {{ record({'status': 'repeated.observation_status', 'number': 'repeated.value', 'words': 'repeated.words'}) }}
            as statement,
        -- a date that is only the day the workbook was saved is nothing the source says
        nullif(repeated.reported_at, cast(repeated.saved_at as date)) as dated_by_source
    from repeated
    left join taken_back
        on repeated.file_no = taken_back.file_no and repeated.row_no = taken_back.row_no

),

told as (

    select
        *,
        coalesce(
            lag({{ record({'said': 'statement', 'dated': 'dated_by_source'}) }}) over received
            = {{ record({'said': 'statement', 'dated': 'dated_by_source'}) }},
            false
        ) as is_unchanged,
        coalesce(statement <> lag(statement) over dated, true) as is_new,
        bool_or(is_confirmed) over said_value as is_value_confirmed
    from compared
    window
        received as (
            partition by region_code, indicator_id, scope, period, measure, source_id
            order by received_at, file_id, row_no
        ),
        dated as (
            partition by region_code, indicator_id, scope, period, measure, source_id, reported_at, withdrawn_at
            order by saved_at nulls first, observation_status, value nulls last, words nulls last, file_id, row_no
        ),
        said_value as (
            partition by region_code, indicator_id, scope, period, measure, source_id, value, words
        )

),

grouped as (

    -- the same said again by the same source, with nothing else in between, is one figure
    select
        *,
        count(case when is_new then 1 end) over (
            partition by region_code, indicator_id, scope, period, measure, source_id, reported_at, withdrawn_at
            order by saved_at nulls first, observation_status, value nulls last, words nulls last, file_id, row_no
            rows unbounded preceding
        ) as figure_no
    from told

),

merged as (

    -- which copy stands for it does not depend on the order of arrival; it was received when the first copy was
    select
        *,
        min(received_at) over figure as first_received_at,
        max(saved_at) over figure as last_saved_at,
        row_number() over (
            partition by
                region_code, indicator_id, scope, period, measure, source_id, reported_at, withdrawn_at, figure_no
            order by printed_precision asc nulls last, saved_at desc nulls last, file_id asc, row_no asc
        ) = 1 as is_kept
    from grouped
    window
        figure as (
            partition by
                region_code, indicator_id, scope, period, measure, source_id, reported_at, withdrawn_at, figure_no
        )

)

select
    file_id,
    file_no,
    row_no,
    region_code,
    indicator_id,
    is_kept,
    case
        when is_kept
            then row_number() over (
                partition by region_code, indicator_id, scope, period, measure, is_kept
                order by reported_at nulls first, first_received_at, file_id, row_no
            )
    end as revision_no,
    count(case when is_kept then 1 end) over (partition by region_code, indicator_id, scope, period, measure) as revision_count,
    first_received_at,
    last_saved_at,
    withdrawn_at,
    is_unchanged,
    is_value_confirmed
from merged
