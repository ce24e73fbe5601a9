"""A name and a version that stand side by side: `name = "gpt-4"`, `version = "0613"` (Azure's deployments) is `gpt-4-0613`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.lookup import find_all
from conformance.knowledge.lifecycle.names import Grade

if TYPE_CHECKING:
    from conformance.knowledge.lifecycle.scan.literal import Literal

_NAMES = re.compile(r"(?:^|[\W_ ])(?:model|name|modelname)$", re.IGNORECASE)
_VERSION = re.compile(
    r"(?<![\w-])(?P<key>[\w-]*version)(?:[\"']?\s*(?:=>|[:=])\s*|\s+)[\"']?(?P<version>[\w.-]*\w)", re.IGNORECASE
)
_BLOCK = re.compile(r"\{[^{}]*\}")
_NEAR = 8  # texts, the nearest first, that a version is sought in
_LONGEST = 600  # characters of such a text: in a longer one stand the versions of others


def versioned(literal: Literal) -> str:
    """Return the name of a literal with the version beside it, where the registry has that model; else the name alone."""
    if not _NAMES.search(literal.key) or len(literal.text.split("-")) > 3:  # noqa: PLR2004 - such a name has its version
        return literal.text
    for text in [level for level in literal.levels() if len(level) <= _LONGEST][:_NEAR]:
        for match in _VERSION.finditer(_beside(text)):
            joined = f"{literal.text}-{match['version']}".lower()
            if "api" not in match["key"].lower() and any(
                entry.grade > Grade.FAMILY for entry in find_all(joined).values()
            ):
                return joined
    return literal.text


def _beside(text: str) -> str:
    """Return a text without its blocks: a version inside a block belongs to the name of the block."""
    return _BLOCK.sub("", text[1:-1] if text[:1] in {"{", "[", "("} else text)
