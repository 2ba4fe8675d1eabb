"""晾晒亮灯看板: the board, a static web site made of a published version. It opens from disk, offline, in both languages.

`build_board` is all that others need. Publishing it with a version belongs to assets/published.py.
"""

from dagster_project.board.build import build_board

__all__ = ["build_board"]
