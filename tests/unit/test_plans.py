"""The seeds under faults: every one is answered with file, row, value and what to do; corrections, units of plans, lights, rankings."""

import shutil
import subprocess
import sys

import pytest

from dagster_project.paths import DBT_DIR, PROJECT_ROOT, SEEDS_DIR
from dagster_project.plans import read_plans
from dagster_project.plans.departments import split_names
from dagster_project.plans.seed_files import MAX_SHOWN, SeedFault


@pytest.fixture
def seeds(tmp_path):
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS_DIR, folder)
    return folder


def read(folder):
    return read_plans(folder, DBT_DIR / "dbt_project.yml")


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(folder, name, line):
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def last_row(folder, name):
    return len((folder / name).read_text(encoding="utf-8").splitlines())


TARGET_HEAD = "document_id,table_ref,line_no,column_ref,region_code,scope,period,part_no,row_no,printed_category,section_text,indicator_text"
NEW_TARGET = (
    "{document},附件2,{line},2023年目标,{region},unspecified,2023,0,,,,常住人口,,5,万人,,,,,{department},,"
)


def new_target(document="xiuzhou_2023_work_plan", line="900", region="330411", department="区发改局"):
    return NEW_TARGET.format(document=document, line=line, region=region, department=department)


def test_the_shipped_seeds_hang_together():
    result = read(SEEDS_DIR)
    assert sum(result.kinds.values()) == len(result.parsed)
    assert len({row[1] for row in result.parsed}) == len(result.parsed), "ids are unique"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            new_target(document="xiuzhou_2023_work_pan"),
            ["document_id", "xiuzhou_2023_work_pan", "closest: xiuzhou_2023_work_plan"],
        ),
        (new_target(region="330499"), ["region_code", "330499", "add 330499 to region.csv"]),
        (new_target(department="区发改局、区火星局"), ["区火星局", "department.csv", "department_alias.csv"]),
        (new_target(line="1.5"), ["line_no", "1.5", "write it as 12"]),
        (new_target().replace(",2023,0,", ",2023年,0,"), ["period", "2023年", "2023Q2"]),
        (new_target().replace("unspecified", "大口径"), ["scope", "大口径", "narrow"]),
        (new_target().replace("常住人口", ""), ["indicator_text", "is empty"]),
        (new_target() + ",one cell more", ["23 cells under 22 heads"]),
    ],
)
def test_a_faulty_target_is_refused_with_row_value_and_fix(seeds, row, says):
    append(seeds, "target.csv", row)
    with pytest.raises(SeedFault) as fault:
        read(seeds)
    message = str(fault.value)
    assert f"target.csv 第 {last_row(seeds, 'target.csv')} 行" in message
    for word in says:
        assert word in message


def test_a_doubled_target_is_refused_with_both_rows(seeds):
    lines = (seeds / "target.csv").read_text(encoding="utf-8").splitlines()
    append(seeds, "target.csv", lines[1])
    with pytest.raises(SeedFault, match=rf"row {len(lines) + 1}.*附件2:1:大口径.*row 2"):
        read(seeds)


def test_all_faults_are_listed_at_once_up_to_a_readable_number(seeds):
    for line in range(900, 900 + MAX_SHOWN + 5):
        append(seeds, "target.csv", new_target(region="330499", line=str(line)))
    with pytest.raises(SeedFault) as fault:
        read(seeds)
    assert str(fault.value).count("330499") >= MAX_SHOWN
    assert "and 5 more" in str(fault.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("序号,指标\n1,人均".encode("gb18030"), "not UTF-8"),
        (b'document_id,table_ref\n"open quote,1\n', "broken CSV"),
        (b"", "the heads differ"),
        (f"{TARGET_HEAD}\n".encode(), "missing"),
    ],
)
def test_a_broken_file_is_refused_by_name(seeds, content, says):
    (seeds / "target.csv").write_bytes(content)
    with pytest.raises(SeedFault) as fault:
        read(seeds)
    assert "target.csv" in str(fault.value)
    assert says in str(fault.value)


