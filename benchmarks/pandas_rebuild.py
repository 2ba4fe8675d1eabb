"""The three facts of the generated data, rebuilt in pandas: what somebody who knows pandas would write without a warehouse.

`rebuild` reads a folder of Parquet files, as `export_inputs` writes them from a build database, and writes fct_actual,
fct_ranking and fct_attainment. It rests on the same data as handwritten.sql, which says what they are and looks whether
they are so; decimals are doubles here. A series is region × indicator; of the plans only the generated ones are read.

    .venv/bin/python benchmarks/pandas_rebuild.py build.duckdb INPUTS RESULTS
"""

import re
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

Tables = dict[str, pd.DataFrame | pd.Series]
INPUTS = {
    "raw": "plain_row place label circumstance loaded received_file target_parsed run_parameter",
    "seeds": """indicator indicator_label unit region peer_group source document target tolerance plausibility_rule pace_rule
        pace_status light_rules due_lag codelist""",
}
CALLED_GENERATED = "generated_"
OF_TARGET = {
    "cell_id": "document_id table_ref line_no column_ref region_code scope period part_no",
    "target": "cell_id document_id region_code period value_text designation",
    "target_parsed": "cell_id target_id label_read target_kind comparator target_value target_value_high",
    "indicator": "indicator_no unit direction measure_type is_limit pace_method on_pace_from min_points",
    "tolerance": "target_kind measure_type relative_tolerance absolute_tolerance",
}
"""What a target is made of: the table, or what names it, and its columns."""


