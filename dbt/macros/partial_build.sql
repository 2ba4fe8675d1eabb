{#- What a night builds anew. A night with the same seeds and models as the last one, as of the same day or a later one, builds what its
    new figures touch and keeps the rest; any other night builds everything. The two give the same rows: a model asks `is_partial()`, or
    leaves it to the macros below, and must say how far a change reaches. On Spark everything is always built.

    intermediate.build_state and intermediate.built_file remember what the last build that went through had seen. -#}

{#- How a model is kept from night to night. -#}
{% macro kept() -%}
    {{ return('incremental' if target.type == 'duckdb' else 'table') }}
{%- endmacro %}

{#- Whether this run builds upon the last one, as begin_build found. Neither unit tests nor what is compiled without running does. -#}
{% macro is_partial() -%}
    {{ return(execute and model.resource_type == 'model' and graph.get('builds_on_last', false)) }}
{%- endmacro %}

{#- dbt asks this before it builds an incremental model; seeds say for themselves that they are made anew. -#}
{% macro should_full_refresh() -%}
    {{ return(config.get('full_refresh', false) or flags.FULL_REFRESH or not is_partial()) }}
{%- endmacro %}

{#- Another model, where it is one at all: a unit test knows only the inputs it is given. -#}
{% macro changes_in(name) -%}
    {{ return(ref(name) if model.resource_type == 'model' else none) }}
{%- endmacro %}

{#- Whether a row (an alias with region_code and indicator_id) belongs to a series that is built anew. -#}
{% macro in_changed_series(row, changes='int_actual_change') -%}
    {%- set changed = changes_in(changes) -%}
    {%- if is_partial() -%}
        exists (
            select 1
            from {{ changed }} as changed
            where changed.region_code = {{ row }}.region_code and changed.indicator_id = {{ row }}.indicator_id
        )
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}

{#- The rows of accepted files that a run builds from: those of the series it builds anew, or all as they stand. -#}
{% macro affected_rows() -%}
    {%- set all_rows, affected = ref('int_actual_mapped'), changes_in('int_actual_affected') -%}
    {{ affected if is_partial() else all_rows }}
{%- endmacro %}

{#- The revisions a run builds, where the fact of all of them is there already; where it builds all, that fact. -#}
{% macro built_revisions() -%}
    {%- set all_rows, built = ref('fct_actual_revision'), changes_in('int_actual_revised') -%}
    {{ built if is_partial() else all_rows }}
{%- endmacro %}

{#- The accepted figures of all that a night says anew, or all as they stand. -#}
{% macro accepted_figures() -%}
    {%- set all_rows, accepted = ref('fct_actual'), changes_in('int_actual_accepted') -%}
    {{ accepted if is_partial() else all_rows }}
{%- endmacro %}

{#- Whether a row (an alias with file_no) is of a file that has been read, held back or released since. -#}
{% macro in_changed_file(row) -%}
    {%- set changed = changes_in('int_file_change') -%}
    {%- if is_partial() -%} {{ row }}.file_no in (select changed.file_no from {{ changed }} as changed)
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}

{#- Whether a row (an alias with target_id) belongs to a target that is judged anew. -#}
{% macro in_changed_target(row) -%}
    {%- set changed = changes_in('int_target_change') -%}
    {%- if is_partial() -%}
        exists (select 1 from {{ changed }} as changed where changed.target_id = {{ row }}.target_id)
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}

{#- Whether the place of a period may be another than it was. Periods begin with their year: those before are not even read. -#}
{% macro in_changed_ranking(peer_group_id, indicator_id, period) -%}
    {%- set changed = changes_in('int_ranking_change') -%}
    {%- if is_partial() -%}
        {{ period }} >= '{{ run_query('select coalesce(min(from_year), 9999) from ' ~ changed).columns[0].values()[0] }}'
        and exists (
            select 1
            from {{ changed }} as changed
            where
                changed.peer_group_id = {{ peer_group_id }}
                and changed.indicator_id = {{ indicator_id }}
                and changed.from_year <= cast(left({{ period }}, 4) as integer)
        )
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}

{#- Whether a file (grouped by file_no, with is_accepted) has been read, held back or released since. -#}
{% macro is_changed_file() -%}
    {%- if is_partial() -%}
        bool_and(is_accepted) <> (file_no in (select built.file_no from intermediate.built_file as built))
    {%- else -%} false
    {%- endif -%}
{%- endmacro %}

{#- Whether a day lies behind the day the last night spoke from. -#}
{% macro is_after_last_night(day) -%}
    {%- if is_partial() -%} {{ day }} > (select max(state.last_as_of_date) from intermediate.build_state as state)
    {%- else -%} false
    {%- endif -%}
{%- endmacro %}

{#- For lists of what is built anew. -#}
{% macro none_if_everything_is_built() -%}
    {{ 'true' if is_partial() else 'false' }}
{%- endmacro %}

{#- The hook of a model that is kept: what it builds anew goes first, in the same transaction. -#}
{% macro forget(condition) -%}
    {%- if is_partial() and is_incremental() -%} delete from {{ this }} as kept where {{ condition }} {%- endif -%}
{%- endmacro %}

{#- The hook after a fact whose rows say what day they speak from. -#}
{% macro speak_from_today() -%}
    {%- if is_partial() and is_incremental() -%}
        update {{ this }} set as_of_date = run.as_of_date from {{ source('raw', 'run_parameter') }} as run
        where {{ this.identifier }}.as_of_date <> run.as_of_date
    {%- endif -%}
{%- endmacro %}

{#- Rows of a model that depends on the seeds alone: none in a night that keeps them. -#}
{% macro when_seeds_changed() -%}
    {{ 'false' if is_partial() and is_incremental() else 'true' }}
{%- endmacro %}

{#- The models of this project; those that are kept. -#}
{% macro models_of_project(kept_only=false) -%}
    {%- set models = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- if not kept_only or node.config.materialized == 'incremental' -%} {%- do models.append(node) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(models) }}
{%- endmacro %}

{#- Before a build: decide whether it builds upon the last one, and note that it is not through. -#}
{% macro begin_build() -%}
    {%- if not execute or target.type != 'duckdb' or flags.WHICH not in ('run', 'build') -%} {{ return('') }} {%- endif -%}
    {%- set is_whole = models_of_project() | map(attribute='unique_id') | reject('in', selected_resources) | list | length == 0 -%}
    {% do run_query('create schema if not exists intermediate') %}
    {% do run_query('create table if not exists intermediate.built_file (file_no integer, file_id varchar)') %}
    {% do run_query('
        create table if not exists intermediate.build_state
            (fingerprint varchar, as_of_date date, is_complete boolean, builds_on_last boolean, last_as_of_date date)
    ') %}
    {%- set there = run_query("
        select count(*) from information_schema.tables
        where table_schema = 'raw' and table_name in ('build_basis', 'run_parameter', 'loaded')
    ").columns[0].values()[0] == 3 -%}
    {%- if not there -%}
        {% do run_query('delete from intermediate.build_state') %}
        {{ return('') }}
    {%- endif -%}
    {%- set known = [] -%}
    {%- for node in models_of_project(kept_only=true) -%}
        {%- do known.append("'" ~ node.schema ~ '.' ~ node.name ~ "'") -%}
    {%- endfor -%}
    {% do run_query("
        create or replace table intermediate.build_state as
        with state as (
            select
                max(fingerprint) as fingerprint,
                max(as_of_date) as as_of_date,
                coalesce(bool_and(is_complete), false) as is_complete
            from intermediate.build_state
        )
        select
            basis.fingerprint,
            run.as_of_date,
            false as is_complete,
            coalesce(
                " ~ ('true' if is_whole and not flags.FULL_REFRESH else 'false') ~ "
                and state.is_complete
                and state.fingerprint = basis.fingerprint
                and state.as_of_date <= run.as_of_date
                and not exists (
                    select 1
                    from intermediate.built_file as built
                    left join raw.loaded as loaded on built.file_no = loaded.file_no and built.file_id = loaded.file_id
                    where loaded.file_no is null
                )
                and (
                    select count(*) from information_schema.tables
                    where table_schema || '.' || table_name in (" ~ known | join(', ') ~ ")
                ) = " ~ known | length ~ ",
                false
            ) as builds_on_last,
            state.as_of_date as last_as_of_date
        from raw.build_basis as basis
        cross join raw.run_parameter as run
        cross join state
    ") %}
    {%- set builds_on_last = run_query('select bool_or(builds_on_last) from intermediate.build_state').columns[0].values()[0] -%}
    {%- do graph.update({"builds_on_last": builds_on_last == true}) -%}
    {{ log('只重建变动部分 / building what has changed' if builds_on_last else '全部重建 / building everything', info=true) }}
{%- endmacro %}

{#- After a build: if every model went through, the next one may build upon it. -#}
{% macro end_build() -%}
    {%- if not execute or target.type != 'duckdb' or flags.WHICH not in ('run', 'build') -%} {{ return('') }} {%- endif -%}
    {%- set built = results | selectattr('status', 'equalto', 'success') | map(attribute='node.unique_id') | list -%}
    {%- if models_of_project() | map(attribute='unique_id') | reject('in', built) | list | length == 0 -%}
        {% do run_query("
            create or replace table intermediate.built_file as
            select loaded.file_no, loaded.file_id
            from raw.loaded as loaded
            inner join raw.received_file as receipt
                on loaded.file_id = receipt.file_id and receipt.status = 'accepted'
        ") %}
        {% do run_query('update intermediate.build_state set is_complete = true') %}
    {%- endif -%}
{%- endmacro %}
