"""What was refused, held back or is to be confirmed, a received file each: read from the build database of this run."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dagster_project.rows import fetch_rows

if TYPE_CHECKING:
    import duckdb

MAX_MARKS = 3_000
"""How many rows of one file are given back with their reasons; the count says how many there were."""
MAX_REASONS = 20
WHOLE_FILE = 0
"""The row number that stands for the file as a whole."""
REASON_KIND = r"regexp_replace(reason, '''[^'']*''|“[^”]*”|‘[^’]*’|[0-9][0-9,.]*', '…', 'g')"
"""A reason without what it quotes from its row, so that reasons can be counted."""


@dataclass(frozen=True)
class Mark:
    """What is wrong with a row, or to be confirmed. `columns`: the columns of the landing layout at fault, if known."""

    row_no: int
    reason: str
    columns: tuple[str, ...] = ()
    is_refused: bool = True


@dataclass
class Refusal:
    """A received file that has to go back to whoever sent it."""

    file_id: str
    file_name: str
    sender: str
    received_at: datetime
    status: str
    whole_reason: str
    rows_accepted: int
    rows_refused: int
    rows_waiting: int = 0
    marks: list[Mark] = field(default_factory=list)
    reasons: list[tuple[str, int]] = field(default_factory=list)

    @property
    def rows_suspicious(self) -> int:
        return sum(not mark.is_refused for mark in self.marks)


def refusals(connection: "duckdb.DuckDBPyConnection") -> list[Refusal]:
    """Every received file that goes back: refused or held back as a whole, with refused rows, or with figures to confirm."""
    found: dict[str, Refusal] = {}
    for row in fetch_rows(connection, RECEIPTS_QUERY):
        found[row["file_id"]] = Refusal(
            row["file_id"], row["file_name"], row.get("sender") or "", row["received_at"], row["status"],
            row["reason"] or "" if row["status"] in ("refused", "quarantined") else "",
            row["rows_accepted"], row["rows_refused"],
        )  # fmt: skip
    for row in fetch_rows(
        connection,
        f"{REFUSED_QUERY} QUALIFY row_number() OVER (PARTITION BY file_id ORDER BY row_no) <= {MAX_MARKS}",
    ):
        refusal = found.get(row["file_id"])
        if refusal is None:
            continue
        if row["row_no"] == WHOLE_FILE:
            refusal.whole_reason = row["reason"]
        else:
            refusal.marks.append(Mark(row["row_no"], row["reason"], tuple(row.get("column_names") or ())))
    for file_id, reason, count in connection.execute(COUNT_QUERY).fetchall():
        if file_id in found and len(found[file_id].reasons) < MAX_REASONS:
            found[file_id].reasons.append((reason, count))
    for file_id, count in connection.execute(WAITING_QUERY).fetchall():
        if file_id in found:
            found[file_id].rows_waiting = count
    _add_suspicious(connection, found)
    return [
        refusal
        for refusal in found.values()
        if refusal.marks or refusal.whole_reason or refusal.status in ("refused", "quarantined")
    ]


def accepted_rows(connection: "duckdb.DuckDBPyConnection", file_id: str) -> set[int]:
    """The rows of a file that were taken."""
    query = "SELECT row_no FROM raw.actual WHERE file_id = ?"
    return {row[0] for row in connection.execute(query, [file_id]).fetchall()}


def reasons_counted(
    connection: "duckdb.DuckDBPyConnection", limit: int = MAX_REASONS
) -> list[dict[str, Any]]:
    """The most frequent reasons of all refused rows, for the operator."""
    query = f"""
        SELECT {REASON_KIND} AS reason, count(*) AS row_count, count(DISTINCT file_id) AS files, any_value(reason) AS example
        FROM raw.rejected_row GROUP BY 1 ORDER BY row_count DESC, reason LIMIT {limit}"""
    return fetch_rows(connection, query)


def _add_suspicious(connection: "duckdb.DuckDBPyConnection", found: dict[str, Refusal]) -> None:
    """Figures that were taken and are to be confirmed, asked of whoever sent them; shipped files have no sender."""
    is_there = connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE (table_schema, table_name) = ('quality', 'suspicious_figure')"
    ).fetchone()[0]
    if not is_there:
        return
    origins = dict(
        connection.execute(
            "SELECT file_id, origin FROM raw.received_file WHERE status <> 'duplicate'"
        ).fetchall()
    )
    marks: dict[tuple[str, int], list[str]] = {}
    for row in fetch_rows(
        connection, "SELECT * FROM quality.suspicious_figure ORDER BY file_id, row_no, rule_id"
    ):
        is_settled = row.get("is_confirmed") or row.get("is_replaced")
        if not is_settled and origins.get(row["file_id"]) == "inbox":
            marks.setdefault((row["file_id"], row["row_no"]), []).append(row["reason"])
    for (file_id, row_no), reasons in marks.items():
        found[file_id].marks.append(Mark(row_no, "；".join(reasons), ("value",), is_refused=False))


RECEIPTS_QUERY = (
    "SELECT * FROM raw.received_file WHERE status <> 'duplicate' ORDER BY received_at, file_name, file_id"
)
REFUSED_QUERY = "SELECT * FROM raw.rejected_row"
COUNT_QUERY = f"""
    SELECT file_id, {REASON_KIND} AS kind, count(*) AS row_count
    FROM raw.rejected_row WHERE row_no <> {WHOLE_FILE} GROUP BY ALL ORDER BY file_id, row_count DESC, kind"""
WAITING_QUERY = "SELECT file_id, count(*) FROM raw.rejected_row WHERE waits_for_seeds GROUP BY file_id"
