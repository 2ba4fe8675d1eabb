{#- How models become tables and views on DuckDB: in place, in one transaction that leaves what was there if it fails. The adapter's own
    ways build beside what is there, rename twice and drop, at twice the cost: most of a small night is statements, not rows. -#}

{% materialization table, adapter='duckdb' %}
    {%- set built = this.incorporate(type='table') -%}
    {% do make_way_for(built) %}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') %} {{ replace_table(built, sql) }} {% endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(built, model) %}
    {% do adapter.commit() %}
    {{ return({'relations': [built]}) }}
{% endmaterialization %}

{#- A model that is kept from night to night: its pre_hook has taken out what is built anew (macros/partial_build.sql). -#}
{% materialization incremental, adapter='duckdb' %}
    {%- set built = this.incorporate(type='table') -%}
    {%- set is_added_to = is_incremental() -%}
    {% do make_way_for(built) %}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') %}
        {%- if is_added_to %} insert into {{ built }} by name ({{ sql }}) {%- else %} {{ replace_table(built, sql) }} {%- endif -%}
    {% endcall %}
    {{ run_hooks(post_hooks) }}
    {% if not is_added_to %} {% do persist_docs(built, model) %} {% endif %}
    {% do adapter.commit() %}
    {{ return({'relations': [built]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set built = this.incorporate(type='view') -%}
    {% do make_way_for(built) %}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') %}
        {% do check_contract(sql) %}
        create or replace view {{ built }} as ({{ sql }})
    {% endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(built, model) %}
    {% do adapter.commit() %}
    {{ return({'relations': [built]}) }}
{% endmaterialization %}

{#- A table cannot take the place of a view, nor a view that of a table. -#}
{% macro make_way_for(relation) -%}
    {%- set existing = load_cached_relation(relation) -%}
    {%- if existing is not none and existing.type != relation.type -%} {% do adapter.drop_relation(existing) %} {%- endif -%}
{%- endmacro %}

{#- A night that builds upon the last one has the models of the last one: their columns have been compared. -#}
{% macro check_contract(sql) -%}
    {%- if config.get('contract').enforced and not is_partial() -%} {% do get_assert_columns_equivalent(sql) %} {%- endif -%}
{%- endmacro %}

{% macro replace_table(relation, sql) -%}
    {% do check_contract(sql) %}
    {%- if config.get('contract').enforced -%}
        create or replace table {{ relation }} {{ get_table_columns_and_constraints() }};
        insert into {{ relation }} {{ get_column_names() }} ({{ get_select_subquery(sql) }})
    {%- else -%}
        create or replace table {{ relation }} as ({{ sql }})
    {%- endif -%}
{%- endmacro %}
