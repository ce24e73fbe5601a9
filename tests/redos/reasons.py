"""Expressions that may be superlinear and stay: what bounds their input, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.redos.listed import Listed

_SCAN: Final = "conformance/knowledge/lifecycle/scan"
_NEAR: Final = "120 characters before a string"
_TOML: Final = "a placeholder in a provider's TOML, matched whole"
#: By the file, and the beginning of the expression: what it is given, and how much of it.
REASONS: Final[dict[tuple[str, str], str]] = {
    (
        f"{_SCAN}/code.py",
        "(?P<comment>//",
    ): "no comment is opened behind the last that is closed: each search for an end finds one",
    (f"{_SCAN}/code.py", r"(\w[\w.-]*)"): _NEAR,
    (f"{_SCAN}/code.py", "([A-Za-z_$@]"): _NEAR,
    (f"{_SCAN}/code.py", r"(\w+)\s*$"): _NEAR,
    ("conformance/knowledge/grounding/browsing.py", "(?P<name>"): "the paths of browsing.toml, our own",
    ("conformance/knowledge/grounding/calls.py", "(?:```"): "200 characters before a call",
    ("conformance/knowledge/lifecycle/context.py", "(?:projects/"): "matched at the beginning of a name alone",
    ("conformance/providers/templates.py", "-?[0-9]+"): _TOML,
    ("conformance/providers/templates.py", "[^|]*"): _TOML,
}


def reason(entry: Listed) -> str | None:
    """Return why an expression may be superlinear; None where nothing is known."""
    path = entry.where.partition(":")[0]
    known = (why for (place, start), why in REASONS.items() if place == path and entry.pattern.startswith(start))
    return next(known, None)