def export_inputs(database: Path, folder: Path) -> None:
    """Parquet of every table read below."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in (f"{schema}.{name}" for schema, names in INPUTS.items() for name in names.split()):
            columns = ", ".join(
                f"{name}::DOUBLE AS {name}" if kind.startswith("DECIMAL") else name
                for name, kind, *_ in connection.execute(f"DESCRIBE {table}").fetchall()
            )
            connection.execute(f"COPY (SELECT {columns} FROM {table}) TO '{folder / table}.parquet'")


def rebuild(inputs: Path, results: Path) -> None:
    """Read everything, write the three facts."""
    tables = {
        name: pd.read_parquet(inputs / f"{schema}.{name}.parquet")
        for schema, names in INPUTS.items()
        for name in names.split()
    }
    results.mkdir(parents=True, exist_ok=True)
    indicator, labels = read_indicators(tables)
    rows = read_rows(tables, labels)
    goals = read_goals(tables, indicator, labels)
    mark_doubts(rows, goals, indicator, tables)
    rows = rows[rows["is_picked"]]
    write_actuals(rows, tables, indicator, results / "fct_actual.parquet")
    known = rows.loc[
        look_up(rows["circumstance_no"], tables["circumstance"].set_index("circumstance_no")["is_known"]),
        ["series", "region_no", "indicator_no", "year", "number", "circumstance_no", "awaits"],
    ]
    del rows
    write_ranking(known, tables, indicator, results / "fct_ranking.parquet")
    evaluations = measure(goals, known, tables)
    judge(evaluations, tables)
    write_attainment(evaluations, tables, results / "fct_attainment.parquet")


# the words


def look_up(keys: pd.Series | np.ndarray, column: pd.Series) -> np.ndarray:
    """What a column says for each key; its index is of small numbers."""
    by_number = np.zeros(int(column.index.max()) + 1, dtype=column.to_numpy().dtype)
    by_number[column.index] = column.to_numpy()
    return by_number[np.asarray(keys)]


def normalised(label: pd.Series) -> pd.Series:
    """As labels are compared."""
    half_width = str.maketrans("（）％：，；＊～＆", "()%:,;*~&")
    return label.str.translate(half_width).str.replace(r"\s", "", regex=True).str.lower()


def read_indicators(tables: Tables) -> tuple[pd.DataFrame, pd.Series]:
    """Indicators with the rules of their kind, and the number of the indicator for every label as it is compared."""
    jump = tables["plausibility_rule"].query("rule_id == 'jump'")[
        ["measure_type", "change_in", "floor", "multiple"]
    ]
    indicator = (
        tables["indicator"]
        .sort_values("indicator_id", ignore_index=True)
        .merge(tables["unit"][["unit_text", "dimension", "to_base"]], left_on="unit", right_on="unit_text")
        .merge(tables["pace_rule"].drop(columns="reason"), on="measure_type", how="left")
        .merge(jump, on="measure_type", how="left")
        .rename_axis("indicator_no")
        .reset_index()
    )
    is_points = indicator["change_in"] == "points"
    indicator["change_in"] = indicator["change_in"].where(~is_points | (indicator["dimension"] == "ratio"))
    indicator["floor"] = indicator["floor"].where(~is_points, indicator["floor"] * 10 / indicator["to_base"])
    printed = tables["indicator_label"]
    printed = printed[
        printed["sub_text"].fillna("").eq("")
        & printed["qualifier"].fillna("").eq("")
        & ~printed["is_reciprocal"]
    ]
    number = indicator.set_index("indicator_id")["indicator_no"]
    borne = pd.concat(
        [
            pd.Series(printed["indicator_id"].map(number).to_numpy(), normalised(printed["label_text"])),
            pd.Series(indicator["indicator_no"].to_numpy(), normalised(indicator["indicator_name"])),
        ]
    )
    return indicator, borne[~borne.index.duplicated()]


def read_rows(tables: Tables, labels: pd.Series) -> pd.DataFrame:
    """The figures, one number for every word; what is known on the day is added to the circumstances."""
    regions = tables["region"]["region_code"].sort_values(ignore_index=True)
    tables["region_code"], tables["region_no"] = regions, pd.Series(regions.index, regions)
    circumstance, run = tables["circumstance"], tables["run_parameter"]
    as_of_date = pd.Timestamp(run["as_of_date"].iloc[0])
    circumstance["year"] = circumstance["period"].astype("int16")
    circumstance["reported_at"] = pd.to_datetime(circumstance["reported_at"])
    circumstance["is_known"] = (pd.to_datetime(circumstance["period"] + "-12-31") <= as_of_date) & ~(
        circumstance["reported_at"] > as_of_date
    )
    circumstance["reported_day"] = (
        (circumstance["reported_at"] - pd.Timestamp("1970-01-01")).dt.days.fillna(-50_000).astype("int64")
    )
    circumstance["status_rank"] = (
        circumstance["status"].map({"final": 1, "revised": 2}).fillna(3).astype("int64")
    )
    rows = tables.pop("plain_row")
    place, label = tables["place"], tables["label"]
    rows["region_no"] = look_up(
        rows.pop("place_no"),
        place.set_index("place_no")["region_code"].map(tables["region_no"]).astype("int32"),
    )
    rows["indicator_no"] = look_up(
        rows.pop("label_no"),
        normalised(label.set_index("label_no")["indicator_text"]).map(labels).astype("int32"),
    )
    rows["year"] = look_up(rows["circumstance_no"], circumstance.set_index("circumstance_no")["year"])
    rows["series"] = rows["region_no"] * 10_000 + rows["indicator_no"]
    return rows


def read_goals(tables: Tables, indicator: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """The generated targets with their bounds, and what reasons say of them."""
    columns = {table: names.split() for table, names in OF_TARGET.items()}
    target = tables.pop("target")
    target = target[target["document_id"].str.startswith(CALLED_GENERATED)]
    first, *others = (target[part] for part in columns["cell_id"])
    goals = (
        target.assign(cell_id=first.str.cat(others, sep=":"))[columns["target"]]
        .merge(tables.pop("target_parsed")[columns["target_parsed"]], on="cell_id")
        .merge(tables["document"][["document_id", "period_start"]], on="document_id")
    )
    met = goals["label_read"].drop_duplicates()
    goals["indicator_no"] = goals["label_read"].map(pd.Series(normalised(met).map(labels).to_numpy(), met))
    goals = goals.merge(indicator[columns["indicator"]], on="indicator_no")
    goals["series"] = goals["region_code"].map(tables["region_no"]) * 10_000 + goals["indicator_no"]
    goals["target_year"] = goals["period"].astype("int64")
    goals["base_year"] = pd.to_datetime(goals["period_start"]).dt.year - 1
    goals["designation"] = goals["designation"].fillna("").str.replace("指标", "").replace("", "none")
    judged_apart = goals["target_kind"].isin(["direction", "growth", "unparsed"])
    goals["judged_by"] = goals["target_kind"].where(judged_apart, "level")
    tolerance = tables["tolerance"][columns["tolerance"]]
    for_all = tolerance[tolerance["measure_type"] == "*"].drop(columns="measure_type")
    goals = goals.merge(tolerance, on=["target_kind", "measure_type"], how="left")
    goals = goals.merge(for_all, on="target_kind", how="left", suffixes=("", "_for_all"))
    for kind in ("relative_tolerance", "absolute_tolerance"):
        goals[kind] = goals[kind].fillna(goals.pop(f"{kind}_for_all")).fillna(0)
    kind, direction, value = goals["target_kind"], goals["direction"], goals["target_value"]
    goals["sign"] = goals["comparator"].str[0].fillna(direction.map({"higher": ">", "lower": "<"}))
    leeway = goals["relative_tolerance"] * value.abs() + goals["absolute_tolerance"]
    is_bound, is_about, is_between = kind != "direction", kind == "approximate", kind == "interval"
    for bound, side, sign, about, between in (
        ("floor_value", "lower", ">", value - leeway, value),
        ("ceiling_value", "higher", "<", value + leeway, goals["target_value_high"]),
    ):
        exact = between.where(is_between & (direction != side), value.where(goals["sign"] == sign))
        goals[bound] = exact.where(~is_about, about.round(8).where(direction != side)).where(is_bound)
    goals["goal_value"] = value.where(~is_between | (direction != "lower"), goals["target_value_high"])
    goals["measured_unit"] = goals["unit"].where(kind != "growth", "%")
    goals["unit_shown"] = goals["unit"].replace("1", "")
    goals["measured_unit_shown"] = goals["measured_unit"].replace("1", "")
    goals["difference_shown"] = goals["measured_unit_shown"].replace("%", "个百分点")
    lower, upper = (
        (sign + plain(goals[bound], 8) + goals["measured_unit_shown"]).where(goals[bound].notna(), "")
        for sign, bound in (("≥", "floor_value"), ("≤", "ceiling_value"))
    )
    both = lower + pd.Series("; ", goals.index).where((lower != "") & (upper != ""), "") + upper
    goals["target_zh"] = goals["period"] + "年目标“" + goals["value_text"] + "”"
    goals["target_zh"] += ("，即 " + both).where(both != "", "")
    goals["target_en"] = "target " + goals["period"] + ' "' + goals["value_text"] + '"'
    goals["target_en"] += (", that is " + both).where(both != "", "")
    goals["goal_shown"] = plain(goals["goal_value"], 8) + goals["unit_shown"]
    return goals.drop(
        columns=["cell_id", "document_id", "region_code", "period_start", "label_read", "comparator"]
    )


# the doubts


def is_slip(value: np.ndarray, other: np.ndarray, factor: float, tolerance: float) -> np.ndarray:
    """About `factor` times the other, or that fraction of it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.where(np.abs(value) > np.abs(other), value / other, other / value)
    return (times >= factor / tolerance) & (times <= factor * tolerance)


