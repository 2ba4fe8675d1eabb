"""What the seeds say, checked and read before anything is built: targets, corrections, responsible units.

The seeds are written by people; every fault is answered with file, row, value and what to do. How a target text is
read is the grammar's business, what the rows mean together is dbt's.
"""

from pathlib import Path

from dagster_project.paths import DBT_DIR, SEEDS_DIR
from dagster_project.plans.checks import read_all_seeds
from dagster_project.plans.light_rules import check_light_rules
from dagster_project.plans.meaning import check_meaning
from dagster_project.plans.rankings import check_rankings
from dagster_project.plans.targets import ReadTargets, read_targets


def read_plans(seeds_dir: Path = SEEDS_DIR, dbt_project: Path = DBT_DIR / "dbt_project.yml") -> ReadTargets:
    """Check all seeds and read every target. Raises SeedFault."""
    seeds = read_all_seeds(seeds_dir, dbt_project)
    check_meaning(seeds)
    check_light_rules(seeds)
    check_rankings(seeds)
    return read_targets(seeds)