def test_a_missing_seed_is_refused_by_name(seeds):
    (seeds / "task.csv").unlink()
    with pytest.raises(SeedFault, match=r"task\.csv.*missing"):
        read(seeds)


def test_files_saved_by_a_table_program_are_read(seeds):
    """Excel writes a byte order mark and Windows line ends."""
    content = (seeds / "target.csv").read_text(encoding="utf-8")
    (seeds / "target.csv").write_bytes(("\ufeff" + content.replace("\n", "\r\n")).encode())
    assert len(read(seeds).parsed) == len(read(SEEDS_DIR).parsed)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (
            "indicator.csv",
            ",higher,level,false,",
            ",upwards,level,false,",
            ["direction", "upwards", "higher"],
        ),
        (
            "indicator_label.csv",
            "gdp_per_capita,",
            "gdp_per_capitas,",
            ["indicator_id", "closest: gdp_per_capita"],
        ),
        ("document.csv", "2023-04-19", "19.4.2023", ["issued_on", "19.4.2023", "date"]),
        ("unit.csv", "万元,万元,money,10000,", "万元,万元,money,zehntausend,", ["to_base", "zehntausend"]),
        ("region.csv", "330411,", "33041,", ["33041"]),
    ],
)
def test_every_seed_is_checked(seeds, name, old, new, says):
    change(seeds, name, old, new)
    with pytest.raises(SeedFault) as fault:
        read(seeds)
    for word in [name, *says]:
        assert word in str(fault.value)


def test_a_task_that_no_list_has_is_refused(seeds):
    append(seeds, "target.csv", new_target().removesuffix(",,") + ",999,")
    with pytest.raises(SeedFault, match="xiuzhou_2023_work_plan:附件2:999.*task.csv"):
        read(seeds)


def row_of(result, target_id):
    return next(row for row in result.parsed if row[1] == target_id)


SHENGZHOU_LAWSUITS = "shengzhou_2021_2025_action_plan:表1:64:2022年:330683:unspecified:2022:0"


def test_a_correction_changes_what_is_read_and_says_so():
    """Shengzhou prints 万人成讼率(%) with ≤90: the unit is a misprint for 件/万人."""
    row = row_of(read(SEEDS_DIR), SHENGZHOU_LAWSUITS)
    assert row[5] == "件/万人"
    assert "“%”→“件/万人”" in row[6]


def test_a_correction_whose_text_is_gone_fails_loudly(seeds):
    for value in ("≤90", "≤80"):
        change(seeds, "target.csv", f"万人成讼率(%),,{value},%", f"万人成讼率(件/万人),,{value},件/万人")
    with pytest.raises(SeedFault) as fault:
        read(seeds)
    assert "correction.csv" in str(fault.value)
    assert "no longer stands" in str(fault.value)


def test_a_correction_of_a_line_that_does_not_exist_fails_loudly(seeds):
    append(seeds, "correction.csv", "xiuzhou_2023_work_plan,附件2,999,,unit_text,%,元,made up for a test")
    with pytest.raises(SeedFault, match="no target stands on this line"):
        read(seeds)


def test_damaged_text_of_jiaxing_is_read_as_certain():
    rows = [row for row in read(SEEDS_DIR).parsed if row[0].startswith("jiaxing")]
    assert any(row[3] == "城镇集中成片棚户区改造" and row[7] == "grade" for row in rows)
    assert any("?" in row[6] for row in rows), "the correction shows what is printed"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("区发改局、区经商局", ["区发改局", "区经商局"]),
        ("区卫健局（区计生协会、区红十字会）", ["区卫健局（区计生协会、区红十字会）"]),
        ("市发改局，市财政局 市民政局；市财政局", ["市发改局", "市财政局", "市民政局"]),
        ("/", []),
        ("——", []),
        ("", []),
    ],
)
def test_cells_split_at_separators_but_not_inside_brackets(cell, names):
    assert split_names(cell) == names