def distance(value: np.ndarray, other: np.ndarray, is_log: np.ndarray, is_points: np.ndarray) -> np.ndarray:
    """How far two figures lie apart; nan where that says nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(is_log & (value > 0) & (other > 0), np.abs(np.log(value / other)), np.nan)
    return np.where(is_points, np.abs(value - other), apart)


def mark_doubts(rows: pd.DataFrame, goals: pd.DataFrame, indicator: pd.DataFrame, tables: Tables) -> None:
    """Add awaits (its value is doubted), revision_no and is_picked."""
    circumstance = tables["circumstance"].set_index("circumstance_no")
    rank, day = circumstance["status_rank"], circumstance["reported_day"]
    # one number sorts by series, year and, within a key, by what would be accepted if nothing were in doubt
    key = (rows["series"].astype("int64") * 3_000 + rows["year"]).to_numpy()
    order = np.argsort(key * 1_000_000 + look_up(rows["circumstance_no"], rank * 100_000 + 50_000 - day))
    key = key[order]
    starts_key = np.r_[True, key[1:] != key[:-1]]
    value = rows["number"].to_numpy()[order]
    held = rows.iloc[order[starts_key]][["series", "year", "number"]].reset_index(drop=True)
    number = rows["indicator_no"].to_numpy()[order[starts_key]]
    for n in (1, 2, 3):
        held[f"before_{n}"] = held["number"].shift(n).where(held["series"] == held["series"].shift(n))
    held["years"] = (held["year"] - held["year"].shift()).where(held["before_1"].notna())
    held["is_log"] = indicator["change_in"].eq("log").to_numpy()[number]
    held["is_points"] = indicator["change_in"].eq("points").to_numpy()[number]

    def change(of: np.ndarray, on: pd.DataFrame) -> np.ndarray:
        """From the nearest of the three figures before, a year."""
        is_log, is_points = on["is_log"].to_numpy(), on["is_points"].to_numpy()
        apart = [distance(of, on[f"before_{n}"].to_numpy(), is_log, is_points) for n in (1, 2, 3)]
        return np.fmin(np.fmin(apart[0], apart[1]), apart[2]) / on["years"].to_numpy()

    held["change"] = change(held["number"].to_numpy(), held)
    largest = held["change"].fillna(0).groupby(held["series"]).cummax().shift()
    largest = largest.where(held["before_1"].notna(), 0)
    floor, multiple = (indicator[name].to_numpy()[number] for name in ("floor", "multiple"))
    held["allowed"] = np.maximum(floor, multiple * largest)
    held["measure_type"] = indicator["measure_type"].astype("category").iloc[number].array
    # the first of a series is held against the target nearest in time
    level = goals.loc[goals["judged_by"] == "level", ["series", "target_year", "target_id", "target_value"]]
    nearest = held.loc[held["before_1"].isna(), ["series", "year"]].reset_index(names="key_no")
    nearest = nearest.merge(level, on="series")
    nearest["apart"] = (nearest["target_year"] - nearest["year"]).abs()
    nearest = nearest.sort_values(["apart", "target_id"]).drop_duplicates("key_no")
    held["target_value"] = nearest.set_index("key_no")["target_value"]
    slips = tables["plausibility_rule"].query("rule_id == 'unit_slip'")

    def is_doubted(of: np.ndarray, on: pd.DataFrame, changed: np.ndarray) -> np.ndarray:
        """Whether a rule doubts a value said of a key."""
        doubted = changed > on["allowed"].to_numpy()
        for slip in slips.itertuples():
            one = (on["measure_type"] == slip.measure_type).to_numpy()
            of_one = of[one]
            before_1, before_2, before_3, goal = (
                on.loc[one, name].to_numpy() for name in ("before_1", "before_2", "before_3", "target_value")
            )
            slipped = is_slip(of_one, before_1, slip.factor, slip.tolerance)
            for other in (before_2, before_3):
                says_nothing = np.isnan(other) | (other == 0)
                slipped &= says_nothing | is_slip(of_one, other, slip.factor, slip.tolerance)
            doubted[one] |= slipped | is_slip(of_one, goal, slip.factor, slip.tolerance)
        return doubted

    awaits = np.empty(len(rows), dtype=bool)
    awaits[order[starts_key]] = is_doubted(held["number"].to_numpy(), held, held["change"].to_numpy())
    if not starts_key.all():
        # whatever else was said of a key is held against the same
        on = held.iloc[np.cumsum(starts_key)[~starts_key] - 1]
        awaits[order[~starts_key]] = is_doubted(value[~starts_key], on, change(value[~starts_key], on))
    rows["awaits"] = awaits
    rows["revision_no"] = np.int64(1)
    rows["is_picked"] = True
    is_repeated = ~starts_key | np.r_[~starts_key[1:], False]
    several = rows.iloc[order[is_repeated]].assign(key=key[is_repeated])
    several["day"] = look_up(several["circumstance_no"], day)
    several["rank"] = np.where(several["awaits"], 3, look_up(several["circumstance_no"], rank))
    rows.loc[several.index, "revision_no"] = several.sort_values("day").groupby("key").cumcount() + 1
    accepted = several.sort_values(["rank", "day"], ascending=[True, False])
    rows.loc[accepted.index[accepted["key"].duplicated()], "is_picked"] = False


# the facts


def code(numbers: np.ndarray, names: pd.Series) -> pd.Categorical:
    """Words for their numbers, each word kept once."""
    words = pd.Index(names.dropna().unique())
    number_of_word = pd.Series(words.get_indexer(names).astype("int32"), names.index)
    return pd.Categorical.from_codes(look_up(numbers, number_of_word), words)


def plain(value: pd.Series, decimals: int) -> pd.Series:
    """Numbers as people write them, halves rounded up, without zeros at the end; "" for none."""
    shifted = value.abs() * 10.0**decimals
    rounded = np.sign(value) * np.floor(shifted + 0.5 + 1e-6) / 10.0**decimals
    return printed(rounded, decimals).str.rstrip("0").str.rstrip(".").fillna("")


def printed(value: pd.Series, decimals: int) -> pd.Series:
    """Numbers with so many decimals."""
    exact = value.round(decimals).astype(pd.ArrowDtype(pa.decimal128(24, decimals)))
    return exact.astype(pd.ArrowDtype(pa.string())).astype("str")


def write_actuals(rows: pd.DataFrame, tables: Tables, indicator: pd.DataFrame, file: Path) -> None:
    """fct_actual."""
    circumstance = tables["circumstance"].set_index("circumstance_no")
    by = rows["circumstance_no"]
    source = tables["source"].set_index("title")["source_id"]
    received = tables["received_file"].query("status == 'accepted'")
    received = tables["loaded"].merge(received, on="file_id").set_index("file_no")
    status = code(by, circumstance["status"])
    constant = pd.Series(0, rows.index)
    pd.DataFrame(
        {
            "region_code": code(rows["region_no"], tables["region_code"]),
            "indicator_id": code(rows["indicator_no"], indicator["indicator_id"]),
            "scope": code(constant, pd.Series(["unspecified"])),
            "period": code(by, circumstance["period"]),
            "measure": code(constant, pd.Series(["value"])),
            "value": rows["number"],
            "value_text": print_as_written(rows["number"], rows["decimals"]),
            "unit_printed": code(by, circumstance["unit_text"]),
            "observation_status": pd.Series(status, rows.index).where(~rows["awaits"], "preliminary"),
            "awaits_confirmation": rows["awaits"],
            "source_id": code(by, circumstance["source_title"].map(source)),
            "sender": code(rows["file_no"], received["sender"].replace("", None)),
            "reported_at": look_up(by, circumstance["reported_at"]),
            "saved_at": look_up(rows["file_no"], received["saved_at"]),
            "received_at": look_up(rows["file_no"], received["received_at"]),
            "revision_no": rows["revision_no"],
            "is_disputed": False,
            "file_id": code(rows["file_no"], received["file_id"]),
            "row_no": rows["row_no"],
        }
    ).to_parquet(file, index=False)


def print_as_written(number: pd.Series, decimals: pd.Series) -> pd.Series:
    """Figures with the decimals they came with."""
    text = printed(number, int(decimals.iloc[0]))
    for other in decimals.unique()[1:]:
        text = text.where(decimals != other, printed(number.where(decimals == other), int(other)))
    return text


def write_ranking(known: pd.DataFrame, tables: Tables, indicator: pd.DataFrame, file: Path) -> None:
    """fct_ranking."""
    peers = tables["peer_group"]
    peers = peers.assign(region_no=peers["region_code"].map(tables["region_no"]))
    members = known[
        known["region_no"].isin(peers["region_no"])
        & look_up(known["indicator_no"], indicator["direction"].isin(["higher", "lower"]))
    ].merge(peers[["region_no"]].rename_axis("peer_no").reset_index(), on="region_no")
    lower = look_up(members["indicator_no"], indicator["direction"] == "lower")
    group_no = look_up(members["peer_no"], pd.Series(pd.factorize(peers["peer_group_id"])[0]))
    alike = pd.factorize((group_no * 10_000 + members["indicator_no"]) * 10_000 + members["year"])[0]
    present = np.bincount(alike)[alike]
    expected = look_up(members["peer_no"], peers["expected_members"])
    place = (
        members["number"].where(~lower, -members["number"]).groupby(alike).rank(method="min", ascending=False)
    )
    constant = pd.Series(0, members.index)
    ranking = pd.DataFrame(
        {
            "peer_group_id": code(members["peer_no"], peers["peer_group_id"]),
            "peer_group_name": code(members["peer_no"], peers["peer_group_name"]),
            "region_code": code(members["peer_no"], peers["region_code"]),
            "indicator_id": code(members["indicator_no"], indicator["indicator_id"]),
            "scope": code(constant, pd.Series(["unspecified"])),
            "period": code(
                members["circumstance_no"], tables["circumstance"].set_index("circumstance_no")["period"]
            ),
            "rank": place.where(present == expected).astype("Int32"),
            "peers_expected": expected,
            "peers_present": present.astype("int32"),
            "value": members["number"],
            "reported_rank": pd.array([None], dtype="Int32").take(constant),
        }
    )
    ranking[present > 1].to_parquet(file, index=False)


def measure(goals: pd.DataFrame, known: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Every target at its own year, and at every year since its base that has a figure; what is measured there, and the line."""
    status = tables["circumstance"].set_index("circumstance_no")["status"]
    planned = goals.groupby("series").agg(base_year=("base_year", "first"), goal_value=("goal_value", "max"))
    figures = known.merge(planned, on="series").sort_values(["series", "year"], ignore_index=True)
    at_base = figures[figures["year"] == figures["base_year"]].set_index("series")["number"]
    goals["baseline_value"] = goals["series"].map(at_base)
    # sums are taken near their origin, where doubles are exact
    origin = at_base.reindex(planned.index).fillna(planned["goal_value"]).fillna(0)
    goals["origin"] = goals["series"].map(origin)
    y = figures["number"] - figures["series"].map(origin)
    x = (figures["year"] - figures["base_year"]).astype("float64")
    sums = (
        pd.DataFrame({"n": 1.0, "x": x, "xx": x * x, "y": y, "xy": x * y, "yy": y * y})
        .groupby(figures["series"])
        .cumsum()
    )
    figures = pd.concat([figures, sums], axis=1)
    for column in ("number", "year"):
        before = figures[column].shift().where(figures["series"] == figures["series"].shift())
        figures[f"{column}_before"] = before
    figures["status"] = pd.Series(code(figures["circumstance_no"], status), figures.index)
    figures["status"] = (
        figures["status"]
        .cat.add_categories("awaits_confirmation")
        .where(~figures["awaits"], "awaits_confirmation")
    )
    since = figures.loc[figures["year"] > figures["base_year"]].drop(
        columns=["region_no", "indicator_no", "circumstance_no", "awaits", "base_year", "goal_value"]
    )
    reached = goals.merge(since, on="series")
    is_own = reached["year"] == reached["target_year"]
    reached = reached[
        is_own | (reached["year"] < reached["target_year"]) & (reached["judged_by"] != "unparsed")
    ]
    missing = goals[~goals["target_id"].isin(reached.loc[is_own.loc[reached.index], "target_id"])]
    rows = pd.concat([reached, missing.assign(year=missing["target_year"])], ignore_index=True)
    add_milestones(rows, goals)
    judged_by, figure = rows["judged_by"], rows["number"]
    from_base = (rows["target_year"] > rows["base_year"] + 1) & rows["baseline_value"].notna()
    from_before = (judged_by == "direction") | (judged_by == "growth") & ~from_base & (
        rows["year_before"] == rows["year"] - 1
    )
    from_base &= judged_by == "growth"
    rows["start_year"] = rows["base_year"].where(from_base, rows["year_before"].where(from_before))
    rows["start_value"] = rows["baseline_value"].where(from_base, rows["number_before"].where(from_before))
    growth = 100 * (figure / rows["start_value"] - 1).where((rows["start_value"] > 0) & (figure > 0))
    rows["measured_value"] = np.select(
        [judged_by == "level", judged_by == "direction", judged_by == "growth"],
        [figure, (figure - rows["start_value"]).round(8), growth.round(8)],
        np.nan,
    )
    return rows


