"""Revisions of a figure: which one is accepted, now and on any day before; what a retraction takes back; the ledger.

The models run on made-up rows without dbt (tests/dbt_models.py).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.rows import insert_rows
from tests.dbt_models import build

at = datetime.fromisoformat
NIGHT = at("2024-03-01 02:00")
DEPARTMENT = "区发改局（秀洲区）"
BULLETIN = "造的来源（测试）"
TIERS = {DEPARTMENT: 1, BULLETIN: 3}
STATUSES = {"final": 1, "revised": 2, "preliminary": 3}
KEY = "region_code, indicator_id, scope, period, measure"


def said(value, **columns):
    """One row as a file says it; `file` and `night` say where it stands and when it came."""
    return {
        "file": "a", "row_no": 2, "night": 0, "saved_at": None, "sender": "", "region_code": "330411", "text": "地区生产总值",
        "code": "", "unit": "亿元", "period": "2023", "measure": "value", "status": "preliminary", "source": DEPARTMENT,
        "reported_at": None, "confirmed": False, "value": value, **columns,
    }  # fmt: skip


def warehouse(*rows):
    """A database with these rows received, and nothing built yet."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("CREATE SCHEMA raw")
    connection.execute(
        """CREATE TABLE raw.actual_row (file_no INTEGER, row_no BIGINT, region_code VARCHAR, scope_of_place VARCHAR,
            label_no INTEGER, circumstance_no INTEGER, value DECIMAL(24,8), decimals TINYINT, value_text VARCHAR, note VARCHAR);
        CREATE TABLE raw.loaded (file_no INTEGER, file_id VARCHAR);
        CREATE TABLE raw.label (label_no INTEGER, indicator_code VARCHAR, indicator_text VARCHAR, qualifier VARCHAR);
        CREATE TABLE raw.circumstance (circumstance_no INTEGER, scope VARCHAR, period VARCHAR, measure VARCHAR,
            unit_text VARCHAR, status VARCHAR, source_title VARCHAR, source_url VARCHAR, reported_at DATE, is_confirmed BOOLEAN);
        CREATE TABLE raw.received_file (file_id VARCHAR, file_name VARCHAR, origin VARCHAR, size_bytes BIGINT,
            received_at TIMESTAMP, run_id VARCHAR, status VARCHAR, reason VARCHAR, rows_total BIGINT, rows_accepted BIGINT,
            rows_refused BIGINT, sender VARCHAR, saved_at TIMESTAMP, rows_not_reported BIGINT);
        CREATE TABLE stg_target (period VARCHAR, baseline_period VARCHAR);
        CREATE TABLE int_target_mapped (target_id VARCHAR, region_code VARCHAR, indicator_id VARCHAR, scope VARCHAR,
            period VARCHAR, target_kind VARCHAR, is_primary BOOLEAN, target_value_std DECIMAL(24,8))"""
    )
    files = {row["file"]: row for row in rows}
    # every row has a label and a circumstance of its own
    file_no = {name: number for number, name in enumerate(files)}
    insert_rows(
        connection,
        "raw.actual_row",
        [
            (
                file_no[row["file"]], row["row_no"], row["region_code"], None, number, number,
                None if row["value"] is None else Decimal(str(row["value"])), len(str(row["value"]).partition(".")[2]),
                str(row["value"]), "",
            )
            for number, row in enumerate(rows)
        ],
    )  # fmt: skip
    insert_rows(connection, "raw.loaded", [(number, name) for name, number in file_no.items()])
    insert_rows(
        connection,
        "raw.label",
        [(number, row["code"], row["text"], row.get("qualifier", "")) for number, row in enumerate(rows)],
    )
    insert_rows(
        connection,
        "raw.circumstance",
        [
            (
                number, row.get("scope", "unspecified"), row["period"], row["measure"], row["unit"], row["status"],
                row["source"], row.get("url", ""), row["reported_at"], row["confirmed"],
            )
            for number, row in enumerate(rows)
        ],
    )  # fmt: skip
    insert_rows(
        connection,
        "raw.received_file",
        [
            (name, f"{name}.csv", "inbox", 1, NIGHT + timedelta(days=row["night"]), "run", "accepted", "", 1, 1, 0,
             row["sender"], row["saved_at"], 0)
            for name, row in files.items()
        ],
    )  # fmt: skip
    return connection


