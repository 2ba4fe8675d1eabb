-- Grain: one contradiction between two printed figures: two targets, a target and an actual, or two actuals.
with

cells as (

    select
        target.target_id,
        target.region_code,
        target.indicator_id,
        target.scope,
        target.period,
        target.value_text,
        document.title,
        target.table_ref || ' 第' || target.line_no || '行 ' || target.column_ref as place
    from {{ ref('int_target_mapped') }} as target
    inner join {{ ref('document') }} as document
        on target.document_id = document.document_id

),

files as (

    select
        file_id,
        min(file_name) as file_name
    from {{ ref('received_file') }}
    group by file_id

),

between_targets as (

    select
        pair.conflict_kind,
        first_cell.region_code,
        first_cell.indicator_id,
        first_cell.scope,
        first_cell.period,
        pair.first_target_id,
        first_cell.title as first_source,
        first_cell.place as first_place,
        first_cell.value_text as first_text,
        pair.first_value,
        pair.second_target_id,
        coalesce(second_cell.title, source.title) as second_source,
        coalesce(second_cell.place, files.file_name || ' 第' || start.row_no || '行') as second_place,
        coalesce(second_cell.value_text, start.value_text) as second_text,
        pair.second_value,
        pair.part_count,
        baseline.baseline_year as actual_year
    from {{ ref('int_target_conflict') }} as pair
    inner join cells as first_cell
        on pair.first_target_id = first_cell.target_id
    left join cells as second_cell
        on pair.second_target_id = second_cell.target_id
    -- a target without a second one contradicts the actual it starts from
    left join {{ ref('int_target_baseline') }} as baseline
        on pair.second_target_id is null and pair.first_target_id = baseline.target_id
    left join {{ ref('int_source') }} as source
        on baseline.baseline_source_id = source.source_id
    left join {{ ref('fct_actual') }} as start
        on
            first_cell.region_code = start.region_code
            and first_cell.indicator_id = start.indicator_id
            and baseline.baseline_scope = start.scope
            and baseline.baseline_period = start.period
            and start.measure = 'value'
    left join files
        on start.file_id = files.file_id

),

between_actuals as (

    select
        'actual_printed_twice' as conflict_kind,
        dispute.region_code,
        dispute.indicator_id,
        dispute.scope,
        dispute.period,
        cast(null as string) as first_target_id,
        picked_source.title as first_source,
        picked_file.file_name || ' 第' || dispute.row_no || '行' as first_place,
        dispute.value_text as first_text,
        dispute.value as first_value,
        cast(null as string) as second_target_id,
        rival_source.title as second_source,
        rival_file.file_name || ' 第' || dispute.rival_row_no || '行' as second_place,
        dispute.rival_value_text as second_text,
        dispute.rival_value as second_value,
        cast(null as bigint) as part_count,
        cast(null as integer) as actual_year
    from {{ ref('int_actual_dispute') }} as dispute
    left join {{ ref('int_source') }} as picked_source
        on dispute.source_id = picked_source.source_id
    left join {{ ref('int_source') }} as rival_source
        on dispute.rival_source_id = rival_source.source_id
    left join files as picked_file
        on dispute.file_id = picked_file.file_id
    left join files as rival_file
        on dispute.rival_file_id = rival_file.file_id

),

conflicts as (

    select
        conflict_kind,
        region_code,
        indicator_id,
        scope,
        period,
        first_target_id,
        first_source,
        first_place,
        first_text,
        first_value,
        second_target_id,
        second_source,
        second_place,
        second_text,
        second_value,
        part_count,
        actual_year
    from between_targets
    union all
    select
        conflict_kind,
        region_code,
        indicator_id,
        scope,
        period,
        first_target_id,
        first_source,
        first_place,
        first_text,
        first_value,
        second_target_id,
        second_source,
        second_place,
        second_text,
        second_value,
        part_count,
        actual_year
    from between_actuals

),

worded as (

    select
        conflicts.*,
        rule.label_zh,
        rule.label_en,
        indicator.unit as standard_unit
    from conflicts
    inner join {{ ref('conflict_rule') }} as rule
        on conflicts.conflict_kind = rule.conflict_kind
    inner join {{ ref('indicator') }} as indicator
        on conflicts.indicator_id = indicator.indicator_id

)

select
    conflict_kind,
    region_code,
    indicator_id,
    scope,
    period,
    first_source,
    first_place,
    first_target_id,
    first_text,
    first_value,
    second_source,
    second_place,
    second_target_id,
    second_text,
    second_value,
    case conflict_kind
        when 'split_does_not_add_up'
            then
                label_zh || '：总目标 ' || {{ with_unit('first_value') }} || '，' || part_count || ' 个分解目标合计（不可加者取极值） '
                || {{ with_unit('second_value') }} || '。'
        when 'growth_does_not_fit'
            then
                label_zh || '：所印年均增速 ' || {{ plain_number('first_value') }} || '，由起点与目标水平推算为 '
                || {{ plain_number('second_value') }} || '。'
        when 'actual_printed_twice'
            then label_zh || '：' || {{ with_unit('first_value') }} || ' 与 ' || {{ with_unit('second_value') }} || '。'
        when 'different_targets'
            then label_zh || '：“' || first_text || '”与“' || second_text || '”。'
        else
            label_zh || '：目标 ' || {{ with_unit('first_value') }} || '，' || actual_year || '年实际 '
            || {{ with_unit('second_value') }} || '。'
    end as reason,
    case conflict_kind
        when 'split_does_not_add_up'
            then
                label_en || ': target ' || {{ with_unit('first_value') }} || ', its ' || part_count || ' parts come to '
                || {{ with_unit('second_value') }} || ' (sum, or the end nearest the target).'
        when 'growth_does_not_fit'
            then
                label_en || ': yearly growth printed ' || {{ plain_number('first_value') }} || ', implied by the levels '
                || {{ plain_number('second_value') }} || '.'
        when 'actual_printed_twice'
            then label_en || ': ' || {{ with_unit('first_value') }} || ' and ' || {{ with_unit('second_value') }} || '.'
        when 'different_targets'
            then label_en || ': "' || first_text || '" and "' || second_text || '".'
        else
            label_en || ': target ' || {{ with_unit('first_value') }} || ', actual of ' || actual_year || ' '
            || {{ with_unit('second_value') }} || '.'
    end as reason_en
from worded
