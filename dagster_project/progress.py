"""What a person sees on the terminal while a run goes on: stages and messages, not Dagster's event stream."""

import io
import logging
import re
import sys
import time

import dagster as dg

ANSI_CODE = re.compile(r"\x1b\[[0-9;]*m")
DBT_STEPS_A_LINE = 20
TOOL_CHATTER = (
    "A dbt subsetted execution",
    "Copying `",
    "Running dbt command",
    "Finished dbt command",
    "Dependencies for step",
)
"""How messages begin that Dagster and dagster-dbt write into the run's log for themselves."""
STAGES = {
    "run_parameter": "参数 / parameters",
    "read_plans": "检查种子并解析目标 / checking the seeds, reading the targets",
    "ingest": "收数与第一道关 / ingest and gate 1",
    "dbt_build": "建模 / models (dbt build)",
    "gate_2": "第二道关 / gate 2",
    "reporting__templates": "填报表 / templates for departments",
    "reporting__returns": "退回件 / refused rows given back",
    "publish": "发布 / publication",
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
        if message.startswith(TOOL_CHATTER):
            return
        self._say(f"  {message}")

    def _say(self, text: str) -> None:
        print(f"[{time.monotonic() - self.started:6.1f} s] {text}", file=sys.stderr, flush=True)


class DbtOutput(io.TextIOBase):
    """Stands in for standard output while dbt's lines come in: shows how far it is, and in full only what went wrong.

    The lines all stand in warehouse/dbt_target/dbt.log too.
    """

    def __init__(self) -> None:
        self.shown = 0

    def write(self, text: str) -> int:
        line = ANSI_CODE.sub("", text).strip()
        step = re.match(r"(\d+) of (\d+) (?!START)", line)
        if step and not any(word in line for word in (" OK ", " PASS ", " NO-OP ")):
            print(f"  {line}", file=sys.stderr, flush=True)
        elif step and int(step[1]) >= self.shown + DBT_STEPS_A_LINE:
            self.shown = int(step[1]) // DBT_STEPS_A_LINE * DBT_STEPS_A_LINE
            print(f"  dbt {self.shown} of {step[2]}", file=sys.stderr, flush=True)
        return len(text)


@dg.logger(description="阶段进度 / Stages and messages of a run, for a terminal.")
def console(_: dg.InitLoggerContext) -> logging.Logger:
    """The logger of runs."""
    logger = logging.Logger("common_prosperity", level=logging.DEBUG)
    logger.addHandler(_StageHandler())
    return logger
