"""Reading the bulletins out of a database: everything once, dealt out by region and target year."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from dagster_project.bulletins import queries
from dagster_project.bulletins.content import Bulletin, Edition
from dagster_project.bulletins.target import Target
from dagster_project.rows import fetch_rows

if TYPE_CHECKING:
    import duckdb


def read_bulletins(connection: "duckdb.DuckDBPyConnection") -> Iterator[Bulletin]:
    """Every bulletin, by region and target year. The rule which there are is told in the package's docstring."""
    (edition_row,) = fetch_rows(connection, queries.EDITION)
    if edition_row["as_of_date"] is None:
        return
    edition = Edition(**edition_row)
    documents = {row["document_id"]: row for row in fetch_rows(connection, queries.DOCUMENTS)}
    regions = {row["region_code"]: row["region_name"] for row in fetch_rows(connection, queries.REGIONS)}
    statements = {
        row["region_code"]: (row["statement"], row["statement_en"])
        for row in fetch_rows(connection, queries.STATEMENTS)
    }
    changes = {row["target_id"]: row for row in fetch_rows(connection, queries.CHANGES)}
    scores = _grouped(fetch_rows(connection, queries.SCORES), "target_id")
    places = _grouped(fetch_rows(connection, queries.PLACES), "region_code")

    groups = defaultdict(list)
    for row in fetch_rows(connection, queries.TARGETS):
        groups[row["region_code"], row["target_year"]].append(row)
    for (region_code, target_year), rows in sorted(groups.items()):
        if not any(_is_reportable(row, edition.as_of_date) for row in rows):
            continue
        used = {row["document_id"] for row in rows}
        listed = [document for key, document in documents.items() if key in used]
        numbers = {document["document_id"]: number for number, document in enumerate(listed, start=1)}
        targets = [Target(row, numbers[row["document_id"]]) for row in rows]
        targets.sort(key=lambda target: target.order(region_code))
        yield Bulletin(
            region_code,
            regions[region_code],
            target_year,
            edition,
            listed,
            targets,
            statement=statements.get(region_code),
            changes=[
                (target, changes[target.target_id]) for target in targets if target.target_id in changes
            ],
            places=_latest_places(places[region_code], targets, target_year),
            scores=[score for target in targets for score in scores[target.target_id]],
        )


def _is_reportable(row: dict[str, Any], as_of_date: date) -> bool:
    return row["light"] != "grey" or (row["due_date"] is not None and row["due_date"] <= as_of_date)


def _latest_places(places: list[dict], targets: list[Target], target_year: int) -> list[dict[str, Any]]:
    """The latest place up to the target year of every indicator of the bulletin, in each peer group and scope."""
    wanted = {target.indicator_id for target in targets}
    latest = {}
    for place in places:  # the latest comes last
        if place["indicator_id"] in wanted and place["year"] <= target_year:
            latest[place["indicator_id"], place["peer_group_id"], place["scope"]] = place
    return list(latest.values())


def _grouped(rows: list[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    groups = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups
