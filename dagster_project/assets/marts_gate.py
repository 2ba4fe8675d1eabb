"""Gate 2: the finished marts as a whole, before anything is published."""

from collections.abc import Iterator

import dagster as dg
from pydantic import Field

from dagster_project import gates
from dagster_project.resources import Warehouse

GATE = "gate_2_marts"


class GateConfig(dg.Config):
    """What an operator may tell gate 2."""

    accept_changes: bool = Field(
        default=False,
        description="本次不与上次发布比较：变化已核实 / Do not compare with the last publication, this once: somebody has looked at the changes and wants them.",
    )


@dg.multi_asset_check(name="gate_2", specs=gates.check_specs(GATE, blocking=True))
def gate_2(
    context: dg.AssetCheckExecutionContext, config: GateConfig, warehouse: Warehouse
) -> Iterator[dg.AssetCheckResult]:
    """Run the suite of gate 2; critical failures keep the version from being published."""
    from expectations.runner import run_suite

    with warehouse.connect() as connection:
        load_last_profile(connection, warehouse)
        if config.accept_changes:
            connection.execute("DELETE FROM raw.last_profile")
        outcome = run_suite(
            gates.suite_of(GATE), lambda query: connection.execute(query).df(), warehouse.paths.data_docs
        )
    gates.record(outcome, warehouse)
    for check in outcome.checks:
        if not check.success:
            stops = check.expectation.severity == "critical"
            say = context.log.error if stops else context.log.warning
            say(
                f"第二道关{'阻止发布 / gate 2 stops publication' if stops else '提示 / gate 2 warns'}: {gates.in_words(check)}"
            )
    yield from gates.check_results(outcome)


def load_last_profile(connection, warehouse: Warehouse) -> None:
    """Put what was published last (counts and magnitudes) beside the marts, as raw.last_profile."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
    warehouse.state.load_last(connection, "published_profile", "raw.last_profile")
