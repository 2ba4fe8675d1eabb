"""The target grammar: from a target as a plan prints it to typed columns.

`parse_target` is the door. A text no rule reads becomes `unparsed`: never a guess, never dropped.
"""

from dagster_project.grammar.model import PROVISIONAL_MARKS, TARGET_KINDS, ParsedTarget
from dagster_project.grammar.parse import parse_target
from dagster_project.grammar.text import simplify

__all__ = ["PROVISIONAL_MARKS", "TARGET_KINDS", "ParsedTarget", "parse_target", "simplify"]
