"""The sentence "A client breaks if it ..." of each rule (breaks.toml); a user's own rule speaks by its requirement."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.rules.table import Rule


def breaks_if(rule: Rule) -> str:
    """Return the end of the sentence "A client breaks if it ..."."""
    return sentences().get(rule.id) or f"relies on this: {rule.sentence.rstrip('.')}"


@cache
def sentences() -> Mapping[str, str]:
    """Return the data, by rule id."""
    table: dict[str, str] = tomllib.loads(files(__package__).joinpath("breaks.toml").read_text("utf-8"))
    return table
