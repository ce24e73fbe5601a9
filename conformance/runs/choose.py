"""A ranking of targets by what was measured: conformance on real answers, recorded latency runs, documented prices and dates."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean, median
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.errors import command, counted
from conformance.knowledge.latency.runs import by_cell
from conformance.knowledge.lifecycle.lookup import find
from conformance.providers import parse_target
from conformance.report.headline import is_judged, standings
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from conformance.knowledge.latency.runs import Run
    from conformance.providers import Provider, Target

Priority: TypeAlias = Literal["quality", "latency", "speed", "cost", "balanced"]

#: Input to output tokens of the blended price, as price pages that compare models commonly blend them.
_BLEND: Final = 3


@dataclass(frozen=True)
class Candidate:
    """A target that a real answer judged, with what is known of it. None stands for what nobody measured.

    Args:
        target: its id.
        provider: its provider's name.
        judged: how many rules of severity `error` were decided.
        clean: the share of these that are clean, known deviations counted as not clean.
        failing: the rules that fail.
        ttft: median seconds to the first token, of recorded runs.
        tps: median output tokens per second, of recorded runs.
        runs: the number of recorded runs.
        price: USD per million tokens, three of input to one of output, as documented.
        retires: the day of its shutdown, where one is announced.
    """

    target: str
    provider: str
    judged: int
    clean: float
    failing: tuple[str, ...]
    ttft: float | None
    tps: float | None
    runs: int
    price: float | None
    retires: date | None

    @property
    def measures(self) -> dict[str, float | None]:
        """Each dimension as a figure that is better when it is smaller."""
        return {
            "quality": 1 - self.clean,
            "latency": self.ttft,
            "speed": None if self.tps is None else -self.tps,
            "cost": self.price,
        }


@dataclass(frozen=True)
class Choice:
    """The ranking, best first; the fallback; and every target that has no place in it, with the reason and the command that mends it."""

    priority: Priority
    ranked: tuple[Candidate, ...]
    fallback: Candidate | None
    left_out: tuple[tuple[str, str, str], ...]


def choose(
    results: Mapping[str, Any],
    providers: Mapping[str, Provider],
    runs: Sequence[Run],
    as_of: date,
    *,
    priority: Priority = "balanced",
    needs: Sequence[str] = (),
) -> Choice:
    """Rank the targets of a run.

    Args:
        results: a run, as `schemas/results.json` has it.
        providers: all that are known, by name.
        runs: recorded latency runs.
        as_of: the day on which retirements are judged.
        priority: the dimension that decides; `balanced` takes the mean of the ranks in all that were measured for every candidate.
        needs: capabilities that a target must have.
    """
    timed = by_cell(runs)
    left_out: list[tuple[str, str, str]] = []
    candidates: list[Candidate] = []
    for standing, names in standings(results).items():
        for name in names:
            target = parse_target(name, providers)
            why = _left_out(standing, target, needs, as_of)
            if why is not None:
                left_out.append((name, *why))
                continue
            own = [run for cell, recorded in timed.items() if cell.target == name for run in recorded]
            candidate = _candidate(target, results, own, as_of)
            if priority != "balanced" and candidate.measures[priority] is None:
                left_out.append((name, f"its {priority} was not measured", _measure(priority, name)))
            else:
                candidates.append(candidate)
    ranked = tuple(sorted(candidates, key=_order(candidates, priority)))
    return Choice(priority, ranked, _fallback(ranked), tuple(left_out))


def _left_out(standing: str, target: Target, needs: Sequence[str], as_of: date) -> tuple[str, str] | None:
    if not is_judged(standing):
        return f"{standing}: no real answer judged it", command("record", target.id)
    lacking = [need for need in needs if need not in target.capabilities]
    if lacking:
        return f"it has no {', '.join(lacking)}", ""
    day = _retires(target, as_of)
    if day is not None and day <= as_of:
        return f"it retired on {day}", command("models", f"{target.provider.name}/{target.model}")
    return None


def _candidate(target: Target, results: Mapping[str, Any], runs: Sequence[Run], as_of: date) -> Candidate:
    cells = [cell for cell in results["cells"] if cell["target"] == target.id and cell["severity"] == "error"]
    decided = [cell for cell in cells if cell["verdict"] in {Verdict.PASS, Verdict.KNOWN, Verdict.FAIL}]
    clean = sum(cell["verdict"] == Verdict.PASS for cell in decided)
    price = target.known.price if target.known else None
    return Candidate(
        target.id,
        target.provider.name,
        judged=len(decided),
        clean=clean / len(decided) if decided else 0.0,
        failing=tuple(cell["rule"] for cell in decided if cell["verdict"] == Verdict.FAIL),
        ttft=_median(runs, lambda row: row.get("ttft")),
        tps=_median(runs, _rate),
        runs=len(runs),
        price=(price.input * _BLEND + price.output) / (_BLEND + 1) if price else None,
        retires=_retires(target, as_of),
    )


def _median(runs: Sequence[Run], figure: Callable[[Mapping[str, Any]], float | None]) -> float | None:
    """Return the median of the runs' own medians: the unit is the run, not the request."""
    own = [[value for row in run.requests if (value := figure(row)) is not None] for run in runs]
    return median(median(values) for values in own if values) if any(own) else None


