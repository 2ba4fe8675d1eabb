"""A night on which templates cannot be written: it is seen, and everything else goes out."""

import shutil

from openpyxl import load_workbook

HEADER = "地区,指标,口径,时期,数值,单位,来源\n"


def test_templates_that_cannot_be_written_fail_loudly_and_hold_up_nothing_else(second_night):
    (old_return,) = second_night.paths.returns.glob("*.xlsx")
    written_at = old_return.stat().st_mtime_ns
    shutil.rmtree(second_night.paths.templates)
    second_night.paths.templates.write_text("a file where the folder should be", encoding="utf-8")
    second_night.drop(
        "区发改局 一季度.csv", (HEADER + "秀洲区,测试指标,,2023,七十万,万元,造的来源（测试）\n").encode()
    )
    before = second_night.paths.published.resolve()
    status, output = second_night.run()

    assert status == 1
    assert "reporting__templates" in output
    assert second_night.paths.published.resolve() != before, "the version is published all the same"
    assert second_night.query(
        "SELECT count(*) FROM quality.rejected_row WHERE file_name LIKE '区发改局%'"
    ) == [(1,)]
    (new_return,) = set(second_night.paths.returns.glob("*.xlsx")) - {old_return}
    assert new_return.name.startswith("退回_区发改局 一季度_")
    assert load_workbook(new_return)["退回数据"]["A2"].value.startswith("✗ ")
    assert old_return.stat().st_mtime_ns == written_at, "what has not changed is left alone"
