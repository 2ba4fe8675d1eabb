"""Numbers in the sentences of verdicts: what DuckDB writes is what Python writes of the same number."""

from decimal import ROUND_HALF_UP, Decimal

import duckdb
from hypothesis import example, given
from hypothesis import strategies as st

from tests.dbt_models import expression

CONNECTION = duckdb.connect()
PLACES = st.integers(1, 4)


def shown(macro: str, number, column_type: str) -> str:
    query = f"SELECT {expression(macro)} FROM (SELECT CAST(? AS {column_type}) AS number)"
    return CONNECTION.execute(query, [number]).fetchone()[0]


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=8), PLACES)
@example(Decimal("0.00005"), 4)
@example(Decimal("-0.00004"), 4)
@example(Decimal("9999999999.99999999"), 4)
@example(Decimal("10000000000"), 1)
@example(Decimal("100"), 3)
def test_a_decimal_is_written_without_zeros_at_its_end(number, places):
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    expected = f"{rounded.normalize() + 0:f}"
    assert shown(f"{{{{ plain_number('number', {places}) }}}}", number, "DECIMAL(24, 8)") == expected


@given(st.floats(-1e9, 1e9), PLACES)
@example(-0.0, 3)
@example(-0.0004, 3)
@example(-0.0005, 3)
@example(-0.05, 1)
@example(0.0625, 3)
def test_a_double_has_its_places_and_zero_no_sign(number, places):
    expected = f"{number:.{places}f}"
    if not expected.strip("-0."):
        expected = expected.lstrip("-")
    assert shown(f"{{{{ fixed('number', {places}) }}}}", number, "DOUBLE") == expected
