-- Grain: one row of an accepted file; its label mapped to an indicator where the crosswalk knows it.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
{{ mapped_rows(ref('stg_actual')) }}
