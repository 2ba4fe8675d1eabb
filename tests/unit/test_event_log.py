"""Dagster's event log is held open while a run writes to it, and does not grow for ever."""

from pathlib import Path

import dagster as dg

from dagster_project import event_log
from dagster_project.event_log import forget_old_runs, kept_open


@dg.asset
def made() -> None:
    """Something to run."""


made_job = dg.Definitions([made], jobs=[dg.define_asset_job("made_job")]).resolve_job_def("made_job")


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


def test_what_dagster_keeps_of_old_runs_is_deleted_and_what_it_keeps_of_others_is_not(
    tmp_path: Path, monkeypatch
):
    with dg.instance_for_test(temp_dir=str(tmp_path)) as instance:
        run_ids = [dg.materialize([made], instance=instance).run_id for _ in range(2)]
        logs = [tmp_path / "history" / "runs" / f"{run_id}.db" for run_id in run_ids]
        instance.create_run_for_job(made_job, status=dg.DagsterRunStatus.STARTED)
        forget_old_runs(instance)
        assert all(log.exists() for log in logs)
        assert instance.get_runs_count() == 3

        monkeypatch.setattr(event_log, "KEPT_DAYS", 0)
        forget_old_runs(instance)
        assert not any(log.exists() for log in logs)
        assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.STARTED]
        assert instance.get_latest_materialization_event(made.key), "when it was made last is known still"
        assert not [path for path in tmp_path.rglob("*") if run_ids[0] in path.name]