def accepted(*rows, columns="value::INT"):
    connection = warehouse(*rows)
    build(connection, "fct_actual")
    return connection.execute(f"SELECT {columns} FROM fct_actual ORDER BY period").fetchall()


def test_a_figure_goes_from_preliminary_by_revised_to_final_and_later_preliminary_ones_do_not_bring_it_down():
    rows = [
        said(10, file="c", night=0, reported_at=date(2024, 1, 20)),
        said(11, file="b", night=1, status="revised", reported_at=date(2024, 5, 20)),
        said(12, file="a", night=2, status="final", reported_at=date(2025, 1, 20)),
        said(13, file="d", night=3, reported_at=date(2025, 2, 20)),
    ]
    for count, value in ((1, 10), (2, 11), (3, 12), (4, 12)):
        assert accepted(*rows[:count]) == [(value,)]


def test_of_two_workbooks_of_one_day_the_one_saved_later_counts_whichever_came_first():
    early = {"saved_at": at("2024-02-01 09:00"), "reported_at": date(2024, 2, 1)}
    late = {"saved_at": at("2024-02-01 17:00"), "reported_at": date(2024, 2, 1)}
    for first, second in ((0, 1), (1, 0)):
        assert accepted(said(10, file="a", night=first, **early), said(11, file="b", night=second, **late)) == [(11,)]  # fmt: skip


def retraction(**columns):
    return said(None, status="retracted", **columns)


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        # her workbook of the morning takes it back, that of the afternoon brings the new figure
        (
            [
                said(10, file="a", night=0, saved_at=at("2024-02-01 09:00"), reported_at=date(2024, 2, 1)),
                retraction(file="b", night=1, saved_at=at("2024-02-02 09:00"), reported_at=date(2024, 2, 2)),
                said(11, file="c", night=1, saved_at=at("2024-02-02 15:00"), reported_at=date(2024, 2, 2)),
            ],
            [(11,)],
        ),
        # the very same figure again, after she had taken it back
        ([said(10, night=0), retraction(file="b", night=1), said(10, file="c", night=2)], [(10,)]),
        # without a date all that had come by then is taken back, dated or not
        (
            [
                said(10, reported_at=date(2024, 1, 1)),
                said(11, file="b", night=1),
                retraction(file="c", night=2),
            ],
            [],
        ),
        # what came in the same night, before it, too; what another source says stands
        ([said(10, source=BULLETIN), said(11, file="b"), retraction(file="c")], [(10,)]),
        # dates go before the order of arrival: the retraction of May does not touch the figure of June that came first
        (
            [
                said(12, file="a", night=0, reported_at=date(2024, 6, 1)),
                said(10, file="b", night=1, reported_at=date(2024, 4, 1)),
                retraction(file="c", night=2, reported_at=date(2024, 5, 1)),
            ],
            [(12,)],
        ),
        # and takes back the figure of April although that is received later
        (
            [
                retraction(file="a", night=0, reported_at=date(2024, 5, 1)),
                said(10, file="b", night=1, reported_at=date(2024, 4, 1)),
            ],
            [],
        ),
        # one file, row by row: what stands below the retraction is what is meant
        ([said(10, row_no=2), retraction(row_no=3), said(11, row_no=4)], [(11,)]),
        # a workbook without dates of report speaks from the day it was saved, however late it comes
        (
            [
                said(11, file="a", night=0, reported_at=date(2024, 6, 1)),
                retraction(file="b", night=9, saved_at=at("2024-05-01 09:00")),
            ],
            [(11,)],
        ),
    ],
)
def test_a_retraction_takes_back_what_its_source_said_until_then(rows, left):
    assert accepted(*rows) == left


def test_a_figure_taken_back_was_held_until_then_and_the_other_source_steps_in():
    connection = warehouse(
        said(10, file="a", night=0, source=BULLETIN),
        said(11, file="b", night=1, status="final"),
        retraction(file="c", night=3),
        said(12, file="d", night=4, status="final", sender="区发改局"),
    )
    build(connection, "fct_actual_history")
    day = {night: NIGHT + timedelta(days=night) for night in range(5)}
    assert connection.execute(
        "SELECT known_from, known_to, value::INT, observation_status, sender FROM fct_actual_history ORDER BY 1"
    ).fetchall() == [
        (day[0], day[1], 10, "preliminary", None),
        (day[1], day[3], 11, "final", None),
        (day[3], day[4], 10, "preliminary", None),
        (day[4], None, 12, "final", "区发改局"),
    ]


