{#- A printed label as it is compared: no white space, half-width brackets and signs, lower case. -#}
{% macro normalise_label(text) -%}
    lower({{ without("translate(coalesce(" ~ text ~ ", ''), '（）％：，；＊～＆', '()%:,;*~&')", '\\s') }})
{%- endmacro %}

{#- The id of a target: what makes it one, joined; never a hash of its text, so that corrections keep it. -#}
{% macro target_id() -%}
    concat_ws(':', document_id, table_ref, line_no, column_ref, region_code, scope, period, part_no)
{%- endmacro %}

{#- The id of a task; `prefix` is the alias of the row with its dot. -#}
{% macro task_id(prefix='') -%}
    concat_ws(':', {{ prefix }}document_id, {{ prefix }}table_ref, {{ prefix }}task_no)
{%- endmacro %}

{#- Each target with its responsible units in one text, the leading one first. -#}
{% macro departments_of_targets() -%}
    select
        bridge.target_id,
        {{ listed('department.department_name', '、', 'coalesce(bridge.is_lead, false) desc, department.department_name') }} as departments
    from {{ ref('bridge_target_department') }} as bridge
    inner join {{ ref('dim_department') }} as department
        on bridge.department_id = department.department_id
    group by bridge.target_id
{%- endmacro %}
