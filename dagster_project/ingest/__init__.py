"""Taking in landing files: from bytes of unknown quality to rows of the schema `raw`, with a receipt for each file.

`layout` says what a file looks like, `readers` turns a file into text columns, `validation` accepts or refuses each
row, `ledger` keeps what was received, `load` does all of it for one run. Nothing here maps a label to an indicator
or converts a unit: that is dbt's part.
"""
