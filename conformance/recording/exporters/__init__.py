"""Exchanges in a documented form, for other tools and for ours: our JSON lines, an HTTP archive, a cassette of vcrpy.

Each form is written entry by entry, so that an output may be larger than the memory. What a form has no place for stands beside each
exchange (`conformance.recording.notes`), so that reading it again gives the same exchange.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.recording.exporters import cassette, har, lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.wire.exchange import Exchange


@dataclass(frozen=True)
class Export:
    """A form: how its file ends, what stands before, between and after the entries, and how an exchange becomes one."""

    suffix: str
    head: str
    entry: Callable[[Exchange], str]
    between: str
    tail: str


#: By the name that `--to` takes.
EXPORTS: Final = {
    "exchanges": Export(".jsonl", "", lines.entry, "", ""),
    "har": Export(".har", har.HEAD, har.entry, ",\n", har.TAIL),
    "vcr": Export(".yaml", cassette.HEAD, cassette.entry, "", cassette.TAIL),
}
