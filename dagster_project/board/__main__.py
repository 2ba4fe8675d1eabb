"""`python -m dagster_project.board FOLDER`: the board of the published version, built into a folder of its own.

For who wants a board beside the published one, to mail it or to try changed templates. The nightly run builds its own.
"""

import argparse
import json
import sys
from pathlib import Path

import duckdb

from dagster_project.board import build_board
from dagster_project.paths import warehouse_paths
from dagster_project.publish.version import DATABASE_NAME


def main() -> int:
    """Build the board and print what was built."""
    parser = argparse.ArgumentParser(
        prog="python -m dagster_project.board",
        description="由发布版本生成看板 / the board of the published version",
    )
    parser.add_argument("folder", type=Path, help="新建的文件夹 / the folder to create")
    folder = parser.parse_args().folder
    database = warehouse_paths().published / DATABASE_NAME
    if folder.exists():
        print(f"文件夹已存在 / {folder} exists: name a new one", file=sys.stderr)
        return 1
    if not database.exists():
        print(f"尚无发布版本 / nothing is published yet at {database}: run `make run` first", file=sys.stderr)
        return 1
    with duckdb.connect(str(database), read_only=True) as connection:
        summary = build_board(connection, folder)
    print(json.dumps(summary, ensure_ascii=False))
    print(f"打开 / open {folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