def test_nothing_is_known_while_the_only_figure_is_taken_back():
    connection = warehouse(said(10, night=0), retraction(file="b", night=2), said(10, file="c", night=5))
    build(connection, "fct_actual_history")
    spans = connection.execute("SELECT known_from, known_to FROM fct_actual_history ORDER BY 1").fetchall()
    day = [NIGHT + timedelta(days=night) for night in (0, 2, 5)]
    assert spans == [(day[0], day[1]), (day[2], None)]


# --- random revisions of many keys at once, against the rules as docs/revisions.md says them


FILES = [
    # name (and so the hash that decides in the end), night of receipt, when it was saved
    ("e", 0, None),
    ("a", 1, at("2024-02-02 09:00")),
    ("d", 2, at("2024-02-02 17:00")),
    ("b", 3, None),
    ("c", 4, at("2024-02-01 09:00")),
]
STATEMENT = st.tuples(
    st.sampled_from(range(len(FILES))),
    st.sampled_from([DEPARTMENT, BULLETIN]),
    st.sampled_from(["preliminary", "preliminary", "revised", "final", "retracted"]),
    st.integers(10, 12),
    st.sampled_from([None, date(2024, 2, 1), date(2024, 2, 2)]),
    st.booleans(),
)
MANY_KEYS = st.lists(st.lists(STATEMENT, min_size=1, max_size=6), min_size=1, max_size=40)
PERIODS = [f"{year}M{month:02}" for year in (2019, 2020, 2021, 2022) for month in range(1, 13)]
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rows_of(keys, nights=None):
    """Rows for one key a period: each statement is a row of one of the five files."""
    nights = nights or [night for _, night, _ in FILES]
    for period, statements in zip(PERIODS, keys, strict=False):
        for place, (file, source, status, value, reported_at, confirmed) in enumerate(statements):
            yield said(
                value, file=FILES[file][0], night=nights[file], saved_at=FILES[file][2], period=period, status=status,
                source=source, reported_at=reported_at, confirmed=confirmed and status != "retracted",
                row_no=2 + place + 10 * PERIODS.index(period),
            )  # fmt: skip


def spoken(row):
    return row["reported_at"] or (row["saved_at"].date() if row["saved_at"] else None)


def takes_back(retraction_row, row):
    if spoken(row) and spoken(retraction_row) and spoken(row) != spoken(retraction_row):
        return spoken(row) < spoken(retraction_row)
    if row["saved_at"] and retraction_row["saved_at"] and row["saved_at"] != retraction_row["saved_at"]:
        return row["saved_at"] < retraction_row["saved_at"]
    if row["file"] == retraction_row["file"]:
        return row["row_no"] < retraction_row["row_no"]
    return row["night"] <= retraction_row["night"]


def pick_of(rows):
    """Value, source and status of the figure that counts among the rows of one key, or None."""
    standing = [
        row
        for row in rows
        if row["status"] != "retracted"
        and not any(
            other["status"] == "retracted" and other["source"] == row["source"] and takes_back(other, row)
            for other in rows
        )
    ]
    confirmed = {(row["source"], row["value"]) for row in rows if row["confirmed"]}

    def awaits(row):
        return (row["source"], row["value"]) not in confirmed and any(
            other["value"] != row["value"]
            and all(
                other[column] == row[column] for column in ("source", "status", "reported_at", "saved_at")
            )
            for other in standing
        )

    def place(row):
        return (
            STATUSES["preliminary" if awaits(row) else row["status"]],
            TIERS[row["source"]],
            -(row["reported_at"] or date.min).toordinal(),
            -row["saved_at"].timestamp() if row["saved_at"] else 1,
            awaits(row),
            row["file"],
            row["row_no"],
        )

    best = min(standing, key=place, default=None)
    return best and (best["value"], best["source"], "preliminary" if awaits(best) else best["status"])


def picks_in(connection):
    found = connection.execute(
        "SELECT period, value::INT, title, observation_status FROM fct_actual JOIN int_source USING (source_id)"
    ).fetchall()
    return {period: tuple(rest) for period, *rest in found}


def by_period(rows):
    keys = {}
    for row in rows:
        keys.setdefault(row["period"], []).append(row)
    return keys


