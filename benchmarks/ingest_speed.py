"""What ingest costs beyond the readers: its duration over that of the bare reader on the same file, in one run.

CSV of 18 million generated rows against DuckDB's own `CREATE TABLE AS SELECT * FROM read_csv`; XLSX of 100 000 rows
against python-calamine's own read; and a run that finds nothing new. Each measurement is a process of its own. The data
is generated, says so, and never comes near a warehouse.

    make bench
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
ROUNDS = 3
CSV_ROWS, XLSX_ROWS = 18_000_000, 100_000
REGIONS, INDICATORS, YEARS = 3_000, 300, 20


def generate_seeds(folder: Path) -> None:
    """The real seeds, with made-up regions beside the real ones."""
    folder.mkdir()
    for seed in (ROOT / "seeds").glob("*.csv"):
        (folder / seed.name).write_bytes(seed.read_bytes())
    with (folder / "region.csv").open("a", encoding="utf-8") as regions:
        regions.writelines(f"9{number:05},生成区{number},county,330000\n" for number in range(REGIONS))


def generate_csv(path: Path) -> None:
    """Every region × indicator × year once."""
    duckdb.execute(
        f"""COPY (
                SELECT
                    '9' || lpad((i // {INDICATORS * YEARS})::VARCHAR, 5, '0') AS region_code,
                    '生成指标' || ((i // {YEARS}) % {INDICATORS}) AS indicator_text,
                    (2005 + i % {YEARS})::VARCHAR AS period,
                    (100 + (i * 7919) % 1000003 / 100)::DECIMAL(12,2) AS value,
                    '万元' AS unit,
                    '生成数据' AS source_title,
                    '2025-03-01' AS reported_at
                FROM range({CSV_ROWS}) AS rows(i)
            ) TO '{path}' (HEADER)"""
    )


def generate_xlsx(path: Path) -> None:
    """Twelve columns, 100 000 rows."""
    import xlsxwriter

    header = ["region_code", "region_name", "indicator_text", "scope", "period", "measure", "value", "unit", "status",
              "source_title", "reported_at", "note"]  # fmt: skip
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, header)
        for i in range(XLSX_ROWS):
            row = ["330411", "秀洲区", f"生成指标{i // YEARS}", "", 2005 + i % YEARS, "", 100 + (i * 7919) % 1000003 / 100,
                   "万元", "", "生成数据", "2025-03-01", "备注"]  # fmt: skip
            sheet.write_row(i + 1, 0, row)


def bare_csv(path: Path, folder: Path) -> Callable[[], None]:
    """DuckDB's own reader, into a table of a database file."""

    def read() -> None:
        with duckdb.connect(str(folder / "bare.duckdb")) as connection:
            connection.execute("CREATE TABLE figures AS SELECT * FROM read_csv(?)", [str(path)])

    return read


def bare_xlsx(path: Path, folder: Path) -> Callable[[], None]:
    """python-calamine's own read."""
    import python_calamine

    def read() -> None:
        python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()

    return read


def ingest(path: Path, folder: Path) -> Callable[[], None]:
    """From the inbox to the receipt: archived, read, every row checked, recorded."""
    import pandas  # noqa: F401 (loading libraries is no part of either side)
    import pyarrow  # noqa: F401

    from dagster_project.ingest.ledger import Ledger
    from dagster_project.ingest.load import Ingest, Orders, close_batch
    from dagster_project.paths import WarehousePaths
    from dagster_project.state import State

    paths = WarehousePaths(folder / "warehouse")
    paths.create_folders()
    if path.exists():
        (paths.inbox / path.name).hardlink_to(path)

    def run() -> None:
        with duckdb.connect(str(paths.build_db)) as connection:
            ledger = Ledger(State(paths.state))
            report = Ingest(connection, paths, folder / "seeds", ledger, "benchmark", lambda _: None).run(
                Orders()
            )
            close_batch(connection, paths, ledger, "benchmark", report, {})
            accepted = sum(receipt.rows_accepted for receipt in report.new)
        expected = {".csv": CSV_ROWS, ".xlsx": XLSX_ROWS}.get(path.suffix, 0)
        if accepted != expected:
            sys.exit(f"{path.name}: {accepted} rows accepted instead of {expected}")

    return run


MEASURED = {"bare_csv": bare_csv, "bare_xlsx": bare_xlsx, "ingest": ingest}


def measure(what: str, path: Path, folder: Path) -> tuple[float, float]:
    """Seconds and peak memory (MB) of one measurement, in a process of its own."""
    command = [sys.executable, __file__, what, str(path), str(folder)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{what} failed:\n{result.stdout}{result.stderr}")
    seconds, peak = result.stdout.split()
    return float(seconds), float(peak)


def main() -> None:
    """Bare reader and ingest in turn, three rounds; then a run with nothing new."""
    with tempfile.TemporaryDirectory() as made_in:
        made = Path(made_in)
        print(f"generating {CSV_ROWS:,} rows of CSV and {XLSX_ROWS:,} of XLSX (made-up figures)", flush=True)
        generate_csv(made / "generated.csv")
        generate_xlsx(made / "generated.xlsx")
        for kind, aim in (("csv", 2.0), ("xlsx", 2.5)):
            ratios = []
            for number in range(1, ROUNDS + 1):
                with tempfile.TemporaryDirectory(dir=made) as folder_name:
                    folder = Path(folder_name)
                    generate_seeds(folder / "seeds")
                    path = made / f"generated.{kind}"
                    bare, _ = measure(f"bare_{kind}", path, folder)
                    ours, peak = measure("ingest", path, folder)
                    idle, _ = measure("ingest", folder / "nothing", folder)
                ratios.append(ours / bare)
                print(
                    f"round {number} {kind}: bare {bare:.2f} s, ingest {ours:.2f} s, ratio {ours / bare:.2f}, "
                    f"peak {peak:.0f} MB; nothing new {idle:.2f} s",
                    flush=True,
                )
            print(f"{kind}: median ratio {statistics.median(ratios):.2f} (aim: at most {aim})", flush=True)


def child(what: str, path: str, folder: str) -> None:
    """One measurement; prints seconds and peak memory in MB."""
    work = MEASURED[what](Path(path), Path(folder))
    started = time.perf_counter()
    work()
    print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    child(*sys.argv[1:]) if len(sys.argv) > 1 else main()
