"""Publishing: from the finished marts to a version that readers see as a whole.

`database` writes the published DuckDB file, `parts` what people open beside it, `manifest` says what is in a version,
`version` puts it in place.
"""
