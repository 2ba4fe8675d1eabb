"""What codes are called in Chinese and English (seeds/codelist.csv), and the shape of each light. How pages look stands with them."""

from functools import cache

from dagster_project.paths import SEEDS_DIR
from dagster_project.plans.seed_files import read_seed

# a light is never only a colour: each has a shape of its own as well as its word, worst first
LIGHT_SHAPES = {"red": "■", "yellow": "▲", "green": "●", "grey": "○"}


@cache
def code_names(codelist: str) -> dict[str, tuple[str, str]]:
    """Chinese and English name of every code of a list."""
    return {
        row["code"]: (row["label_zh"], row["label_en"])
        for row in read_seed(SEEDS_DIR / "codelist.csv")
        if row["codelist"] == codelist
    }