@pytest.mark.slow
@FEW
@given(MANY_KEYS)
def test_the_accepted_figure_is_the_one_the_rules_give(keys):
    rows = list(rows_of(keys))
    connection = warehouse(*rows)
    build(connection, "fct_actual")
    expected = {period: pick_of(of_key) for period, of_key in by_period(rows).items()}
    assert picks_in(connection) == {period: pick for period, pick in expected.items() if pick}


@pytest.mark.slow
@FEW
@given(MANY_KEYS, st.permutations(range(len(FILES))))
def test_the_order_of_arrival_decides_nothing_but_what_an_undated_retraction_takes_back(keys, nights):
    keys = [[statement for statement in statements if statement[2] != "retracted"] for statements in keys]
    rows = list(rows_of(keys))
    if not rows:
        return
    as_sent, otherwise = warehouse(*rows), warehouse(*rows_of(keys, nights))
    for connection in (as_sent, otherwise):
        build(connection, "fct_actual", "int_actual_suspicious")
    doubts = (
        "SELECT file_id, row_no, rule_id, is_confirmed, is_replaced FROM int_actual_suspicious ORDER BY ALL"
    )
    assert as_sent.execute(doubts).fetchall() == otherwise.execute(doubts).fetchall()
    assert picks_in(as_sent) == picks_in(otherwise)


@pytest.mark.slow
@FEW
@given(MANY_KEYS)
def test_the_history_says_for_every_moment_what_a_fresh_pick_over_the_revisions_received_by_then_gives(keys):
    connection = warehouse(*rows_of(keys))
    build(connection, "fct_actual_history", "fct_actual")
    revisions = connection.execute(
        """SELECT period, value::INT AS value, observation_status, awaits_confirmation, tier, reported_at, saved_at, received_at,
               withdrawn_at, file_id, row_no FROM fct_actual_revision JOIN int_source USING (source_id)"""
    ).fetchall()

    def place(row):
        _, _, status, awaits, tier, reported_at, saved_at, _, _, file_id, row_no = row
        return (
            STATUSES[status], {"official": 1, "second-hand": 3}[tier], -(reported_at or date.min).toordinal(),
            -saved_at.timestamp() if saved_at else 1, awaits, file_id, row_no,
        )  # fmt: skip

    for night in range(-1, len(FILES) + 1):
        moment = NIGHT + timedelta(days=night, hours=1)
        fresh = {}
        for row in revisions:
            received_at, withdrawn_at = row[7], row[8]
            is_held = received_at <= moment and not (withdrawn_at and withdrawn_at <= moment)
            if row[2] != "retracted" and is_held:
                period = row[0]
                fresh[period] = min(row, fresh.get(period, row), key=place)
        told = connection.execute(
            "SELECT period, value::INT, file_id, row_no FROM fct_actual_history WHERE known_from <= $1"
            " AND (known_to > $1 OR known_to IS NULL) ORDER BY ALL",
            [moment],
        ).fetchall()
        assert told == sorted((row[0], row[1], row[9], row[10]) for row in fresh.values())
    held_now = connection.execute(
        f"SELECT {KEY}, value, source_id FROM fct_actual_history WHERE known_to IS NULL ORDER BY ALL"
    )
    assert held_now.fetchall() == connection.execute(f"SELECT {KEY}, value, source_id FROM fct_actual ORDER BY ALL").fetchall()  # fmt: skip
    overlaps = connection.execute(
        f"""SELECT * FROM fct_actual_history QUALIFY known_from < lag(known_to) OVER (PARTITION BY {KEY} ORDER BY known_from)
            OR known_from >= known_to"""
    )
    assert overlaps.fetchall() == []


# --- the ledger


def ledger(*rows):
    connection = warehouse(*rows)
    build(connection, "received_file")
    found = connection.execute(
        "SELECT file_id, rows_unmapped, rows_unchanged FROM received_file ORDER BY file_id"
    )
    return {file: (unmapped, unchanged) for file, unmapped, unchanged in found.fetchall()}


def test_the_ledger_counts_rows_that_join_no_indicator_and_rows_that_say_nothing_new():
    dated = {"reported_at": date(2024, 1, 20)}
    assert ledger(
        said(10, file="a", **dated),
        said(5, file="a", row_no=3, text="从未听过的指标"),
        said(5, file="a", row_no=4, unit="人"),
        said(10, file="b", night=1, **dated),
        said(11, file="b", night=1, row_no=3, period="2022", **dated),
        said(10, file="c", night=2, reported_at=date(2024, 2, 20)),
        said(10, file="c", night=2, row_no=3, period="2022", **dated),
        said(11, file="d", night=3, row_no=3, period="2022", status="final", **dated),
        said(10, file="e", night=4, source=BULLETIN, **dated),
    ) == {"a": (2, 0), "b": (0, 1), "c": (0, 0), "d": (0, 0), "e": (0, 0)}


