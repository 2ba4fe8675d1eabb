"""The Dagster assets, one module a stage of the data's way: seeds, landing, models, marts checks, published version."""
