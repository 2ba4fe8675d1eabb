"""Excel workbooks between departments and the warehouse: templates to fill in, and refused files given back.

`items` says what a department has to report (`periods`: for when), `template` writes it. `refusals` says what was
refused, `received` reads the file once more, `returned` gives it back (`return_rows`, `return_note`). `columns` and
`style` are what both look like, `folder` keeps their folders in sync. Taking in what departments send is the part of
`ingest`.
"""
