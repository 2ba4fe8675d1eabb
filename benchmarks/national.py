"""Generated data of national scale: 3 000 regions × 300 indicators × 20 years of actuals, and 200 targets a region.

Everything here is made up by fixed formulas, says so in its names, and stays in the folder it is asked for; only units,
directions and kinds of indicators are the real ones. What is measured on it is the business of the other modules.
"""

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
INDICATORS, YEARS, FIRST_YEAR, PEERS = 300, 20, 2005, 10
TARGET_INDICATORS, MILESTONES = 160, 40
TARGETS_PER_REGION = TARGET_INDICATORS + MILESTONES
AS_OF_DATE = "2025-06-30"
SOURCE_TITLE = "生成数据 / generated data"
SOURCE_URL = "https://example.org/generated"
LAST_FIGURE_DAY, REVISION_DAY = "2025-03-01", "2025-06-01"


@dataclass(frozen=True)
class Scale:
    """How many regions; a national warehouse has 3 000, in groups of 10 counties under a prefecture of their own."""

    regions: int = 3_000

    @property
    def actuals(self) -> int:
        """Rows of the file of figures."""
        return self.regions * INDICATORS * YEARS


def region_code(number: str) -> str:
    """The code of a generated region, in SQL; `number` counts from 0. No real code begins with 9."""
    return f"'9' || lpad(({number})::VARCHAR, 5, '0')"


# one number in 0..1 for anything, the same on every machine and in every version of DuckDB
def _noise(*parts: str) -> str:
    mixed = " + ".join(
        f"({part})::BIGINT * {factor}" for part, factor in zip(parts, (7919, 104729, 1299709), strict=False)
    )
    return f"(((({mixed} + 12345) % 999983) * 48271) % 2147483647 / 2147483647e0)"


def generate_seeds(folder: Path, scale: Scale) -> None:
    """The real seeds; regions, peers and plans beside the real ones are made up."""
    shutil.copytree(ROOT / "seeds", folder)
    with duckdb.connect() as connection:
        _load_model(connection, folder, scale)
        _append(
            connection,
            folder / "region.csv",
            f"SELECT {region_code('n')}, '生成区' || n, 'county', '330000' FROM range({scale.regions}) AS made(n)",
        )
        _append(
            connection,
            folder / "peer_group.csv",
            f"""SELECT 'generated_' || (n // {PEERS}), '生成组 ' || (n // {PEERS}) || ' / generated group', '', {region_code("n")},
                    least({PEERS}, {scale.regions} - (n // {PEERS}) * {PEERS})
                FROM range({scale.regions}) AS made(n)""",
        )
        _append(
            connection,
            folder / "source.csv",
            f"SELECT 'generated', '{SOURCE_TITLE}', '{SOURCE_URL}', 'official'",
        )
        _append(
            connection,
            folder / "document.csv",
            f"""SELECT 'generated_' || {region_code("n")}, '生成区' || n || '规划（生成）', '', '生成', '2021-06-01', {region_code("n")},
                    '2021-01-01', '2025-12-31'
                FROM range({scale.regions}) AS made(n)""",
        )
        _append(
            connection,
            folder / "document_table.csv",
            f"""SELECT 'generated_' || {region_code("n")}, '表1', '生成的指标表', {TARGETS_PER_REGION}, 0, 0, ''
                FROM range({scale.regions}) AS made(n)""",
        )
        _append(connection, folder / "target.csv", _targets(scale))


def generate_actuals(path: Path, scale: Scale) -> None:
    """Every region × indicator × year once; one series in a thousand ends with a slip of the unit (千)."""
    with duckdb.connect() as connection:
        _load_model(connection, ROOT / "seeds", scale)
        connection.execute(
            f"""COPY (
                    SELECT {region_code("region")} AS region_code, indicator_text,
                        (year + {FIRST_YEAR})::VARCHAR AS period,
                        (figure * CASE WHEN year = {YEARS - 1} AND (region * 7919 + indicator * 104729) % 1000 = 7 THEN 1000 ELSE 1 END)
                            ::DECIMAL(18,2) AS value,
                        unit, '{SOURCE_TITLE}' AS source_title, '{SOURCE_URL}' AS source_url,
                        CASE WHEN year = {YEARS - 1} THEN '{LAST_FIGURE_DAY}' ELSE (year + {FIRST_YEAR} + 1) || '-03-01' END
                            AS reported_at
                    FROM figure
                ) TO '{path}' (HEADER)"""
        )


