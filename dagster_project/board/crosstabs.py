"""The two tables that are put together cell by cell: the printed tables of a plan, and the scores of townships."""

from collections.abc import Iterable
from typing import Any

from dagster_project.board.read import Row
from dagster_project.board.targets import Target


def printed_tables(shown: Iterable[Target]) -> dict[str, dict[str, Any]]:
    """The printed tables again, by name: a row a line, a column a printed column, the cells as printed."""
    tables: dict[str, dict[str, Any]] = {}
    for target in shown:
        row = target.row
        if row["part_no"] == 0:
            table = tables.setdefault(row["table_ref"], {"columns": {}, "lines": {}})
            table["columns"][row["column_ref"]] = None
            line = table["lines"].setdefault(row["line_no"], {"first": target, "cells": {}})
            line["cells"].setdefault(row["column_ref"], []).append(target)
    return tables


def league_tables(shown: Iterable[Target], scores: list[Row]) -> dict[str, dict[str, Any]]:
    """By plan: townships by the indicators that the printed rules score, with the scores that are there.

    The plans print no weights, so no total is given: only the mean of the scores and how many it rests on.
    """
    score_of = {row["target_id"]: row for row in scores}
    leagues: dict[str, dict[str, Any]] = {}
    for target in shown:
        row = target.row
        if row["rule_id"]:
            league = leagues.setdefault(row["document_id"], {"lines": {}})
            line = league["lines"].setdefault(row["line_no"], {"first": target, "cells": {}})
            line["cells"][row["region_code"]] = (target, score_of.get(row["target_id"]))
    for league in leagues.values():
        codes = sorted({code for line in league["lines"].values() for code in line["cells"]})
        league["totals"] = {code: _total(league["lines"].values(), code) for code in codes}
        league["order"] = sorted(codes, key=lambda code: _place(league["totals"][code]))
    return leagues


def _total(lines: Iterable[dict[str, Any]], code: str) -> dict[str, Any]:
    found = [line["cells"][code][1] for line in lines if code in line["cells"]]
    given = [score["score"] for score in found if score and score["score"] is not None]
    return {"scored": len(given), "asked": len(found), "mean": sum(given) / len(given) if given else None}


def _place(total: dict[str, Any]) -> tuple:
    """The best first, those without any score last."""
    return (total["mean"] is None, -(total["mean"] or 0))
