"""Check the seeds without a run: `python -m dagster_project.plans`. Exit status 1 and one line a fault if something is wrong."""

import sys

from dagster_project.plans import read_plans
from dagster_project.plans.seed_files import SeedFault

if __name__ == "__main__":
    try:
        read_plans()
    except SeedFault as fault:
        sys.exit(f"种子有误 / seeds at fault:\n{fault}")
