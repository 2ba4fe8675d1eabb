"""The last words of a run on the terminal: what was received, judged and published, or what failed."""

import os
import shutil
from pathlib import Path
from typing import Any

from dagster_project.codelists import code_names
from dagster_project.ingest.ledger import DUPLICATE
from dagster_project.paths import DAGSTER_HOME, WarehousePaths
from dagster_project.publish.parts import PARTS
from dagster_project.publish.version import DATABASE_NAME

MAX_ERROR_LINES = 40
FULL_BELOW_MB = 20


def summary_lines(manifest: dict[str, Any], paths: WarehousePaths) -> list[str]:
    """The summary of a published run, line by line."""
    files = [file for file in manifest["files"] if file["status"] != DUPLICATE]
    counts, labels = manifest["row_counts"], code_names("verdict")
    accepted = sum(file["rows_accepted"] for file in files)
    refused = sum(file["rows_refused"] for file in files)
    lines = [
        "",
        f"完成 / done   基准日 / as of {manifest['as_of_date']}   运行 / run {manifest['run_id']}",
        f"  文件 / files received     {len(files)}"
        + "".join(
            f", {file['status']}: {file['file_name']}" for file in files if file["status"] != "accepted"
        ),
        f"  行 / rows                 {accepted} 接收 accepted, {refused} 退回 refused (quality.rejected_row)",
        f"  未对应标签 / unmapped     {manifest['rows_unmapped']} 行 rows of {counts['quality.unmapped_label']} labels (quality.unmapped_label)",
        f"  存疑待核 / to confirm      {manifest['figures_to_confirm']} 个数值 figures (quality.suspicious_figure)",
    ]
    for gate in manifest["gates"]:
        lines.append(
            f"  质量关 / {gate['gate']:<16} {gate['checks'] - gate['failed']} of {gate['checks']} passed"
        )
    lines.append(f"  目标 / targets            {counts['marts.fct_target']}")
    for verdict, number in sorted(manifest["verdicts"].items(), key=lambda item: -item[1]):
        lines.append(f"    {number:>5}  {verdict:<15} {labels[verdict][0]}")
    lines.append(f"  发布文件 / published      {paths.published / DATABASE_NAME}")
    for part in PARTS:
        if part.name in manifest["missing"]:
            lines.append(f"  ✗ 缺少 / missing: {part.title}: {manifest['missing'][part.name]}")
        else:
            lines.append(f"    {part.title}: {paths.published / part.opens}")
    return lines


def _first_lines(message: str) -> str:
    """The message in whole lines, as many as a screen holds."""
    lines = message.strip().splitlines()
    return "\n".join(lines[:MAX_ERROR_LINES] + (["…"] if len(lines) > MAX_ERROR_LINES else []))


def failure_lines(errors: list[tuple[str | None, Any]], paths: WarehousePaths) -> list[str]:
    """What failed and what stays served. `errors`: step (None: the run as a whole) and Dagster's error, innermost cause last."""
    lines = ["", "运行失败 / the run failed"]
    for step, error in errors:
        lines.append(f"  {step or '运行 / run'}: {_first_lines(innermost(error).message)}")
    if paths.published.exists():
        lines.append(f"  仍在服务的版本 / still served: {paths.published.resolve()}")
    else:
        lines.append("  尚无发布版本 / nothing has been published yet")
    return lines + _full_disks(paths)


def _full_disks(paths: WarehousePaths) -> list[str]:
    """A full disk shows itself as many errors: here it is called by its name."""
    folders = (paths.root, Path(os.environ.get("DAGSTER_HOME", DAGSTER_HOME)))
    left = {folder: shutil.disk_usage(folder).free // 1_000_000 for folder in folders if folder.exists()}
    return [
        f"  磁盘已满，请腾出空间后再运行 / the disk is full, make room and run again: {folder} ({megabytes} MB left)"
        for folder, megabytes in left.items()
        if megabytes < FULL_BELOW_MB
    ]


def innermost(error: Any) -> Any:
    """The cause at the bottom of a Dagster error: what really happened."""
    while error.cause is not None:
        error = error.cause
    return error
