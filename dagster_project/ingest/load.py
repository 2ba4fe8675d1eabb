"""One run of ingest: find files, archive them, read and judge their rows, load them into `raw`.

Order makes it safe to be killed anywhere: archive, then rows (one transaction a file), then, after gate 1, the
receipt, and only then the file leaves the inbox. Rows without a receipt are thrown away by the next run, which
finds the file where it was. Rows of files with a receipt that are missing (build.duckdb was deleted) are read again
from the archive.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dagster_project import clock
from dagster_project.durable import copy_whole, sync_path
from dagster_project.ingest import validation
from dagster_project.ingest.inbox import files_in
from dagster_project.ingest.ledger import (
    ACCEPTED,
    DUPLICATE,
    PENDING,
    QUARANTINED,
    REFUSED,
    Ledger,
    Receipt,
    seeds_fingerprint,
    sha256_of,
)
from dagster_project.ingest.readers import FileRefused, read_into
from dagster_project.paths import WarehousePaths


@dataclass
class IngestReport:
    """What one run of ingest did."""

    new: list[Receipt] = field(default_factory=list)
    duplicates: list[Receipt] = field(default_factory=list)
    reloaded: list[Receipt] = field(default_factory=list)
    left_for_next_run: list[str] = field(default_factory=list)


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the schema raw and its tables where they are missing."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
    connection.execute(f"CREATE TABLE IF NOT EXISTS raw.actual ({validation.RAW_ACTUAL_COLUMNS})")
    connection.execute(f"CREATE TABLE IF NOT EXISTS raw.rejected_row ({validation.RAW_REJECTED_COLUMNS})")
    connection.execute("CREATE TABLE IF NOT EXISTS raw.loaded_file (file_id VARCHAR PRIMARY KEY)")


class Ingest:
    """Ingest of one run into an open build database."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        paths: WarehousePaths,
        seeds: Path,
        ledger: Ledger,
        run_id: str,
        say: Callable[[str], None],
    ):
        self.connection = connection
        self.paths = paths
        self.ledger = ledger
        self.run_id = run_id
        self.say = say
        self.fingerprint = seeds_fingerprint(seeds)
        create_raw_tables(connection)
        validation.load_lookups(connection, seeds)

    def run(self, reprocess_files: list[str], reprocess_years: list[int]) -> IngestReport:
        """Take in what is new and read again what has to be.

        `reprocess_files`: names or SHA-256 (or their first characters, 8 or more) of files received earlier;
        `reprocess_years`: files with a figure of one of these years. Raises ValueError for a name never received.
        """
        report = IngestReport()
        self._forget_rows_without_receipt()
        for receipt in self._to_read_again(reprocess_files, reprocess_years):
            self.say(f"重新读取 / reading again {receipt.file_name}")
            self._load(receipt, self.paths.archive / receipt.file_id)
            report.reloaded.append(receipt)
        for origin, folder in (("shipped", self.paths.shipped), ("inbox", self.paths.inbox)):
            for path in files_in(folder):
                self._take(path, origin, path.relative_to(folder).as_posix(), report)
        self.ledger.write_image(self.connection)
        return report

    def _forget_rows_without_receipt(self) -> None:
        known = [receipt.file_id for receipt in self.ledger if receipt.status != DUPLICATE]
        for table in ("raw.actual", "raw.rejected_row", "raw.loaded_file"):
            self.connection.execute(f"DELETE FROM {table} WHERE NOT list_contains(?::VARCHAR[], file_id)", [known])

    def _to_read_again(self, reprocess_files: list[str], reprocess_years: list[int]) -> Iterator[Receipt]:
        loaded = {row[0] for row in self.connection.execute("SELECT file_id FROM raw.loaded_file").fetchall()}
        waiting = self._file_ids("SELECT file_id FROM raw.rejected_row WHERE waits_for_seeds")
        of_years = self._file_ids(
            "SELECT file_id FROM raw.actual WHERE list_contains(?::INTEGER[], left(period, 4)::INTEGER)", [reprocess_years]
        )
        asked = {receipt.file_id for wanted in reprocess_files for receipt in self._named(wanted)}
        for receipt in list(self.ledger):
            if receipt.status == DUPLICATE:
                continue
            seeds_changed = receipt.file_id in waiting and receipt.seeds_fingerprint != self.fingerprint
            if receipt.file_id not in loaded or seeds_changed or receipt.file_id in of_years | asked:
                yield receipt

    def _file_ids(self, query: str, parameters: list | None = None) -> set[str]:
        return {row[0] for row in self.connection.execute(query, parameters or []).fetchall()}

    def _named(self, wanted: str) -> list[Receipt]:
        found = [
            receipt
            for receipt in self.ledger
            if receipt.file_name == wanted or (len(wanted) >= 8 and receipt.file_id.startswith(wanted.lower()))
        ]
        if not found:
            raise ValueError(f"reprocess_files: no file {wanted!r} was ever received; see quality.received_file for names")
        return found

    def _take(self, path: Path, origin: str, name: str, report: IngestReport) -> None:
        before = path.stat()
        file_id = sha256_of(path)
        known = self.ledger.main_receipt(file_id)
        if known is not None and self.ledger.knows(file_id, name):
            if origin == "inbox":
                self.say(f"已收过 / received before, dropped from the inbox: {name}")
                path.unlink()
            return
        archived = self.paths.archive / file_id
        if not archived.exists():
            copy_whole(path, archived)
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or sha256_of(archived) != file_id:
            archived.unlink()
            self.say(f"文件正在写入 / still being written, left for the next run: {name}")
            report.left_for_next_run.append(name)
            return
        receipt = Receipt(file_id, name, origin, before.st_size, clock.now(), self.run_id)
        if known is not None:
            receipt.status, receipt.reason = DUPLICATE, f"内容与 {known.file_name} 相同 / same content as {known.file_name}"
            report.duplicates.append(receipt)
        else:
            self._load(receipt, archived)
            report.new.append(receipt)
        self.ledger.put(receipt)

    def _load(self, receipt: Receipt, path: Path) -> None:
        """Put the file's rows into raw, replacing those it had; fills in the receipt."""
        connection, file_id = self.connection, receipt.file_id
        receipt.seeds_fingerprint = self.fingerprint
        connection.execute("BEGIN")
        try:
            for table in ("raw.actual", "raw.rejected_row", "raw.loaded_file"):
                connection.execute(f"DELETE FROM {table} WHERE file_id = ?", [file_id])
            try:
                read = read_into(connection, path, receipt.file_name, "landing_text")
                accepted, refused = validation.split_rows(connection, "landing_text", file_id)
                if read.broken:
                    connection.executemany(
                        "INSERT INTO raw.rejected_row VALUES (?, ?, ?, false, ?)",
                        [(file_id, row.row_no, row.reason, row.text) for row in read.broken],
                    )
                receipt.rows_total = read.rows + len(read.broken)
                receipt.rows_accepted, receipt.rows_refused = accepted, refused + len(read.broken)
                if receipt.rows_total == 0:
                    raise FileRefused("只有表头 / the file has a header and no rows: send it again with its rows")
            except FileRefused as refusal:
                receipt.status, receipt.reason = REFUSED, str(refusal)
                connection.execute("INSERT INTO raw.rejected_row VALUES (?, 0, ?, false, NULL)", [file_id, str(refusal)])
            connection.execute("INSERT INTO raw.loaded_file VALUES (?)", [file_id])
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        outcome = receipt.reason or f"{receipt.rows_accepted} 行接收 / accepted, {receipt.rows_refused} 行退回 / refused"
        self.say(f"{receipt.file_name}: {outcome}")


def close_batch(
    connection: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    ledger: Ledger,
    run_id: str,
    report: IngestReport,
    quarantine: dict[str, str],
) -> None:
    """After gate 1: give every file of the batch its final status, make the receipts durable, empty the inbox.

    `quarantine`: file_id -> reason, for the files that the gate holds back whole.
    """
    for receipt in report.new:
        if receipt.status == PENDING:
            receipt.status = QUARANTINED if receipt.file_id in quarantine else ACCEPTED
            receipt.reason = quarantine.get(receipt.file_id, "")
    ledger.record(run_id, [*report.reloaded, *report.new, *report.duplicates])
    ledger.write_image(connection)
    for receipt in [*report.new, *report.duplicates]:
        if receipt.origin == "inbox":
            path = paths.inbox / receipt.file_name
            if path.exists() and sha256_of(path) == receipt.file_id:
                path.unlink()
                sync_path(path.parent)
