"""The former name of `conformance.rules.table`, for one release: users' own rules import it."""

from __future__ import annotations

from conformance.rules.table import RULES, SUBJECTS, Finding, Rate, Rule, Severity, dotted, rule, shown

__all__ = ["RULES", "SUBJECTS", "Finding", "Rate", "Rule", "Severity", "dotted", "rule", "shown"]
