"""Reading a file into rows of text: whatever it is called, whatever wrote it.

A reader only finds cells. Whether a cell makes sense is decided in `judge`. A file that cannot be read as a whole
raises FileRefused; rows that cannot be read come back beside the good ones.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from dagster_project.ingest.archive import TextLooks, look_at_text
from dagster_project.ingest.delimited import has_lost_rows, odd_rows, regular_rows
from dagster_project.ingest.encode import encode_rows
from dagster_project.ingest.judge import KnownSeeds
from dagster_project.ingest.landing_table import FileRefused, LandingRows
from dagster_project.ingest.limits import Limits
from dagster_project.ingest.workbook import read_workbook

SAMPLE_BYTES = 65_536
ZIP_MAGIC = b"PK\x03\x04"
OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
OTHER_FORMATS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"<": "HTML/XML",
}


def read_file(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    limits: Limits,
    seeds: KnownSeeds,
    looks: TextLooks | None = None,
) -> LandingRows:
    """Read a file into the table of encoded cells (see `encode`). Raises FileRefused.

    `name` is what people call the file; its ending is not trusted. `looks`: what is known of the bytes.
    """
    units, regions = list(seeds.unit_spellings), list(seeds.regions)
    size = path.stat().st_size
    if size > limits.file_size:
        raise FileRefused(
            f"文件过大（{size:,} 字节，上限 {limits.file_size:,}），请拆分后报送 / the file has {size:,} bytes, more than "
            f"{limits.file_size:,}: split it"
        )
    with path.open("rb") as file:
        start = file.read(SAMPLE_BYTES)
    if start.startswith(ZIP_MAGIC):
        rows = read_workbook(connection, path, limits)
        encode_rows(connection, rows, units)
        return rows
    _refuse_what_is_no_text(start, name)
    looks = looks or look_at_text(path)
    with TemporaryDirectory() as sample_folder:
        rows = regular_rows(path, looks, limits, Path(sample_folder))
        if rows is not None:
            rows.likely_words = {"region_code": regions}
            try:
                row_count = encode_rows(connection, rows, units)
                if not has_lost_rows(path, looks, row_count):
                    return rows
            except duckdb.InvalidInputException:
                pass  # a row is irregular: each needs its own look
    rows = odd_rows(connection, path, limits)
    encode_rows(connection, rows, units)
    return rows


def _refuse_what_is_no_text(start: bytes, name: str) -> None:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.strip(b"\x00"):
        raise FileRefused("文件为空，请连同数据行重新发送 / the file is empty: send it again with its rows")
    if start.startswith(OLD_EXCEL_MAGIC):
        raise FileRefused(
            "旧版 Excel（.xls）或加密文件，请取消密码并另存为 .xlsx / an old or encrypted Excel file: save it as .xlsx "
            "without a password"
        )
    for magic, format_name in OTHER_FORMATS.items():
        if text.startswith(magic):
            raise FileRefused(
                f"不是表格，{name!r} 是 {format_name} 文件，请发送 CSV 或 XLSX / {name!r} is a {format_name} file, no table: "
                "send CSV or XLSX"
            )
    if start.startswith(UTF_16_MARKS):
        raise FileRefused(
            "编码为 UTF-16，请另存为“CSV UTF-8” / the encoding is UTF-16 (Excel calls it Unicode text): save it as CSV UTF-8"
        )
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise FileRefused(
            f"扩展名与内容不符，{name!r} 不是 Excel 文件，请另存为 .xlsx，文本请改名为 .csv / {name!r} is called a workbook but is "
            f"none (its first bytes are {start[:4]!r}): save it as .xlsx again, or rename it .csv if it is text"
        )
    if b"\x00" in start.partition(b"\n")[0]:
        raise FileRefused(
            f"不是文本，{name!r} 含二进制数据，请发送 CSV（UTF-8 或 GB18030）或 XLSX / {name!r} holds binary data: "
            "send CSV (UTF-8 or GB18030) or XLSX"
        )