def generate_night(path: Path, scale: Scale, share: float = 0.001) -> int:
    """A file of one night: new figures of 2025 and as many revisions of 2024, spread over all regions. Returns its rows."""
    rows = round(scale.actuals * share)
    with duckdb.connect() as connection:
        _load_model(connection, ROOT / "seeds", scale)
        connection.execute(
            f"""COPY (
                    SELECT {region_code("region")} AS region_code, indicator_text,
                        CASE WHEN n % 2 = 0 THEN '2025' ELSE '2024' END AS period,
                        (figure * 1.01)::DECIMAL(18,2) AS value, unit,
                        '{SOURCE_TITLE}' AS source_title, '{SOURCE_URL}' AS source_url,
                        CASE WHEN n % 2 = 0 THEN 'preliminary' ELSE 'revised' END AS status, '{REVISION_DAY}' AS reported_at
                    FROM (SELECT n, (n::BIGINT * 7919) % {scale.regions * INDICATORS} AS series FROM range({rows}) AS made(n)) AS touched
                    INNER JOIN figure
                        ON figure.region = series // {INDICATORS} AND figure.indicator = series % {INDICATORS} AND year = {YEARS - 1}
                ) TO '{path}' (HEADER)"""
        )
    return rows


def _load_model(connection: duckdb.DuckDBPyConnection, seeds: Path, scale: Scale) -> None:
    """A view `figure` of every made-up figure; its course depends on what kind of measure the indicator is."""
    connection.execute(
        f"""CREATE TABLE measure AS
            SELECT row_number() OVER (ORDER BY indicator_id)::INTEGER - 1 AS indicator, indicator_id,
                indicator_name AS indicator_text, unit, direction, measure_type
            FROM read_csv(?, all_varchar := true)
            WHERE direction IN ('higher', 'lower') AND measure_type IN ('flow', 'level', 'rate', 'growth', 'index')
                AND is_limit = 'false' AND unit <> '1'
            QUALIFY indicator < {INDICATORS}""",
        [str(seeds / "indicator.csv")],
    )
    base, pace, wave = (
        _noise("region", "indicator"),
        _noise("indicator", "region"),
        _noise("region", "indicator", "year"),
    )
    connection.execute(
        f"""CREATE VIEW figure AS
            SELECT region, indicator, year, indicator_text, unit, direction, measure_type,
                CASE measure_type
                    WHEN 'growth' THEN 5 + 3 * {base} + {wave}
                    WHEN 'rate' THEN 30 + 30 * {base} + ({pace} - 0.3) * year + 0.2 * {wave}
                    WHEN 'index' THEN 90 + 10 * {base} + 0.3 * year + {wave}
                    ELSE (50 + 5000 * {base}) * power(1 + 0.08 * ({pace} - 0.1), year) * (1 + 0.02 * {wave})
                END AS figure
            FROM range({scale.regions}) AS regions(region), measure, range({YEARS}) AS years(year)"""
    )


def _targets(scale: Scale) -> str:
    """Targets for 2025, of some indicators with a milestone of 2022, in the kinds of wording that plans use."""
    last, milestone = 2025, 2022
    goal = "figure * CASE direction WHEN 'lower' THEN 0.9 ELSE 1.2 END"
    return f"""
        WITH start AS (
            SELECT region, indicator, indicator_text, unit, direction, measure_type, {goal} AS goal,
                (region * 31 + indicator * 7) % 20 AS wording
            FROM figure WHERE year = {2020 - FIRST_YEAR} AND indicator < {TARGET_INDICATORS}
        ),
        due AS (
            SELECT *, {last} AS period FROM start
            UNION ALL
            SELECT *, {milestone} AS period FROM start WHERE indicator < {MILESTONES}
        )
        SELECT 'generated_' || {region_code("region")}, '表1', (indicator + 1)::VARCHAR, period || '年', {region_code("region")},
            'unspecified', period::VARCHAR, '0', (indicator + 1)::VARCHAR, '生成', '', indicator_text, '',
            CASE
                WHEN wording = 0 THEN round(goal)::BIGINT || '左右'
                WHEN wording = 1 AND direction = 'higher' THEN '稳步提升'
                WHEN wording = 2 AND direction = 'higher' THEN round(goal)::BIGINT || '以上'
                WHEN wording = 3 AND measure_type IN ('flow', 'level') AND direction = 'higher' THEN '增长' || (3 + region % 5) || '%'
                WHEN wording = 4 AND direction = 'higher' THEN round(goal * 0.9)::BIGINT || '-' || round(goal)::BIGINT
                ELSE round(goal, 1)::DECIMAL(18,1)::VARCHAR
            END,
            unit, '预期性', '', '2020', '', '', '', ''
        FROM due
        ORDER BY region, indicator, period"""


def _append(connection: duckdb.DuckDBPyConnection, seed: Path, query: str) -> None:
    with seed.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(connection.execute(query).fetchall())
