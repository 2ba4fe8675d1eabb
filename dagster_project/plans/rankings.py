"""Whether seeds/peer_group.csv and seeds/score_rule.csv leave no doubt: who is ranked, and what every place scores.

How places and scores are computed stands in dbt (int_ranking, fct_township_score).
"""

from collections.abc import Iterator, Mapping

from dagster_project.plans.seed_files import SeedFault, SeedRow

RANK_METHOD = "rank_bands"


def check_rankings(seeds: Mapping[str, list[SeedRow]]) -> None:
    """Raise SeedFault where a group is not as large as it says, a region has two groups of one name, or a rule has gaps or overlaps."""
    groups = _grouped(seeds["peer_group"], "peer_group_id")
    faults = [
        *_faults_of_groups(groups),
        *_faults_of_printed_peers(seeds["peer_group"]),
        *_faults_of_rules(_grouped(seeds["score_rule"], "rule_id"), groups),
    ]
    if faults:
        raise SeedFault(faults)


def _grouped(rows: list[SeedRow], column: str) -> dict[str, list[SeedRow]]:
    groups: dict[str, list[SeedRow]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def _faults_of_groups(groups: Mapping[str, list[SeedRow]]) -> Iterator[str]:
    for name, rows in groups.items():
        for row in rows:
            if int(row["expected_members"]) != len(rows):
                yield row.fault(
                    f"{name} 应有 {row['expected_members']} 个成员，实有 {len(rows)} 行",
                    f"{name} has {len(rows)} rows, expected_members says {row['expected_members']}",
                    "add or remove members, or mend expected_members in all rows of the group",
                )
        yield from _faults_of_difference(rows, ("peer_group_name", "printed_peers"))


def _faults_of_difference(rows: list[SeedRow], columns: tuple[str, ...]) -> Iterator[str]:
    """All rows of one group or rule must say the same of it."""
    for row in rows[1:]:
        for column in columns:
            if row[column] != rows[0][column]:
                yield row.fault(
                    f"{column} 与第 {rows[0].number} 行不同",
                    f"{column} differs from row {rows[0].number}: '{row[column]}', '{rows[0][column]}'",
                    "write the same in all rows",
                )


def _faults_of_printed_peers(rows: list[SeedRow]) -> Iterator[str]:
    """Words such as 全省 must lead each region to one group."""
    seen: dict[tuple[str, str], SeedRow] = {}
    for row in rows:
        if row["printed_peers"] == "":
            continue
        first = seen.setdefault((row["region_code"], row["printed_peers"]), row)
        if first["peer_group_id"] != row["peer_group_id"]:
            yield row.fault(
                f"{row['region_code']} 的“{row['printed_peers']}”已属 {first['peer_group_id']}（第 {first.number} 行）",
                f"{row['printed_peers']} means {first['peer_group_id']} for {row['region_code']} in row {first.number} already",
                "leave printed_peers of one of the groups empty",
            )


def _faults_of_rules(
    rules: Mapping[str, list[SeedRow]], groups: Mapping[str, list[SeedRow]]
) -> Iterator[str]:
    for rows in rules.values():
        yield from _faults_of_difference(rows, ("rule_name", "method", "peer_group_id"))
        if rows[0]["method"] == RANK_METHOD:
            yield from _faults_of_bands(rows, groups)
        else:
            for row in rows:
                if row["peer_group_id"] or row["rank_from"] or row["rank_to"] or row is not rows[0]:
                    yield row.fault(
                        f"{row['method']} 只有一行，无比较组与名次",
                        f"a rule of method {row['method']} is one row without peer group and ranks",
                        "empty them, or change the method",
                    )


def _faults_of_bands(rows: list[SeedRow], groups: Mapping[str, list[SeedRow]]) -> Iterator[str]:
    """The bands must follow each other from the first place to the last of the group."""
    incomplete = [row for row in rows if not (row["peer_group_id"] and row["rank_from"] and row["rank_to"])]
    for row in incomplete:
        yield row.fault(
            "缺比较组或名次", "peer_group_id, rank_from or rank_to is empty", "a rank band needs all three"
        )
    if incomplete:
        return
    expected = 1
    bands = sorted(rows, key=lambda row: int(row["rank_from"]))
    for band in bands:
        if int(band["rank_from"]) != expected:
            yield band.fault(
                f"名次不衔接：应从第 {expected} 名起",
                f"the bands leave a gap or overlap: this one must begin at {expected}",
                "mend rank_from",
            )
        if int(band["rank_to"]) < int(band["rank_from"]):
            yield band.fault("名次颠倒", "rank_to is before rank_from", "mend rank_to")
        expected = int(band["rank_to"]) + 1
    members = len(groups[bands[-1]["peer_group_id"]])
    if expected != members + 1:
        yield bands[-1].fault(
            f"名次到第 {expected - 1} 名，组内有 {members} 个成员",
            f"the bands end at {expected - 1}, the group has {members} members",
            f"the last band must end at {members}",
        )
