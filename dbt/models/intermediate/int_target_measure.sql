-- Grain: one target that is judged by a place, a grade or completion, with the measure reported for it.
select
    target.target_id,
    case
        when target.judged_by = 'rank' then 'rank'
        when target.judged_by = 'grade' and scale.grade_text is not null then 'grade'
        else 'completion'
    end as measure
from {{ ref('int_target_bound') }} as target
left join {{ ref('grade_scale') }} as scale
    on target.reference_text = scale.grade_text
where target.judged_by in ('rank', 'grade', 'completion')