def test_a_workbook_saved_again_is_unchanged_where_only_the_day_of_saving_differs():
    monday, friday = at("2024-02-05 09:00"), at("2024-02-09 09:00")
    first = {"file": "a", "saved_at": monday, "reported_at": monday.date()}
    again = {"file": "b", "night": 1, "saved_at": friday, "reported_at": friday.date()}
    assert ledger(
        said(10, **first), said(20, period="2022", row_no=3, **first), said(10, **again), said(21, period="2022", row_no=3, **again)
    ) == {"a": (0, 0), "b": (0, 1)}  # fmt: skip


def test_what_is_sent_again_after_it_was_taken_back_is_something_new():
    assert ledger(said(10), retraction(file="b", night=1), said(10, file="c", night=2)) == {
        "a": (0, 0), "b": (0, 0), "c": (0, 0)
    }  # fmt: skip


# --- labels and sources


def mapped(row):
    connection = warehouse(row)
    build(connection, "int_actual_mapped")
    return connection.execute("SELECT indicator_id, value, mapping_status FROM int_actual_mapped").fetchall()[
        0
    ]


@pytest.mark.parametrize(
    ("row", "indicator", "value"),
    [
        (said(5, text="随便写的", code="gdp"), "gdp", 5),
        (said(5, text="地区生产总值", code="no_such_id"), "gdp", 5),
        (said(5, text="地区生产总值", code="unmapped"), "gdp", 5),
        # the id goes before the label, and the label's unit with it
        (said(9.9, text="人均生产总值（万元）", code="gdp_per_capita", unit="万元"), "gdp_per_capita", 99000),
        (said(9.9, text="人均生产总值（万元）", code="gdp", unit=""), "gdp", Decimal("9.9")),
        # an indicator goes by its own name; with a qualifier only a label can say what is meant
        (said(3, text="林木蓄积量", unit="万立方米"), "forest_stock_volume", 3),
        (said(3, text="林木蓄积量", qualifier="按户籍人口", unit="万立方米"), None, None),
        (said(5, text="人均地区生产总值", unit="元"), "gdp_per_capita", 5),
        (said(5, text="人均地区生产总值", qualifier="按户籍人口", unit="元"), "gdp_per_capita_registered", 5),
    ],
)
def test_the_id_of_an_indicator_decides_else_its_label_else_its_own_name(row, indicator, value):
    assert mapped(row)[:2] == (indicator, value)


def test_every_indicator_is_known_by_its_own_name():
    connection = duckdb.connect()
    build(connection, "stg_label", "indicator")
    doubled = connection.execute(
        "SELECT label_key, sub_key, qualifier_key FROM stg_label GROUP BY ALL HAVING count(*) > 1"
    ).fetchall()
    assert doubled == [], "a label means one indicator"
    missing = connection.execute(
        "SELECT indicator_name FROM indicator WHERE indicator_id NOT IN (SELECT indicator_id FROM stg_label)"
    ).fetchall()
    assert missing == []


@pytest.mark.parametrize("title", [DEPARTMENT, "区发改局(秀洲区)", "区发改局 （秀洲区）"])
def test_a_department_is_an_official_source_by_its_name_and_region(title):
    connection = warehouse(
        said(10, source=title, url="http://example.invalid/报表"), said(11, row_no=3, period="2022")
    )
    build(connection, "dim_source", "fct_actual")
    query = "SELECT source_id, title, tier, department_id FROM dim_source WHERE source_id IN (SELECT source_id FROM fct_actual)"
    assert connection.execute(query).fetchall() == [
        ("department_330411_development_reform", DEPARTMENT, "official", "330411_development_reform")
    ]


def test_departments_that_report_nothing_and_those_of_other_regions_are_no_sources():
    connection = warehouse(said(10, source="区发改局（嵊州市）"))
    build(connection, "dim_source")
    assert connection.execute("SELECT tier FROM dim_source WHERE title LIKE '区发改局%'").fetchall() == [
        ("second-hand",)
    ]
    assert connection.execute(
        "SELECT count(*) FROM dim_source WHERE department_id IS NOT NULL"
    ).fetchall() == [(0,)]
