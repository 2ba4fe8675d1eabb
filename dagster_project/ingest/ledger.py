"""What was received, and when: receipts in the durable state, and their image raw.received_file.

A file is its content: file_id is the SHA-256. It may have come under several names; each name has its receipt. The
newest receipt of a (file_id, file_name) counts. Whether rows are good is not decided here.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project import clock
from dagster_project.rows import insert_rows
from dagster_project.state import DATASETS, State

PENDING, ACCEPTED, QUARANTINED, REFUSED, DUPLICATE = (
    "pending",
    "accepted",
    "quarantined",
    "refused",
    "duplicate",
)
SEEDS_THAT_JUDGE_ROWS = ("region.csv", "region_alias.csv", "unit.csv")


@dataclass
class Receipt:
    """One file under one name. `origin` is shipped or inbox; `status` one of the words above."""

    file_id: str
    file_name: str
    origin: str
    size_bytes: int
    received_at: datetime
    run_id: str
    status: str = PENDING
    reason: str = ""
    rows_total: int = 0
    rows_accepted: int = 0
    rows_refused: int = 0
    seeds_fingerprint: str = ""

    def as_row(self) -> tuple:
        """The receipt in the column order of the state dataset."""
        return (
            self.file_id, self.file_name, self.origin, self.size_bytes, self.received_at, self.run_id, self.status,
            self.reason, self.rows_total, self.rows_accepted, self.rows_refused, self.seeds_fingerprint, clock.now(),
        )  # fmt: skip


def sha256_of(path: Path) -> str:
    """The file's content as a name."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seeds_fingerprint(seeds: Path) -> str:
    """Changes when a seed changes that may turn a refused row into an accepted one."""
    digest = hashlib.sha256()
    for name in SEEDS_THAT_JUDGE_ROWS:
        digest.update((seeds / name).read_bytes())
    return digest.hexdigest()


class Ledger:
    """All receipts, as the durable state has them, plus those of the running run."""

    def __init__(self, state: State):
        self.state = state
        self._receipts: dict[tuple[str, str], Receipt] = {}
        for row in state.rows("receipt"):
            row.pop("recorded_at")
            self._receipts[row["file_id"], row["file_name"]] = Receipt(**row)

    def __iter__(self):
        return iter(self._receipts.values())

    def knows(self, file_id: str, file_name: str) -> bool:
        """Whether this content was received under this name."""
        return (file_id, file_name) in self._receipts

    def main_receipt(self, file_id: str) -> Receipt | None:
        """The receipt under which the rows of a file were taken (not the ones of its copies)."""
        for receipt in self._receipts.values():
            if receipt.file_id == file_id and receipt.status != DUPLICATE:
                return receipt
        return None

    def put(self, receipt: Receipt) -> None:
        """Add or replace a receipt in memory; `record` makes it durable."""
        self._receipts[receipt.file_id, receipt.file_name] = receipt

    def record(self, run_id: str, receipts: list[Receipt]) -> None:
        """Append receipts to the durable state."""
        self.state.append("receipt", run_id, [receipt.as_row() for receipt in receipts])

    def write_image(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make raw.received_file say what the ledger says."""
        connection.execute(f"CREATE OR REPLACE TABLE raw.received_file ({DATASETS['receipt']})")
        insert_rows(
            connection, "raw.received_file", [receipt.as_row() for receipt in self._receipts.values()]
        )
        for column in (
            "sender VARCHAR DEFAULT ''",
            "saved_at TIMESTAMP",
            "rows_not_reported BIGINT DEFAULT 0",
        ):
            connection.execute(f"ALTER TABLE raw.received_file ADD COLUMN {column}")
