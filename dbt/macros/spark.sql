{#- How dbt builds on Spark: the raw tables, the seeds and the types of contracts. SQL of models is no business of this file. -#}

{#- Let Spark read the tables of the schema raw where `python -m dagster_project.raw_export` has put them.
    `folder` is absolute, or an address the cluster reads (s3a://…, hdfs://…). -#}
{% macro read_raw(folder) -%}
    {% do run_query('create schema if not exists raw') %}
    {% for node in graph.sources.values() if node.source_name == 'raw' %}
        {% do run_query('drop table if exists raw.' ~ node.name) %}
        {% do run_query('create table raw.' ~ node.name ~ " using parquet location '" ~ folder ~ '/' ~ node.name ~ "'") %}
    {% endfor %}
{%- endmacro %}

{#- A type as dbt_project.yml and contracts name it, as Spark names it. -#}
{% macro spark_type(data_type) -%}
    {%- if data_type == 'varchar' -%} string
    {%- elif data_type == 'varchar[]' -%} array<string>
    {%- else -%} {{ data_type }}
    {%- endif -%}
{%- endmacro %}

{#- A seed as an empty table; its columns are declared in dbt_project.yml, every one. -#}
{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {% for column in agate_table.column_names -%}
                {{ column }} {{ spark_type(model.config.column_types[column]) }}{{ ', ' if not loop.last }}
            {%- endfor %}
        )
        {{ file_format_clause() }}
        {{ location_clause() }}
        {{ comment_clause() }}
    {%- endset -%}
    {%- call statement('_') -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{#- The rows of a seed. dbt-spark's own macro binds an empty cell as the text None, and does not escape quotes. -#}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set columns = agate_table.column_names -%}
    {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select
                {% for column in columns -%}
                    cast({{ column }} as {{ spark_type(model.config.column_types[column]) }}){{ ', ' if not loop.last }}
                {%- endfor %}
            from values
            {% for row in rows -%}
                ({% for cell in row %}{{ 'null' if cell is none else spark_text(cell | string) }}{{ ', ' if not loop.last }}{% endfor %})
                {{- ', ' if not loop.last }}
            {%- endfor %}
            as rows ({{ columns | join(', ') }})
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return('insert into ' ~ this.render()) }}
{%- endmacro %}

{#- The columns a contract declares. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
        {% for column in columns.values() -%}
            cast(null as {{ spark_type(column.data_type) }}) as {{ column.name }}{{ ', ' if not loop.last }}
        {%- endfor %}
{%- endmacro %}
