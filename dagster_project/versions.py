"""`python -m dagster_project.versions`: list the versions that are kept, show what differs between two, go back to one.

Exit status: 0 done; 1 no such version; 2 a run holds the warehouse.
"""

import argparse
import sys

from dagster_project.lock import WarehouseBusy, hold_warehouse
from dagster_project.paths import WarehousePaths, warehouse_paths
from dagster_project.publish.compare import Difference, compare
from dagster_project.publish.kept import Version, find_version, go_back_to, kept_versions
from dagster_project.state import State
from dagster_project.watch.page import write_page

LIGHTS_LISTED = 40
LIGHT_NAMES = {"green": "●绿", "yellow": "▲黄", "red": "■红", "grey": "○灰", None: "—"}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m dagster_project.versions", description="已发布的版本 / published versions"
    )
    commands = parser.add_subparsers(dest="command")
    commands.add_parser(
        "list", help="列出保留的版本 / the versions that are kept (what is done without a command)"
    )
    diff = commands.add_parser(
        "diff", help="两个版本的差别：行与灯 / what differs between two: rows and lights"
    )
    diff.add_argument("before", help="版本名或其前几位 / a version's name or how it begins")
    diff.add_argument("after", nargs="?", help="缺省为正在服务的版本 / default: the one that is served")
    use = commands.add_parser("use", help="改为服务此版本 / serve this version from now on")
    use.add_argument("version", help="版本名或其前几位 / a version's name or how it begins")
    return parser.parse_args()


def main() -> int:
    """Do what was asked."""
    arguments, paths = _arguments(), warehouse_paths()
    versions = kept_versions(paths)
    try:
        if arguments.command == "diff":
            before = find_version(versions, arguments.before)
            after = (
                find_version(versions, arguments.after)
                if arguments.after
                else next(version for version in versions if version.is_served)
            )
            print("\n".join(difference_lines(before, after, compare(before.database, after.database))))
        elif arguments.command == "use":
            _use(paths, find_version(versions, arguments.version))
        else:
            print("\n".join(list_lines(versions)))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    except WarehouseBusy as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _use(paths: WarehousePaths, version: Version) -> None:
    if version.is_served:
        print(f"已在服务 / served already: {version.name}")
        return
    with hold_warehouse(paths.lock_file, f"going back to {version.name}", wait_seconds=0):
        go_back_to(paths, State(paths.state), version)
        write_page(paths, State(paths.state))
    print(
        f"现在服务 / served from now on: {version.name} ({version.manifest['published_at']}). "
        "下次运行照常发布 / The next run publishes as usual."
    )


def list_lines(versions: list[Version]) -> list[str]:
    """One line a version, the newest first; → marks the one that is served."""
    if not versions:
        return ["尚无发布版本 / nothing has been published yet"]
    lines = [
        f"  {'版本 / version':<38} {'发布 / published':<21} {'基准日 / as of':<13}  MB  目标 targets  实际值 actuals"
    ]
    for version in versions:
        manifest = version.manifest
        counts = manifest["row_counts"]
        line = (
            f"{'→' if version.is_served else ' '} {version.name:<40} {manifest['published_at']:<21}"
            f" {manifest['as_of_date']:<14} {version.size_bytes / 1e6:4.0f}"
            f" {counts['marts.fct_target']:>13} {counts['marts.fct_actual']:>15}"
        )
        if manifest["missing"]:
            line += f"  ✗ 缺少 / missing: {', '.join(manifest['missing'])}"
        lines.append(line)
    return lines


def difference_lines(before: Version, after: Version, difference: Difference) -> list[str]:
    """The difference as text."""
    lines = [
        f"{'前' if which is before else '后'} / {'before' if which is before else 'after '}  {which.name}"
        f"  发布 / published {which.manifest['published_at']}  基准日 / as of {which.manifest['as_of_date']}"
        for which in (before, after)
    ]
    if not difference.tables and not difference.lights:
        return [*lines, "行与灯都相同 / rows and lights are the same"]
    lines += ["", f"{'表 / table':<36} {'前 before':>10} {'后 after':>10} {'减少 gone':>10} {'新增 new':>10}"]
    for table in difference.tables:
        shown = ["—" if rows is None else rows for rows in (table.rows_before, table.rows_after)]
        lines.append(
            f"{table.table:<37} {shown[0]:>11} {shown[1]:>11} {table.only_before:>12} {table.only_after:>12}"
        )
    lines += ["", f"变灯 / lights changed: {len(difference.lights)}"]
    for light in difference.lights[:LIGHTS_LISTED]:
        lines.append(
            f"  {LIGHT_NAMES[light.light_before]} → {LIGHT_NAMES[light.light_after]}  {light.region_name or ''}"
            f" {light.indicator_text}  ({light.verdict_before} → {light.verdict_after})  {light.target_id}"
        )
    if len(difference.lights) > LIGHTS_LISTED:
        lines.append(f"  … 另有 / and {len(difference.lights) - LIGHTS_LISTED} more")
    return lines


if __name__ == "__main__":
    sys.exit(main())
