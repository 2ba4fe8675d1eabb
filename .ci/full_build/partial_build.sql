{#- dbt/macros/partial_build.sql as a build sees it that builds everything: for what renders the models without running dbt (the
    linter of SQL, tests/dbt_models.py). -#}
{% macro kept() -%} incremental {%- endmacro %}
{% macro when_seeds_changed() -%} true {%- endmacro %}
{% macro in_changed_series(row, changes) -%} true {%- endmacro %}
{% macro affected_rows() -%} {{ ref('int_actual_mapped') }} {%- endmacro %}
{% macro built_revisions() -%} {{ ref('fct_actual_revision') }} {%- endmacro %}
{% macro accepted_figures() -%} {{ ref('fct_actual') }} {%- endmacro %}
{% macro in_changed_file(row) -%} true {%- endmacro %}
{% macro in_changed_target(row) -%} true {%- endmacro %}
{% macro in_changed_ranking(peer_group_id, indicator_id, period) -%} true {%- endmacro %}
{% macro is_changed_file() -%} false {%- endmacro %}
{% macro is_after_last_night(day) -%} {{ day }} is null {%- endmacro %}
{% macro none_if_everything_is_built() -%} false {%- endmacro %}
