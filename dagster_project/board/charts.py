"""The small chart of a target: its points, and the library and specification that draw them in the browser.

One Vega-Lite specification (chart.vl.json) serves every chart. It is compiled once, when the board is built; Vega itself
comes out of the Python package vl-convert and is loaded by a page only when a chart comes into view. It is called through
Vega-Embed, whose interpreter of expressions needs no eval: the pages forbid it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dagster_project.board.text import number

SPECIFICATION = Path(__file__).with_name("chart.vl.json")
LIBRARY_NAME = "vega.js"

# a goal can be drawn among the actuals only if it is a value of the same measure, not a change, a place or a direction
DRAWABLE_KINDS = {"threshold", "interval", "approximate"}


@dataclass(frozen=True, slots=True)
class Chart:
    """Years and values of actuals, of the path from the baseline to the goal, and of the goal."""

    actual: list[tuple[int, Decimal]]
    path: list[tuple[int, float]]
    goal: list[tuple[int, Decimal]]

    @property
    def path_points(self) -> str:
        """The path as the page carries it: `2015:61000 2019:…`; actuals and goal stand below the chart as text."""
        return " ".join(f"{year}:{number(value)}" for year, value in self.path)


def chart_of(
    target: dict,
    series: list[tuple[int, Decimal]],
    known: Iterable[list[tuple[int, Decimal]]],
    path: list[tuple[int, float]],
) -> Chart | None:
    """The chart of a target, or nothing where a single point would be drawn.

    `series` are the figures in the scope it is judged by, `known` those of every scope: the baseline may be of another.
    """
    goal = []
    if target["target_kind"] in DRAWABLE_KINDS and target["measured_unit"] in (None, target["standard_unit"]):
        values = (target["target_value_std"], target["target_value_high_std"])
        goal = [(target["target_year"], value) for value in values if value is not None]
    if not series or len(series) + len(goal) < 2:
        return None
    if not goal:
        return Chart(series, [], [])
    goal_year, goal_value = goal[0]
    # the marts publish the value of the baseline: its year is the last one before the path whose figure it is
    first = min([year for year, _ in path], default=goal_year)
    baseline = target["baseline_value"]
    starts = sorted(
        (year, float(value))
        for figures in known
        for year, value in figures
        if value == baseline and year < first
    )[-1:]
    return Chart(series, [*starts, *path, (goal_year, float(goal_value))] if starts or path else [], goal)


def write_library(assets: Path) -> None:
    """Put Vega and the compiled specification into the folder of assets."""
    import vl_convert

    specification = vl_convert.vegalite_to_vega(json.loads(SPECIFICATION.read_text(encoding="utf-8")))
    library = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    # in a block of its own: what a bundle declares must not meet what a page declares
    (assets / LIBRARY_NAME).write_text(
        f"{{{library}}}\nwindow.boardChart = {json.dumps(specification)};\n", encoding="utf-8"
    )
