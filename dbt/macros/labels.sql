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
