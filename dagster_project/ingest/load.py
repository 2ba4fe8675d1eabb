"""One run of ingest: find files, archive them, read and judge their rows, load them into `raw`.

Order makes it safe to be killed anywhere: archive, then rows (one transaction a file), then, after gate 1, the
receipt, and only then the file leaves the inbox. Rows without a receipt are thrown away by the next run, which
finds the file where it was. Rows of files with a receipt that are missing (build.duckdb was deleted) are read again
from the archive, and a lost archive copy is made good by sending the file again.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dagster_project import clock
from dagster_project.durable import copy_whole, sync_path
from dagster_project.ingest import validation
from dagster_project.ingest.inbox import files_in, readable_name
from dagster_project.ingest.landing_table import BrokenRow, FileRefused
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
from dagster_project.ingest.readers import read_into
from dagster_project.paths import WarehousePaths
from dagster_project.rows import insert_rows

LANDING_TABLE = "landing_text"
RAW_TABLES = ("raw.actual", "raw.rejected_row", "raw.loaded")


DECISION_REASONS = {
    QUARANTINED: "由操作员隔离 / held back by the operator",
    ACCEPTED: "由操作员放行 / released by the operator",
}


@dataclass(frozen=True)
class Orders:
    """What an operator asks of a run. Files are named by file_name, or by 8 or more first characters of their SHA-256.

    `reprocess_years` means every file with a figure of one of these years.
    """

    reprocess_files: list[str] = field(default_factory=list)
    reprocess_years: list[int] = field(default_factory=list)
    quarantine_files: list[str] = field(default_factory=list)
    release_files: list[str] = field(default_factory=list)


@dataclass
class IngestReport:
    """What one run of ingest did."""

    new: list[Receipt] = field(default_factory=list)
    duplicates: list[Receipt] = field(default_factory=list)
    reloaded: list[Receipt] = field(default_factory=list)
    decided: list[Receipt] = field(default_factory=list)
    left_for_next_run: list[str] = field(default_factory=list)
    inbox_files: list[tuple[Path, str]] = field(default_factory=list)
    """Path and file_id of what may leave the inbox once the receipts are durable."""


@dataclass(frozen=True)
class FoundFile:
    """A file in a landing folder whose content is in the archive. `name` is what receipts call it."""

    path: Path
    origin: str
    name: str
    file_id: str
    size_bytes: int


class ArchiveDamaged(RuntimeError):
    """A file that has to be read again is not in the archive as it was received."""


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the schema raw and its tables where they are missing."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
    connection.execute(f"CREATE TABLE IF NOT EXISTS raw.actual ({validation.RAW_ACTUAL_COLUMNS})")
    connection.execute(f"CREATE TABLE IF NOT EXISTS raw.rejected_row ({validation.RAW_REJECTED_COLUMNS})")
    connection.execute("CREATE TABLE IF NOT EXISTS raw.loaded (file_id VARCHAR, seeds_fingerprint VARCHAR)")


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

    def run(self, orders: Orders) -> IngestReport:
        """Take in what is new, read again what has to be, and carry out the operator's orders.

        Raises ValueError for a name never received, and ArchiveDamaged, before anything is changed, if a file to be
        read again is not in the archive as it was received.
        """
        report = IngestReport()
        asked = self._file_ids_of(orders.reprocess_files)
        decided = {
            **dict.fromkeys(self._file_ids_of(orders.quarantine_files), QUARANTINED),
            **dict.fromkeys(self._file_ids_of(orders.release_files), ACCEPTED),
        }
        self._forget_rows_without_receipt()
        found = list(self._archived_files(report))
        again = list(self._to_read_again(asked, orders.reprocess_years))
        self._require_archive(again)
        for receipt in again:
            self.say(f"重新读取 / reading again {receipt.file_name}")
            if self._is_judged_anew(receipt):
                receipt.status, receipt.reason = PENDING, ""
            self._load(receipt)
            report.reloaded.append(receipt)
        for file in found:
            self._take(file, report)
        report.decided = [self._decide(file_id, status) for file_id, status in decided.items()]
        self.ledger.write_image(self.connection)
        return report

    def _file_ids_of(self, names: list[str]) -> set[str]:
        return {receipt.file_id for wanted in names for receipt in self._named(wanted)}

    def _decide(self, file_id: str, status: str) -> Receipt:
        """Give a received file the status the operator wants, whatever gate 1 said."""
        receipt = self.ledger.main_receipt(file_id)
        receipt.status, receipt.reason = status, DECISION_REASONS[status]
        self.say(f"{receipt.file_name}: {receipt.reason}")
        return receipt

    def _is_judged_anew(self, receipt: Receipt) -> bool:
        """Whether a file that is read again goes before gate 1 again: what an operator decided stays decided."""
        if receipt.status == QUARANTINED:
            return receipt.reason != DECISION_REASONS[QUARANTINED] and self._is_loaded(receipt)
        return receipt.status == REFUSED

    def _forget_rows_without_receipt(self) -> None:
        known = [receipt.file_id for receipt in self.ledger if receipt.status != DUPLICATE]
        for table in RAW_TABLES:
            self.connection.execute(
                f"DELETE FROM {table} WHERE NOT list_contains(?::VARCHAR[], file_id)", [known]
            )

    def _to_read_again(self, asked: set[str], years: list[int]) -> Iterator[Receipt]:
        of_years = self._file_ids(
            """SELECT file_id FROM raw.actual
               WHERE len(list_filter(?::INTEGER[], lambda year: year BETWEEN left(period, 4)::INTEGER
                   AND (CASE WHEN period[5:5] = '-' THEN right(period, 4) ELSE left(period, 4) END)::INTEGER)) > 0""",
            [years],
        )
        if years and not of_years:
            self.say(f"没有这些年份的数据 / reprocess_years: no file received has a figure of {years}")
        for receipt in list(self.ledger):
            if receipt.status == DUPLICATE:
                continue
            # accepted rows too: a region or unit that the seeds no longer have must not live on in build.duckdb
            seeds_changed = receipt.seeds_fingerprint != self.fingerprint
            if not self._is_loaded(receipt) or seeds_changed or receipt.file_id in of_years | asked:
                yield receipt

    def _is_loaded(self, receipt: Receipt) -> bool:
        """Whether raw holds the file's rows as the receipt counts them: judged by the same seeds."""
        query = "SELECT count(*) FROM raw.loaded WHERE file_id = ? AND seeds_fingerprint = ?"
        parameters = [receipt.file_id, receipt.seeds_fingerprint]
        return self.connection.execute(query, parameters).fetchone()[0] > 0

    def _file_ids(self, query: str, parameters: list | None = None) -> set[str]:
        return {row[0] for row in self.connection.execute(query, parameters or []).fetchall()}

    def _named(self, wanted: str) -> list[Receipt]:
        found = [
            receipt
            for receipt in self.ledger
            if receipt.file_name == wanted
            or (len(wanted) >= 8 and receipt.file_id.startswith(wanted.lower()))
        ]
        if not found:
            raise ValueError(
                f"从未收到文件 / no file {wanted!r} was ever received. "
                "请填 quality.received_file 中的文件名，或 SHA-256 的前 8 位以上 / "
                "Give a file_name of quality.received_file, or 8 or more first characters of a file_id"
            )
        return found

    def _require_archive(self, receipts: list[Receipt]) -> None:
        lost = [receipt for receipt in receipts if not self._archive_is_sound(receipt.file_id)]
        if lost:
            names = "; ".join(
                f"{receipt.file_name} ({self.paths.archive / receipt.file_id})" for receipt in lost
            )
            raise ArchiveDamaged(
                f"归档文件缺失或损坏 / missing or damaged in the archive: {names}. 请从备份恢复，或将原文件再次放入收件箱后重新运行；"
                "在此之前不会发布新版本 / Restore it from a backup, or put the original file into the inbox again, and run "
                "again; until then nothing new is published."
            )

    def _archive_is_sound(self, file_id: str) -> bool:
        archived = self.paths.archive / file_id
        return archived.is_file() and sha256_of(archived) == file_id

    def _archived_files(self, report: IngestReport) -> Iterator[FoundFile]:
        """Every file in the landing folders that can be read, with its content safe in the archive."""
        for origin, folder in (("shipped", self.paths.shipped), ("inbox", self.paths.inbox)):
            for path in files_in(folder):
                name = readable_name(path.relative_to(folder))
                try:
                    file = self._archive(path, origin, name)
                except OSError as error:
                    self.say(
                        f"文件无法读取，留待下次，请检查权限 / cannot be read, left for the next run, look at its permissions: {name} ({error})"
                    )
                    report.left_for_next_run.append(name)
                    continue
                if file is None:
                    self.say(f"文件正在写入，留待下次 / still being written, left for the next run: {name}")
                    report.left_for_next_run.append(name)
                else:
                    yield file

    def _archive(self, path: Path, origin: str, name: str) -> FoundFile | None:
        """Copy a file into the archive unless it is there; None if it changed meanwhile."""
        before = path.stat()
        file_id = sha256_of(path)
        is_settled = origin == "shipped" and self.ledger.knows(file_id, name)
        archived = self.paths.archive / file_id
        if not archived.exists() or not (is_settled or self._archive_is_sound(file_id)):
            copy_whole(path, archived)
            if not self._archive_is_sound(file_id):
                archived.unlink()
                return None
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            return None
        return FoundFile(path, origin, name, file_id, before.st_size)

    def _take(self, file: FoundFile, report: IngestReport) -> None:
        """Load a file, unless its content is known."""
        known = self.ledger.main_receipt(file.file_id)
        if file.origin == "inbox":
            report.inbox_files.append((file.path, file.file_id))
        if known is not None and self.ledger.knows(file.file_id, file.name):
            if file.origin == "inbox":
                self.say(f"已收过，将移出收件箱 / received before, to be dropped from the inbox: {file.name}")
            return
        receipt = Receipt(file.file_id, file.name, file.origin, file.size_bytes, clock.now(), self.run_id)
        if known is not None:
            receipt.status, receipt.reason = (
                DUPLICATE,
                f"内容与 {known.file_name} 相同 / same content as {known.file_name}",
            )
            self.say(f"{file.name}: {receipt.reason}")
            report.duplicates.append(receipt)
        else:
            self._load(receipt)
            report.new.append(receipt)
        self.ledger.put(receipt)

    def _load(self, receipt: Receipt) -> None:
        """Put the file's rows into raw, replacing those it had; fills in the receipt."""
        connection = self.connection
        receipt.seeds_fingerprint = self.fingerprint
        refusal, broken = "", []
        try:  # outside the transaction: a reader that gives up and hands over to another one would abort it
            broken = read_into(
                connection, self.paths.archive / receipt.file_id, receipt.file_name, LANDING_TABLE
            ).broken
        except FileRefused as error:
            refusal = str(error)
        connection.execute("BEGIN")
        try:
            for table in RAW_TABLES:
                connection.execute(f"DELETE FROM {table} WHERE file_id = ?", [receipt.file_id])
            if refusal:
                self._refuse(receipt, refusal)
            else:
                self._load_rows(receipt, broken)
            connection.execute("INSERT INTO raw.loaded VALUES (?, ?)", [receipt.file_id, self.fingerprint])
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        if receipt.status == REFUSED:
            outcome = f"整份退回 / refused: {receipt.reason}"
        else:
            outcome = f"{receipt.rows_accepted} 行接收 / accepted, {receipt.rows_refused} 行退回 / refused"
        self.say(f"{receipt.file_name}: {outcome}")

    def _load_rows(self, receipt: Receipt, broken: list[BrokenRow]) -> None:
        accepted, refused = validation.split_rows(self.connection, LANDING_TABLE, receipt.file_id)
        insert_rows(
            self.connection,
            "raw.rejected_row",
            [(receipt.file_id, row.row_no, row.reason, "", [], False, row.text) for row in broken],
        )
        receipt.rows_accepted, receipt.rows_refused = accepted, refused + len(broken)
        receipt.rows_total = receipt.rows_accepted + receipt.rows_refused
        if receipt.rows_total == 0:
            self._refuse(
                receipt,
                "只有表头没有数据，请连同数据行重新发送 / the file has a header and no rows: send it again with its rows",
            )

    def _refuse(self, receipt: Receipt, reason: str) -> None:
        receipt.status, receipt.reason = REFUSED, reason
        receipt.rows_total = receipt.rows_accepted = receipt.rows_refused = 0
        self.connection.execute(
            "INSERT INTO raw.rejected_row VALUES (?, 0, ?, '', [], false, NULL)", [receipt.file_id, reason]
        )


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
    for receipt in [*report.reloaded, *report.new]:
        if receipt.status == PENDING:
            receipt.status = QUARANTINED if receipt.file_id in quarantine else ACCEPTED
            receipt.reason = quarantine.get(receipt.file_id, "")
    ledger.record(run_id, [*report.reloaded, *report.new, *report.duplicates, *report.decided])
    ledger.write_image(connection)
    for path, file_id in report.inbox_files:
        with suppress(OSError):  # the next run finds the file, and that it was received
            if sha256_of(path) == file_id:
                path.unlink()
                sync_path(path.parent)