def test_spellings_of_one_unit_are_one_department():
    units = {}
    for _, owner, department in read(SEEDS_DIR).responsible:
        units.setdefault(owner, set()).add(department)
    task = units["xiuzhou_2023_work_plan:附件4:14"]
    assert len(task) == 3, "区卫健局（区计生协会、区红十字会） are three units at one desk"
    first, second = ("liandu_2023_work_plan:附表2:9", "xiuzhou_2023_work_plan:附件4:11")
    assert len(units[first]) == 2, "区建设局区农业农村局 lost its separator"
    kindergartens = "xiuzhou_2023_work_plan:附件3:11:王店镇:330411105:unspecified:2023:0"
    assert units[kindergartens] == units[second], "区教体局 is 区教育体育局"


def test_light_rules_with_a_gap_an_overlap_or_a_missing_verdict_are_refused(seeds):
    change(
        seeds,
        "light_rules.csv",
        "1,2000-01-01,,约束性,behind,,0.95,red",
        "1,2000-01-01,,约束性,behind,,0.9,red",
    )
    with pytest.raises(SeedFault, match=r"light_rules\.csv.*must begin at 0.9"):
        read(seeds)


def test_light_rules_must_follow_each_other_day_by_day(seeds):
    text = (seeds / "light_rules.csv").read_text(encoding="utf-8")
    later = "".join(line.replace("1,2000-01-01,", "2,2024-01-02,") + "\n" for line in text.splitlines()[1:])
    ended = text.replace("1,2000-01-01,,", "1,2000-01-01,2023-12-31,")
    (seeds / "light_rules.csv").write_text(ended + later, encoding="utf-8")
    with pytest.raises(SeedFault, match="the versions leave a gap or overlap"):
        read(seeds)
    (seeds / "light_rules.csv").write_text(
        ended + later.replace("2024-01-02", "2024-01-01"), encoding="utf-8"
    )
    read(seeds)


def test_a_verdict_without_a_light_is_refused(seeds):
    path = seeds / "light_rules.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if ",观察,met," not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    with pytest.raises(SeedFault, match="观察 × met"):
        read(seeds)


FOUR_TO_SIX = ",rank_bands,xiuzhou_units,4,6,75,"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("score_rule.csv", FOUR_TO_SIX, ",rank_bands,xiuzhou_units,5,6,75,", "row 10.*must begin at 4"),
        ("score_rule.csv", FOUR_TO_SIX, ",rank_bands,xiuzhou_units,3,6,75,", "row 10.*must begin at 4"),
        ("score_rule.csv", FOUR_TO_SIX, ",rank_bands,xiuzhou_units,4,5,75,", "row 11.*must begin at 6"),
        ("score_rule.csv", FOUR_TO_SIX, ",rank_bands,xiuzhou_units,4,3,75,", "row 10.*rank_to is before"),
        ("score_rule.csv", ",7,8,50,", ",7,7,50,", "row 11.*end at 7, the group has 8 members"),
        ("score_rule.csv", ",7,8,50,", ",7,,50,", "row 11.*rank_to is empty"),
        ("score_rule.csv", FOUR_TO_SIX, ",rank_bands,xiuzhou_unit,4,6,75,", "closest: .*xiuzhou_units"),
        ("score_rule.csv", FOUR_TO_SIX, ",attainment,xiuzhou_units,4,6,75,", "row 10.*method differs from row 9"),
        ("score_rule.csv", ",attainment,,,,100,", ",attainment,xiuzhou_units,,,100,", "row 12.*without peer group"),
        ("score_rule.csv", ",1,1,100,", ",first,1,100,", "rank_from 'first'"),
        ("peer_group.csv", ",全区,330411105,8", ",全区,330411105,7", r"peer_group\.csv.*has 8 rows, expected_members says 7"),
        ("peer_group.csv", ",全区,330411106,8", ",全县,330411106,8", "printed_peers differs from row"),
        ("peer_group.csv", ",全区,330411105,8", ",全区,330411003,9", "has 8 rows, expected_members says 9"),
        ("peer_group.csv", "without the high-tech zone,,330411105", "without the high-tech zone,全区,330411105", "全区 means xiuzhou_units for 330411105"),
        ("target.csv", "xiuzhou_2023_rank_ladder", "xiuzhou_2023_rank_lader", "closest: xiuzhou_2023_rank_ladder"),
    ],
)  # fmt: skip
def test_doubtful_groups_and_scoring_rules_are_refused(seeds, name, old, new, says):
    change(seeds, name, old, new)
    with pytest.raises(SeedFault, match=says):
        read(seeds)