def add_milestones(rows: pd.DataFrame, goals: pd.DataFrame) -> None:
    """An earlier target for the same thing is a milestone of the years since the one before it."""
    level = goals.loc[
        (goals["judged_by"] == "level") & goals["goal_value"].notna(),
        ["series", "target_id", "target_year", "floor_value", "ceiling_value", "goal_value", "goal_shown"],
    ]
    pairs = level[["series", "target_id", "target_year"]].merge(level, on="series", suffixes=("_of", ""))
    pairs = pairs[pairs["target_year"] < pairs["target_year_of"]].sort_values("target_year")
    pairs["year_before_it"] = pairs.groupby("target_id_of")["target_year"].shift(fill_value=0)
    pairs = pairs.drop(columns=["series", "target_id", "target_year_of"]).rename(
        columns={"target_id_of": "target_id", "target_year": "milestone_year"}
    )
    met = rows[["target_id", "year"]].reset_index(names="row").merge(pairs, on="target_id")
    met = met[(met["year"] > met["year_before_it"]) & (met["year"] <= met["milestone_year"])].set_index("row")
    rows["milestone_year"] = met["milestone_year"]
    rows["milestone_shown"] = met["goal_shown"]
    is_milestone = rows["milestone_year"].notna()
    for column in ("floor_value", "ceiling_value", "goal_value"):
        rows[f"next_{column}"] = met[column].reindex(rows.index).where(is_milestone, rows[column])


