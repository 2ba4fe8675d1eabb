"""共富指标数仓: the pipeline that turns plan targets and reported actuals into published verdicts.

Sub-packages follow the way of the data: `grammar` reads target texts, `ingest` takes in files, `assets` ties
them to Dagster, `publish` writes versions. Nothing heavy is imported here.
"""
