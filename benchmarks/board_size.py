"""How long the board takes with 100 regions × 300 indicators, and how big and how fast its pages are. MADE-UP DATA.

Every target has a figure, a path, a chart and two departments: more than real plans give. Where Chromium is installed
the biggest page is opened in it, as many times as ROUNDS says; the median counts.

    .venv/bin/python benchmarks/board_size.py
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dagster_project.board import build_board  # noqa: E402
from tests.made_up_plans import made_up_published  # noqa: E402

REGIONS, INDICATORS = 100, 300
ROUNDS = 5
CHROMIUM = Path("/usr/bin/chromium")


def main() -> None:
    """Make the rows up, build, and print what came of it."""
    print(f"编造的数据 / made-up data: {REGIONS} regions × {INDICATORS} indicators")
    with made_up_published(REGIONS, INDICATORS) as connection, tempfile.TemporaryDirectory() as folder:
        summary = build_board(connection, Path(folder) / "board")
        regions = sorted(
            (Path(folder) / "board" / "regions").glob("*.html"), key=lambda path: path.stat().st_size
        )
        print(f"  生成 / built in            {summary['seconds']:.1f} s (limit 120 s)")
        print(f"  页数、总量 / pages, size   {summary['pages']}, {summary['bytes'] / 1e6:.0f} MB")
        print(f"  最大的地区页 / region page {regions[-1].stat().st_size / 1e6:.3f} MB (limit 1 MB)")
        if CHROMIUM.exists():
            load, drawn = opened(regions[-1])
            print(
                f"  Chromium 打开 / opens in    {load:.2f} s, charts in view after {drawn:.2f} s (limit 1 s)"
            )
        else:
            print("  未安装 Chromium，未测打开时间 / no Chromium: load time not measured")


def opened(page_file: Path) -> tuple[float, float]:
    """Median seconds until the page is loaded, and until the first chart is drawn."""
    from playwright.sync_api import sync_playwright

    loads, drawn = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        for _ in range(ROUNDS):
            page = browser.new_page()
            started = time.perf_counter()
            page.goto(page_file.as_uri(), wait_until="load")
            loads.append(time.perf_counter() - started)
            page.locator(".chart").first.scroll_into_view_if_needed()
            page.wait_for_selector(".chart svg")
            drawn.append(time.perf_counter() - started)
            page.close()
        browser.close()
    return statistics.median(loads), statistics.median(drawn)


if __name__ == "__main__":
    main()
