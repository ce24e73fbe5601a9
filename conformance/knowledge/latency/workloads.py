"""The workloads of latency runs: prompts of a known size, cached or not."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conformance.wire.dialects import DEFAULT_DIALECT, DIALECTS
from conformance.wire.dialects.ask import Ask, Composed, Text, Tool, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("workloads.toml")
DEFAULT: Final = "short"
_SENTENCE: Final = "The ferry leaves the island at nine, and the lighthouse keeper counts its passengers. "
_SENTENCE_TOKENS: Final = 17  # of common tokenizers
_LONG: Final = "Write a novel of twenty long chapters about a lighthouse keeper. Do not stop before the last chapter."
_CALL: Final = "What is the weather in Reykjavik? Use a tool."
_TOOLS_SENTENCES: Final = 9  # as many sentences are as long as the tools below
_PLACE: Final = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
_TOOLS: Final = tuple(
    Tool(name, does, _PLACE)
    for name, does in (
        ("get_weather", "The weather of a place, now."),
        ("get_time", "The local time of a place."),
        ("get_population", "How many people live in a place."),
    )
)


@dataclass(frozen=True)
class Workload:
    """One workload; tokens in (about) and out (at most). `needs` are capabilities that it cannot do without."""

    name: str
    does: str
    input: int
    output: int
    cached: bool
    tools: bool = False
    needs: tuple[str, ...] = ()

    def ask(self, nonce: str) -> Ask:
        """Return the request without model and limits. The nonce stands first in an uncached prompt, and nowhere in a cached one."""
        question = _CALL if self.tools else _LONG
        rest = round(self.input / _SENTENCE_TOKENS) - 2 - (_TOOLS_SENTENCES if self.tools else 0)
        filler = _SENTENCE * max(0, rest)
        head = "" if self.cached else f"[{nonce}] "
        return Ask(
            turns=(Turn("user", (Text(f"{head}{filler}{question}"),)),),
            tools=_TOOLS if self.tools else (),
            stream=True,
            include_usage=True,
            written=("turns", "stream", "include_usage", "tools"),
        )

    @property
    def hash(self) -> str:
        """Return 12 hex digits over the request: samples of another prompt are no history of this one.

        The default dialect writes it, so that the hash is one for all dialects, and that of what was measured before.
        """
        composed = DIALECTS[DEFAULT_DIALECT].compose(self.ask(""), None)
        body = composed.body if isinstance(composed, Composed) else None
        return sha256(repr((body, self.output)).encode()).hexdigest()[:12]


@cache
def workloads() -> Mapping[str, Workload]:
    """Return the built-in workloads by name, in the order of the file."""
    table = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: Workload(name, **{**entry, "needs": tuple(entry.get("needs", ()))}) for name, entry in table.items()}
