"""The lights of a version at a glance, for the Dagster UI: a table and a small picture of lights per region."""

import base64
from html import escape
from typing import Any

import duckdb

QUERY = """
    SELECT region.region_name AS region, card.target_count AS targets, card.judged_count AS judged,
        card.green_count AS green, card.yellow_count AS yellow, card.red_count AS red, card.grey_count AS grey,
        card.overdue_count AS overdue
    FROM marts.rpt_scorecard AS card INNER JOIN marts.dim_region AS region USING (region_code)
    WHERE card.card_kind = 'region' AND card.target_count > 0
    ORDER BY card.target_count DESC, region.region_code LIMIT 40"""
HEADS = {
    "region": "地区 / region",
    "targets": "目标 / targets",
    "judged": "已评价 / judged",
    "green": "绿 / green",
    "yellow": "黄 / yellow",
    "red": "红 / red",
    "grey": "灰 / grey",
    "overdue": "逾期 / overdue",
}
# fill, letter: colour is never the only sign
LIGHTS = {
    "green": ("#2e8b57", "绿"),
    "yellow": ("#e0a800", "黄"),
    "red": ("#c62828", "红"),
    "grey": ("#b0b0b0", "灰"),
}
NAME_WIDTH, BAR_WIDTH, LINE, TEXT = 130, 420, 24, 12
NARROWEST_WITH_TEXT = 34


def lights_per_region(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Counts of lights of every region with targets (the forty with most), of primary targets."""
    cursor = connection.execute(QUERY)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def with_heads(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows under the heads people read."""
    return [{head: row[name] for name, head in HEADS.items()} for row in rows]


def lights_picture(rows: list[dict[str, Any]]) -> str:
    """One bar a region, split by light, as a Markdown image that needs no file beside it."""
    lines = []
    for number, row in enumerate(rows):
        top = number * LINE
        lines.append(f'<text x="0" y="{top + 16}">{escape(row["region"])} {row["targets"]}</text>')
        left = float(NAME_WIDTH)
        for light, (fill, letter) in LIGHTS.items():
            width = BAR_WIDTH * row[light] / row["targets"]
            if not width:
                continue
            lines.append(
                f'<rect x="{left:.1f}" y="{top + 3}" width="{width:.1f}" height="{LINE - 6}" fill="{fill}"/>'
            )
            if width >= NARROWEST_WITH_TEXT:
                lines.append(
                    f'<text x="{left + 4:.1f}" y="{top + 16}" fill="#000">{letter} {row[light]}</text>'
                )
            left += width
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{NAME_WIDTH + BAR_WIDTH}" height="{len(rows) * LINE}"'
        f' font-family="sans-serif" font-size="{TEXT}">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(lines)}</svg>'
    )
    encoded = base64.b64encode(picture.encode()).decode()
    return f"![各地区亮灯 / lights per region](data:image/svg+xml;base64,{encoded})"
