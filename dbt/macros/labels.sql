{#- A printed label as it is compared: no white space, half-width brackets and signs, lower case. -#}
{% macro normalise_label(text) -%}
    lower(regexp_replace(translate(coalesce({{ text }}, ''), '（）％：，；＊～＆', '()%:,;*~&'), '\s', '', 'g'))
{%- endmacro %}

{#- The id of a target: what makes it one, joined; never a hash of its text, so that corrections keep it. -#}
{% macro target_id() -%}
    concat_ws(':', document_id, table_ref, line_no, column_ref, region_code, scope, period, part_no)
{%- endmacro %}