def a_year(value: pd.Series, base: pd.Series, years: pd.Series, is_compound: pd.Series) -> pd.Series:
    """Change a year: a rate, or on the straight path an amount."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return (np.power(value / base, 1 / years) - 1).where(is_compound, (value - base).round(8) / years)


def judge(rows: pd.DataFrame, tables: Tables) -> None:
    """Add bounds, pace, projection, verdict, light and what follows from them."""
    as_of_date = pd.Timestamp(tables["run_parameter"]["as_of_date"].iloc[0])
    judged_by, measured = rows["judged_by"], rows["measured_value"]
    year, target_year = rows["year"], rows["target_year"]
    level, direction, growth = (judged_by == kind for kind in ("level", "direction", "growth"))
    is_own, is_measured, is_limit = year == target_year, measured.notna(), rows["is_limit"].astype(bool)
    rows["noise"] = (
        (rows["relative_tolerance"] * rows["start_value"].abs() + rows["absolute_tolerance"])
        .round(8)
        .where(direction)
    )
    floor = rows["next_floor_value"].where(~direction, rows["noise"].where(rows["sign"] == ">"))
    ceiling = rows["next_ceiling_value"].where(~direction, (-rows["noise"]).where(rows["sign"] == "<"))
    better = floor.notna() * 2 - 1
    is_satisfied = is_measured & ~(measured < floor) & ~(measured > ceiling)
    above, below = measured - rows["floor_value"], rows["ceiling_value"] - measured
    rows["gap"] = np.fmin(above, below).round(8).where(~direction)
    goal, base, next_goal = rows["goal_value"], rows["baseline_value"], rows["next_goal_value"]
    rows["attainment_ratio"] = (measured / goal).where(rows["floor_value"].notna(), goal / measured)
    rows["attainment_ratio"] = rows["attainment_ratio"].where(~direction & (measured > 0) & (goal > 0))
    # pace
    is_compound = (rows["pace_method"] == "compound") & (base > 0) & (measured > 0) & (next_goal > 0)
    passed = year - rows["base_year"]
    in_all = rows["milestone_year"].fillna(target_year) - rows["base_year"]
    required = a_year(next_goal, base, in_all, is_compound)
    pace = better * a_year(measured, base, passed, is_compound) / required.abs().replace(0, np.nan)
    start, since_start = rows["start_value"], year - rows["start_year"]
    always = pd.Series(True, rows.index)
    grown = a_year(rows["number"].where(rows["number"] > 0), start.where(start > 0), since_start, always)
    promised = a_year(1 + goal / 100, always.astype("float64"), target_year - rows["start_year"], always)
    on_the_way = ~is_own & ~is_limit & is_measured
    has_path = level & base.notna() & (in_all > 0)
    rows["pace_ratio"] = pace.where(
        has_path, (better * grown / promised.abs().replace(0, np.nan)).where(growth)
    ).where(on_the_way)
    expected = (base * np.power(1 + required, passed)).where(is_compound, base + required * passed)
    rows["expected_value"] = expected.where(has_path & ~is_own & ~is_limit)
    rows["required_per_year"] = ((goal - measured).round(8) / (target_year - year)).where(
        level & ~is_limit & (target_year > year)
    )
    # the line through the years, and the standard error of a new figure on it
    n, x = rows["n"], rows["x"]
    sxx = rows["xx"] - x * x / n
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = (rows["xy"] - x * rows["y"] / n) / sxx
        ahead = target_year - rows["base_year"] - x / n
        at_target = rows["origin"] + rows["y"] / n + slope * ahead
        left_over = (rows["yy"] - rows["y"] ** 2 / n - slope**2 * sxx).clip(lower=0) / (n - 2).where(n > 2)
        error = np.sqrt(left_over * (1 + 1 / n + ahead**2 / sxx))
    is_projected = level & ~is_own & (n >= rows["min_points"])
    rows["projected_value"] = at_target.where(is_projected).round(6)
    rows["projected_low"] = (at_target - 2 * error).where(is_projected).round(6)
    rows["projected_high"] = (at_target + 2 * error).where(is_projected).round(6)
    # verdict
    lag = tables["due_lag"].set_index("period_type")["due_lag_days"].get("year", 0)
    period_end = pd.to_datetime(year.astype("str") + "-12-31")
    rows["due_date"] = period_end + pd.to_timedelta(lag, unit="D")
    rows["lacks_start"] = (growth | direction) & rows["number"].notna() & ~is_measured
    rows["is_within_noise"] = direction & (measured.abs() <= rows["noise"])
    started_beyond = level & base.notna() & ~(base < floor) & ~(base > ceiling)
    lost = rows["pace_ratio"].isna() | (rows["milestone_year"] == year) | started_beyond
    rows["verdict"] = np.select(
        [
            judged_by == "unparsed",
            rows["lacks_start"],
            ~is_measured & (as_of_date <= rows["due_date"]),
            ~is_measured,
            rows["is_within_noise"],
            is_own & is_satisfied,
            is_own,
            is_satisfied,
            is_limit | direction,
            level & base.isna() & rows["pace_ratio"].isna(),
            ~lost & (rows["pace_ratio"] >= rows["on_pace_from"]),
        ],
        ["unparsed", "not_assessable", "not_due", "no_actual", "not_assessable", "met", "missed", "on_pace", "behind",
         "not_assessable", "on_pace"],
        "behind",
    )  # fmt: skip
    rows["is_overdue"] = is_own & (rows["verdict"] == "no_actual")
    last_measured = year.where(is_measured).groupby(rows["target_id"]).transform("max")
    rows["is_current"] = year == last_measured.fillna(target_year)
    rows["is_compound"] = is_compound
    # light and pace status
    rows["light"], rows["rule_version"] = None, None
    light_ratio = (
        rows["pace_ratio"].where(rows["verdict"] == "behind", rows["attainment_ratio"]).fillna(-np.inf)
    )
    cases = rows["designation"] + ":" + rows["verdict"]
    rules = tables["light_rules"].fillna(
        {"ratio_from": -np.inf, "ratio_to": np.inf, "effective_to": pd.Timestamp("2262-01-01")}
    )
    for case, of_case in rules.groupby(rules["designation"] + ":" + rules["verdict"]):
        is_case = cases == case
        for rule in of_case.itertuples() if is_case.any() else ():
            lit = (
                is_case
                & (light_ratio >= rule.ratio_from)
                & (light_ratio < rule.ratio_to)
                & (period_end >= pd.Timestamp(rule.effective_from))
                & (period_end <= pd.Timestamp(rule.effective_to))
            )
            rows.loc[lit, ["light", "rule_version"]] = [rule.light, rule.rule_version]
    from_start = direction & (start > 0)
    room = (1 - (start / 100) ** 4.44).where(start <= 100, 1 - ((200 - start).clip(lower=0) / 100) ** 4.44)
    room = room.where((rows["unit"] == "%") & (start < 200), 1).replace(0, np.nan)
    moved = (1 - 2 * (rows["sign"] == "<")) * grown / room
    status_ratio = moved.where(from_start, rows["pace_ratio"].where(~direction))
    rows["pace_status"] = pd.Series("target_achieved", rows.index).where(is_satisfied & ~from_start)
    for status in tables["pace_status"].fillna({"ratio_from": -np.inf, "ratio_to": np.inf}).itertuples():
        in_band = (
            (status_ratio >= status.ratio_from)
            & (status_ratio < status.ratio_to)
            & (from_start != status.has_target)
        )
        rows.loc[in_band & rows["pace_status"].isna(), "pace_status"] = status.status


def write_attainment(rows: pd.DataFrame, tables: Tables, file: Path) -> None:
    """fct_attainment with its reasons."""
    titles = tables["circumstance"]["source_title"].unique()
    source = tables["source"].set_index("title").loc[titles[0]]
    add_texts(rows, tables["codelist"].set_index(["codelist", "code"]))
    has_figure = rows["number"].notna()
    rows["evaluation_period"] = rows["year"].astype("str")
    rows["actual_value"] = rows["number"]
    rows["actual_source"] = pd.Series(source["source_id"], rows.index).where(has_figure)
    rows["scope_used"] = pd.Series("unspecified", rows.index).where(has_figure)
    rows["as_of_date"] = pd.Timestamp(tables["run_parameter"]["as_of_date"].iloc[0])
    rows["reason"] = phrase(rows, "zh", titles[0])
    rows["reason_en"] = phrase(rows, "en", titles[0])
    columns = """target_id evaluation_period actual_value actual_source scope_used measured_value measured_unit verdict light
        is_current is_overdue attainment_ratio gap baseline_value pace_ratio pace_status expected_value projected_value
        projected_low projected_high required_per_year rule_version as_of_date reason reason_en"""
    rows[columns.split()].to_parquet(file, index=False)


# the reasons: {names} are of columns

PHRASES = {
    "zh": {
        "unparsed": "目标文本“{value_text}”尚不能识别。",
        "not_due": "{target_zh}；尚无实际值，数据应于 {due_date_text} 前报出。",
        "no_actual": "{target_zh}；仍无实际值，已过报出期限 {due_date_text}。",
        "change": "，较 {start_year_text}年的 {start_text} 变动 {measured_text}",
        "milestone": "，{milestone_year_text}年阶段目标 {milestone_shown}",
        "lacks_start": "；没有可比的前期数据，无法计算变动",
        "noise": "；变动不超过 {noise_text}，在误差范围内，不作判断",
        "no_baseline": "；没有基期数据，无法判断进度",
        "ratio": "，完成率 {ratio_text}%",
        "to_spare": "，余 {gap_text}",
        "short": "，差 {gap_text}",
        "growth_pace": "，为所需的 {pace_text} 倍",
        "compound": "，基期{base_year}年 {baseline_text}（{scope_zh}），实际进度为所需进度的 {pace_text} 倍（复合增长路径）",
        "linear": "，基期{base_year}年 {baseline_text}（{scope_zh}），实际进度为所需进度的 {pace_text} 倍（线性路径）",
        "assessed": "{by_ratio}{by_gap}{by_pace}：{verdict_zh}",
        "judged": "{year}年实际 {actual_text}（{status_zh}，{scope_zh}，来源：SOURCE）{change}，{target_zh}{milestone}{end}。",
    },
    "en": {
        "unparsed": 'The target text "{value_text}" is not understood yet.',
        "not_due": "No actual yet for {target_en}; it is due by {due_date_text}.",
        "no_actual": "No actual yet for {target_en}; it was due by {due_date_text}.",
        "change": ", a change of {measured_text} on {start_text} in {start_year_text}",
        "milestone": ", with a milestone of {milestone_shown} in {milestone_year_text}",
        "lacks_start": ": no earlier figure to measure the change from",
        "noise": ": the change is within {noise_text}, no more than noise",
        "no_baseline": ": no baseline, so the pace cannot be told",
        "ratio": ", {ratio_text}% attained",
        "to_spare": ", to spare {gap_text}",
        "short": ", short by {gap_text}",
        "growth_pace": ", {pace_text} times what is required",
        "compound": ", from {baseline_text} in {base_year} ({scope_en}) at {pace_text} times the pace required (compound path)",
        "linear": ", from {baseline_text} in {base_year} ({scope_en}) at {pace_text} times the pace required (linear path)",
        "assessed": "{by_ratio}{by_gap}{by_pace}: {verdict_en}",
        "judged": "Actual {year}: {actual_text} ({status_en}, {scope_en}, source: SOURCE){change}; {target_en}{milestone}{end}.",
    },
}


def add_texts(rows: pd.DataFrame, words: pd.DataFrame) -> None:
    """Add every number and word that reasons show."""
    for language in ("zh", "en"):
        label = words[f"label_{language}"]
        rows[f"scope_{language}"] = label["scope", "unspecified"]
        rows[f"status_{language}"] = rows["status"].map(label["observation_status"])
        rows[f"verdict_{language}"] = rows["verdict"].map(label["verdict"])
    rows["actual_text"] = plain(rows["number"], 4) + rows["unit_shown"]
    rows["start_text"] = plain(rows["start_value"], 4) + rows["unit_shown"]
    rows["baseline_text"] = plain(rows["baseline_value"], 4) + rows["unit_shown"]
    is_direction = rows["judged_by"] == "direction"
    rows["measured_text"] = plain(rows["measured_value"], 3)
    rows["measured_text"] += rows["measured_unit_shown"].where(~is_direction, rows["difference_shown"])
    rows["noise_text"] = plain(rows["noise"], 3) + rows["difference_shown"]
    rows["gap_text"] = plain(rows["gap"].abs(), 4) + rows["difference_shown"]
    rows["ratio_text"] = (rows["attainment_ratio"] * 100).map("{:.1f}".format)
    # `z`: zero has no sign
    rows["pace_text"] = rows["pace_ratio"].map("{:z.3f}".format)
    rows["due_date_text"] = rows["due_date"].dt.strftime("%Y-%m-%d")
    for year in ("start_year", "milestone_year"):
        rows[f"{year}_text"] = rows[year].astype("Int64").astype("str")


def phrase(rows: pd.DataFrame, language: str, source_title: str) -> pd.Series:
    """Why, in one language."""
    pieces = {}

    def say(piece: str, *cases: tuple[pd.Series, str]) -> None:
        """Of each row the phrase of the first case that is so, else nothing."""
        texts = np.full(len(rows), "", dtype=object)
        left = np.full(len(rows), True)
        for so, name in cases:
            template = PHRASES[language][name].replace("SOURCE", source_title)
            chosen = left & so.to_numpy()
            words = [
                (pieces[word][chosen] if word in pieces else rows.loc[chosen, word]).tolist()
                for word in re.findall(r"{(\w+)}", template)
            ]
            fill = re.sub(r"{\w+}", "{}", template).format
            texts[chosen] = list(map(fill, *words)) if words else fill()
            left &= ~chosen
        pieces[piece] = texts

    judged_by, verdict, gap = rows["judged_by"], rows["verdict"], rows["gap"]
    has_pace = rows["pace_ratio"].notna()
    is_else = pd.Series(True, rows.index)
    say("change", (judged_by.isin(["direction", "growth"]) & rows["measured_value"].notna(), "change"))
    say("milestone", (rows["milestone_year"].notna(), "milestone"))
    say("by_ratio", (rows["attainment_ratio"].notna(), "ratio"))
    say("by_gap", (gap >= 0, "to_spare"), (gap < 0, "short"))
    say(
        "by_pace",
        (has_pace & (judged_by == "growth"), "growth_pace"),
        (has_pace & rows["is_compound"], "compound"),
        (has_pace, "linear"),
    )
    say(
        "end",
        (rows["lacks_start"], "lacks_start"),
        (rows["is_within_noise"], "noise"),
        (verdict == "not_assessable", "no_baseline"),
        (is_else, "assessed"),
    )
    say(
        "reason",
        *((verdict == name, name) for name in ("unparsed", "not_due", "no_actual")),
        (is_else, "judged"),
    )
    return pd.Series(pieces["reason"], rows.index, dtype="str")


def main(database: str, inputs: str, results: str) -> None:
    """Export, rebuild, and print the seconds of the second."""
    export_inputs(Path(database), Path(inputs))
    started = time.perf_counter()
    rebuild(Path(inputs), Path(results))
    print(f"{time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
