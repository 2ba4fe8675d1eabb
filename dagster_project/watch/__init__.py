"""Watching the nights: what each run leaves behind, the page of the last runs, when a night is late, and who is told.

Nothing here decides anything about data; a run is never failed by what happens here.
"""
