"""Dagster's event log is held open while a run writes to it."""

from pathlib import Path

import dagster as dg

from dagster_project.event_log import kept_open


def test_the_log_is_cleared_away_once_and_not_after_every_event(tmp_path: Path):
    with dg.instance_for_test(temp_dir=str(tmp_path)) as instance:
        run_id = dg.materialize([dg.AssetSpec("a")], instance=instance).run_id
        logs = [tmp_path / "history" / "runs" / f"{shard}.db-wal" for shard in ("index", run_id)]
        instance.report_runless_asset_event(dg.AssetMaterialization("a"))
        assert not any(log.exists() for log in logs)
        with kept_open(instance, run_id):
            instance.report_runless_asset_event(dg.AssetMaterialization("a"))
            assert logs[0].stat().st_size > 0
        assert not any(log.exists() for log in logs)
        assert instance.get_latest_materialization_event(dg.AssetKey("a")) is not None


def test_a_log_that_is_not_in_sqlite_is_left_alone():
    with dg.DagsterInstance.ephemeral() as instance, kept_open(instance, "no such run"):
        instance.report_runless_asset_event(dg.AssetMaterialization("a"))
        assert instance.get_latest_materialization_event(dg.AssetKey("a")) is not None
