"""Prints how much of each provider's real exchanges the emulator produces: `python -m tests.faithfulness.table [PROVIDER...] [--all]`.

Both directions: the share of what at least 5 % of the real exchanges of a kind have that emulated ones have, and the reverse. Every
difference follows, with its reason from explained.toml, or OPEN. `--all` also lists what is optional on one side only, and words.
`--rewritten` takes the recordings whose values were changed instead, made by other tools: a second opinion that no floor holds.
"""

# ruff: noqa: T201 - a command line prints

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.providers import Provider, load_providers
from conformance.wire.dialects import DEFAULT_DIALECT
from tests.faithfulness.compare import Compared, Difference, compare, enums, optionality
from tests.faithfulness.emulated import emulated_samples, refused_requests
from tests.faithfulness.explained import Explanation, explanations
from tests.faithfulness.sample import KINDS, REWRITTEN, TRUSTED, Sample, real_samples
from tests.samples.material import BESIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from conformance.wire.exchange import Fidelity

#: The providers whose share the floors of the test hold.
FIRST = ("groq", "cerebras", "openai", "openrouter", "mistral", "deepseek")


@dataclass(frozen=True)
class Result:
    """One provider: both sides, and what came of comparing them."""

    provider: str
    real: tuple[Sample, ...]
    emulated: tuple[Sample, ...]
    compared: tuple[Compared, ...]

    @property
    def differences(self) -> list[Difference]:
        """Every difference of every kind, and what the emulator refuses although the provider answered it."""
        found = [difference for each in self.compared for difference in each.differences]
        wrongly = Counter(said for _, said in refused_requests(self.real, self.emulated))
        share = 1 / len(self.real)
        return found + [
            Difference(self.provider, "refused", "emulated", said, count * share)
            for said, count in sorted(wrongly.items())
        ]

    def share(self, kinds: Iterable[str] = KINDS, *, reverse: bool = False) -> float:
        """Return the share over several kinds, each path of each kind counted once; 0 to 1."""
        chosen = [each for each in self.compared if each.kind in kinds]
        had = sum(len(each.confirmed if reverse else each.met) for each in chosen)
        of = sum(len(each.shown if reverse else each.wanted) for each in chosen)
        return had / of if of else 1.0


def result(
    provider: Provider, fidelities: frozenset[Fidelity] = TRUSTED, traffic: Path = BESIDE.traffic
) -> Result | None:
    """Compare one provider; None where nothing of it was recorded."""
    real = real_samples(provider.name, fidelities, traffic)
    if not real:
        return None
    emulated = emulated_samples(provider, real)
    return Result(provider.name, tuple(real), tuple(emulated), tuple(compare(provider.name, real, emulated)))


def results(
    names: Iterable[str] = (), fidelities: frozenset[Fidelity] = TRUSTED, traffic: Path = BESIDE.traffic
) -> list[Result]:
    """Compare the named providers, or all that were recorded, the first six first.

    Providers whose own dialect is another than chat are left out: samples and places are those of chat.
    """
    known = load_providers().items()
    providers = {name: each for name, each in known if not each.abstract and each.dialect == DEFAULT_DIALECT}
    chosen = tuple(names) or (*FIRST, *sorted(providers.keys() - set(FIRST)))
    found = (result(providers[name], fidelities, traffic) for name in chosen)
    return [each for each in found if each is not None]


def why(difference: Difference, reasons: Sequence[Explanation]) -> str | None:
    """Return the reason of a difference, or None where nobody has given one."""
    return next((each.why for each in reasons if each.explains(difference)), None)


def main(arguments: Sequence[str]) -> int:
    """Print the table. 0: all is explained. 1: a difference is open."""
    names = [name for name in arguments if not name.startswith("-")]
    found = results(names, REWRITTEN if "--rewritten" in arguments else TRUSTED)
    reasons = explanations()
    print(f"{'provider':14} {'kind':17} {'real':>5} {'emulated':>8} {'share':>14} {'reverse':>14}")
    for each in found:
        for kind in each.compared:
            share = f"{len(kind.met)}/{len(kind.wanted)} {kind.share:6.1%}"
            reverse = f"{len(kind.confirmed)}/{len(kind.shown)} {kind.reverse:6.1%}"
            print(f"{each.provider:14} {kind.kind:17} {kind.real:5} {kind.emulated:8} {share:>14} {reverse:>14}")
        both = f"{each.share():6.1%} {each.share(reverse=True):6.1%}"
        print(f"{each.provider:14} all JSON paths: {both}\n")
    left = [(difference, why(difference, reasons)) for each in found for difference in each.differences]
    for difference, reason in left:
        where = f"{difference.provider} {difference.kind}: {difference.what}"
        print(f"{where} (only {difference.side}, {difference.share:.0%}): {reason or 'OPEN'}")
    if "--all" in arguments:
        _print_more(found)
    still_open = sum(reason is None for _, reason in left)
    print(f"{len(left)} differences, {still_open} open")
    return 1 if still_open else 0


def _print_more(found: Iterable[Result]) -> None:
    for each in found:
        for difference in optionality(each.provider, each.real, each.emulated):
            print(
                f"{each.provider} {difference.kind}: {difference.what} is always there, emulated in {difference.share:.0%}"
            )
        for kind, path, words in enums(each.real, each.emulated):
            print(f"{each.provider} {kind}: {path} was also {', '.join(sorted(words))}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