def _rate(row: Mapping[str, Any]) -> float | None:
    tokens, seconds = row.get("output_tokens"), row.get("e2e")
    return tokens / seconds if tokens and seconds else None


def _retires(target: Target, as_of: date) -> date | None:
    entry = find(target.provider.name, target.model)
    claim = entry.status(as_of).claim if entry else None
    return claim.shutdown if claim else None


def _order(candidates: Sequence[Candidate], priority: Priority) -> Callable[[Candidate], tuple[float, ...]]:
    """Return the sort key: failing rules weigh before everything, for a fast target that breaks clients is no choice."""
    if priority != "balanced":
        return lambda candidate: (len(candidate.failing), candidate.measures[priority] or 0.0, 1 - candidate.clean)
    shared = [
        name
        for name in ("quality", "latency", "speed", "cost")
        if all(c.measures[name] is not None for c in candidates)
    ]
    ranks = {name: sorted({c.measures[name] or 0.0 for c in candidates}) for name in shared}
    return lambda candidate: (
        len(candidate.failing),
        mean(ranks[name].index(candidate.measures[name] or 0.0) for name in shared) if shared else 0.0,
        1 - candidate.clean,
    )


def _fallback(ranked: Sequence[Candidate]) -> Candidate | None:
    """Return the best target of another provider that outlives the first: one with no announced end outlives every one that has."""
    if not ranked:
        return None
    first = ranked[0]
    others = (other for other in ranked[1:] if other.provider != first.provider and not other.failing)
    return next((other for other in others if _outlives(other, first)), None)


def _outlives(other: Candidate, first: Candidate) -> bool:
    return other.retires is None or (first.retires is not None and other.retires > first.retires)


def _measure(priority: Priority, target: str) -> str:
    if priority in {"latency", "speed"}:
        return command("latency", target, "--record")
    return "add its price to the provider's TOML, with the source" if priority == "cost" else command("record", target)


def reasons(candidate: Candidate) -> Iterator[str]:
    """Yield what is known of a candidate, a clause each."""
    yield f"{candidate.clean:.0%} of {candidate.judged} error rules clean" + (
        f", {len(candidate.failing)} fail" if candidate.failing else ""
    )
    yield (
        f"TTFT {candidate.ttft:.2f} s, {candidate.tps:.0f} tokens/s in {counted(candidate.runs, 'run')}"
        if (candidate.ttft is not None and candidate.tps is not None)
        else "latency not measured"
    )
    yield (
        f"${candidate.price:.2f} per million tokens (documented)" if candidate.price is not None else "price not known"
    )
    yield f"retires {candidate.retires}" if candidate.retires else "no end announced"
