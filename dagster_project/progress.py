"""What a person sees on the terminal while a run goes on: stages and messages, not Dagster's event stream."""

import logging
import sys
import time

import dagster as dg

STAGES = {
    "raw__run_parameter": "参数 / parameters",
    "raw__target_parsed": "目标解析 / reading the targets",
    "ingest": "收数与第一道关 / ingest and gate 1",
    "dbt_build": "建模 / models (dbt build)",
    "gate_2": "第二道关 / gate 2",
    "published__version": "发布 / publication",
}


class _StageHandler(logging.Handler):
    """Prints the start of each stage with the time passed, and messages that assets log."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {}) or {}
        event = meta.get("dagster_event")
        if event is not None:
            event_type = getattr(event, "event_type_value", "")
            if event_type == "STEP_START":
                self._say(f"▶ {STAGES.get(event.step_key, event.step_key)}")
            elif event_type in ("STEP_FAILURE", "STEP_UP_FOR_RETRY"):
                self._say(f"✗ {STAGES.get(event.step_key, event.step_key)}: {event_type.lower()}")
            return
        if record.levelno < logging.INFO:
            return
        message = meta.get("orig_message") or record.getMessage()
        self._say(f"  {message}")

    def _say(self, text: str) -> None:
        print(f"[{time.monotonic() - self.started:6.1f} s] {text}", file=sys.stderr, flush=True)


@dg.logger(description="阶段进度 / Stages and messages of a run, for a terminal.")
def console(_: dg.InitLoggerContext) -> logging.Logger:
    """The logger of runs."""
    logger = logging.Logger("common_prosperity", level=logging.DEBUG)
    logger.addHandler(_StageHandler())
    return logger
