"""The corpus, made once, and the table that is printed at the end."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson
import pytest
from corpus import corpus, payloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.exchange import Exchange


@dataclass
class Corpus:
    """The corpus as exchanges, as JSON texts and as parsed chunks; and the rates that were measured on it, in chunks a second."""

    exchanges: list[Exchange]
    texts: list[bytes]
    chunks: list[dict[str, object]]
    rates: dict[str, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all bodies."""
        return sum(len(exchange.response.body) for exchange in self.exchanges if exchange.response)


_CORPUS = pytest.StashKey[Corpus]()


@pytest.fixture(scope="session")
def streams(pytestconfig: pytest.Config) -> Iterator[Corpus]:
    """Make the corpus, and take it out of the garbage collector's sight: it is nobody's garbage, and would slow down both sides."""
    exchanges = corpus()
    texts = [text for exchange in exchanges for text in payloads(exchange)]
    made = Corpus(exchanges, texts, [orjson.loads(text) for text in texts])
    pytestconfig.stash[_CORPUS] = made
    gc.collect()
    gc.freeze()
    yield made
    gc.unfreeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table."""
    made = config.stash.get(_CORPUS, None)
    if made is not None and made.rates:
        terminalreporter.section("chunks per second on one core, the best of some rounds")
        terminalreporter.write_line(table(made))


def table(made: Corpus) -> str:
    """Return the rates beside that of the SDK, slowest last."""
    sdk = made.rates.get("openai SDK: construct")
    lines = [f"{len(made.texts):,} chunks, {made.size / 1e6:.1f} MB, {len(made.exchanges)} streams", ""]
    lines.append(f"{'':32}{'chunks/s':>12}{'us/chunk':>10}{'of the SDK':>12}")
    for name, rate in sorted(made.rates.items(), key=lambda item: -item[1]):
        ratio = f"{rate / sdk:.1f}x" if sdk else ""
        lines.append(f"{name:32}{rate:>12,.0f}{1e6 / rate:>10.2f}{ratio:>12}")
    return "\n".join(lines)
