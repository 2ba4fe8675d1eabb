"""The target grammar: from a target as a plan prints it to typed columns.

`parse_target` is the door. A text no rule reads becomes `unparsed`: never a guess, never dropped.
"""

from dagster_project.grammar.model import TARGET_KINDS, ParsedTarget
from dagster_project.grammar.parse import parse_target

__all__ = ["TARGET_KINDS", "ParsedTarget", "parse_target"]
