"""Excel workbooks between departments and the warehouse: templates to fill in, and refused files given back.

`items` says what a department has to report, `template` writes it; `refusals` says what was refused, `returned` gives
it back. `style` and `columns` are what both look like, `folder` keeps their folders in sync. Reading what departments
send is the part of `ingest`.
"""