def test_a_group_with_a_member_too_few_is_refused(seeds):
    path = seeds / "peer_group.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if "zone,,330411005" not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    with pytest.raises(SeedFault) as fault:
        read(seeds)
    assert "xiuzhou_units_without_zone has 6 rows, expected_members says 7" in str(fault.value)
    assert "the bands end at 7, the group has 6 members" in str(fault.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("unit.csv", "万元,万元,money,10000,0.0001", "万元,万元,money,0.4,2.5", ["to_base", "0.4"]),
        (
            "unit.csv",
            "万元,万元,money,10000,0.0001",
            "万元,万元,money,10000,0.001",
            ["from_base 0.001 is not 1 / 10000"],
        ),
        (
            "indicator.csv",
            ",higher,level,false,",
            ",higher,level,FALSE,",
            ["FALSE", "true or false, in small letters"],
        ),
        ("document.csv", "2023-04-19", "2023/4/19", ["issued_on", "2023-04-19"]),
        ("document.csv", "2023-01-01,2023-12-31", "2023-12-31,2023-01-01", ["ends before it begins"]),
        ("light_rules.csv", ",评价,met,", ",评价,overdue,", ["overdue", "no_actual"]),
        ("target.csv", "2021-2025,0,", "2025-2021,0,", ["2025-2021", "ends before it begins"]),
    ],
)
def test_what_would_only_show_later_is_refused_at_once(seeds, name, old, new, says):
    change(seeds, name, old, new)
    with pytest.raises(SeedFault) as fault:
        read(seeds)
    for word in [name, *says]:
        assert word in str(fault.value)


def test_a_region_of_another_plan_is_refused(seeds):
    append(seeds, "target.csv", new_target(region="330683"))
    with pytest.raises(SeedFault, match="330683 does not lie in 330411"):
        read(seeds)


def test_a_unit_that_the_label_prints_is_not_forgotten(seeds):
    append(seeds, "target.csv", new_target().replace("常住人口,,5,万人", "人均产值（万元）,,5,"))
    with pytest.raises(SeedFault, match="the label prints the unit '万元', unit_text is empty"):
        read(seeds)


def test_a_line_number_stands_for_one_printed_line(seeds):
    append(seeds, "target.csv", new_target(line="1"))
    with pytest.raises(SeedFault, match="line_no 1 is '人均生产总值（万元）' in row 2 already"):
        read(seeds)


def test_labels_that_differ_in_spelling_only_are_one_label(seeds):
    append(seeds, "indicator_label.csv", "人均生产总值 (万元),,,gdp,,false,")
    with pytest.raises(SeedFault, match=r"indicator_label\.csv.*but for spaces, case, width or characters"):
        read(seeds)


def test_a_unit_known_in_another_region_is_named(seeds):
    append(seeds, "target.csv", new_target(department="市住建局"))
    append(seeds, "department.csv", "330400_housing,市住建局,330400")
    with pytest.raises(
        SeedFault, match="市住建局 of region 330400, which needs a row in department_alias.csv"
    ):
        read(seeds)


def test_the_seeds_can_be_checked_without_a_run():
    result = subprocess.run(
        [sys.executable, "-m", "dagster_project.plans"], capture_output=True, text=True, cwd=PROJECT_ROOT
    )
    assert (result.returncode, result.stderr) == (0, "")
