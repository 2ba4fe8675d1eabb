{#- How models become tables and views on DuckDB: in place, in one transaction that leaves what was there if it fails. The adapter's own
    ways build beside what is there, rename twice and drop, at twice the cost: most of a small night is statements, not rows. -#}

{% materialization table, adapter='duckdb' %} {{ return(build_in_place('table')) }} {% endmaterialization %}

{% materialization view, adapter='duckdb' %} {{ return(build_in_place('view')) }} {% endmaterialization %}

{#- A model that is kept from night to night: its pre_hook takes out what is built anew (macros/partial_build.sql). -#}
{% materialization incremental, adapter='duckdb' %} {{ return(build_in_place('table')) }} {% endmaterialization %}

{% macro build_in_place(type) -%}
    {%- set built = this.incorporate(type=type) -%}
    {%- set is_added_to = is_incremental() -%}
    {%- set existing = load_cached_relation(this) -%}
    {#- a table cannot take the place of a view, nor a view that of a table -#}
    {%- if existing is not none and existing.type != type -%} {% do adapter.drop_relation(existing) %} {%- endif -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') %}
        {%- if is_added_to %} insert into {{ built }} by name ({{ sql }})
        {%- else %} {{ create_or_replace(built) }}
        {%- endif -%}
    {% endcall %}
    {{ run_hooks(post_hooks) }}
    {% if not is_added_to %} {% do persist_docs(built, model) %} {% endif %}
    {% do adapter.commit() %}
    {{ return({'relations': [built]}) }}
{%- endmacro %}

{% macro create_or_replace(built) -%}
    {%- set has_contract = config.get('contract').enforced -%}
    {#- a night that builds upon the last one has the models of the last one: their columns have been compared -#}
    {%- if has_contract and not is_partial() -%} {% do get_assert_columns_equivalent(sql) %} {%- endif -%}
    {%- if built.is_view -%}
        create or replace view {{ built }} as ({{ sql }})
    {%- elif has_contract -%}
        create or replace table {{ built }} {{ get_table_columns_and_constraints() }};
        insert into {{ built }} {{ get_column_names() }} ({{ get_select_subquery(sql) }})
    {%- else -%}
        create or replace table {{ built }} as ({{ sql }})
    {%- endif -%}
{%- endmacro %}
