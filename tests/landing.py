"""Ingest alone, without Dagster and dbt: a warehouse with its landing folders, and well-formed files to put there."""

import csv
import io
from pathlib import Path

import duckdb

from dagster_project.ingest.layout import LAYOUT_COLUMNS
from dagster_project.ingest.ledger import Ledger
from dagster_project.ingest.load import Ingest, IngestReport, Orders, close_batch
from dagster_project.paths import SEEDS_DIR, WarehousePaths
from dagster_project.state import State

GOOD_ROW = {
    "region_code": "330411",
    "region_name": "秀洲区",
    "indicator_text": "测试指标",
    "period": "2023",
    "value": "11.5",
    "unit": "万元",
    "source_title": "测试来源",
}


SEEDS_OF_INGEST = ("region", "region_alias", "unit", "department", "landing_limit")


class Landing:
    """A warehouse with its landing folders and ingest alone: no Dagster, no dbt."""

    def __init__(self, root: Path, seeds: Path = SEEDS_DIR):
        self.paths, self.seeds, self.said, self.runs = WarehousePaths(root), seeds, [], 0
        self.paths.create_folders()
        self.connection = duckdb.connect()

    def put(self, name: str, content: bytes, folder: str = "inbox") -> Path:
        path = getattr(self.paths, folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def run(self, *, closed: bool = True, quarantine=None, orders: Orders | None = None) -> IngestReport:
        """One run; not `closed` is a run killed after its last row and before gate 1 was through."""
        self.runs += 1
        run_id, ledger = f"run-{self.runs}", Ledger(State(self.paths.state))
        ingest = Ingest(self.connection, self.paths, self.seeds, ledger, run_id, self.said.append)
        report = ingest.run(orders or Orders())
        if closed:
            close_batch(self.connection, self.paths, ledger, run_id, report, quarantine or {})
        return report

    def lose_build_database(self) -> None:
        self.connection.close()
        self.connection = duckdb.connect()

    def query(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def accepted(self) -> dict[int, str]:
        """Row number -> value as printed."""
        return dict(self.query("SELECT row_no, value_text FROM raw.actual ORDER BY row_no"))

    def refused(self) -> dict[int, str]:
        """Row number -> reason; 0 is the file as a whole."""
        return dict(
            self.query("SELECT row_no, reason || ' / ' || reason_en FROM raw.rejected_row ORDER BY row_no")
        )

    def refused_text(self) -> dict[int, str]:
        return dict(self.query("SELECT row_no, row_text FROM raw.rejected_row"))

    def files(self) -> dict[str, str]:
        """File name -> status."""
        return dict(self.query("SELECT file_name, status FROM raw.received_file"))

    def inbox(self) -> list[str]:
        return sorted(path.name for path in self.paths.inbox.iterdir())


def line(**cells: str) -> list[str]:
    """A good row with some cells changed."""
    return [{**GOOD_ROW, **cells}.get(column, "") for column in LAYOUT_COLUMNS]


def table(*lines: list[str], header=LAYOUT_COLUMNS, delimiter=",", newline="\r\n") -> str:
    text = io.StringIO()
    quoting = csv.QUOTE_MINIMAL if newline == "\r\n" else csv.QUOTE_ALL
    csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows([header, *lines])
    return text.getvalue()
