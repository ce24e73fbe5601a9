"""Recorded runs against stated figures: the advertised speed of the model, and the user's service levels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from conformance.knowledge.latency.claims import advertised_speed, mean_of, share_of
from conformance.knowledge.latency.rows import by_run
from conformance.knowledge.latency.runs import samples_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.knowledge.latency.claims import Claim
    from conformance.knowledge.latency.rows import Sample
    from conformance.knowledge.latency.runs import Run
    from conformance.knowledge.latency.slo import Objective, Slo

#: So many of the newest runs are judged: about 100 requests, of which a p95 can be told; older ones are the past.
RUNS: Final = 10


def advertised_claim(runs: Sequence[Run], advertised: float) -> Claim:
    """Hold the output speed of the newest runs of one cell against the advertised one, tokens per second."""
    speeds = [[1 / tpot for tpot in run] for run in by_run(samples_of(runs[-RUNS:]), "tpot")]
    return advertised_speed(speeds, advertised)


def slo_claims(runs: Sequence[Run], slo: Slo) -> list[Claim]:
    """Hold the newest runs of one cell against the objectives that are set for its workload; none for another's."""
    return list(judge(slo, samples_of(runs[-RUNS:]))) if runs and runs[-1].cell.workload == slo.workload else []


def judge(slo: Slo, samples: Sequence[Sample]) -> Iterator[Claim]:
    """Yield a claim an objective; those of `each` are one: the goodput.

    Failed requests and time-outs miss every limit of a share. A mean is of the successful requests: it has no time for the others.
    """
    per_request = [objective for objective in slo.objectives if objective.of == "each"]
    if per_request:
        what = "goodput: " + ", ".join(objective.words.replace(" each", "") for objective in per_request)
        yield share_of(what, _by_run(samples, per_request), slo.goodput)
    for objective in slo.objectives:
        if objective.of == "mean":
            runs: dict[str, list[float]] = {}
            for sample in samples:
                value = sample.figure(objective.figure)
                if value is not None:
                    runs.setdefault(sample.run, []).append(value)
            claim = mean_of(objective.words, list(runs.values()), objective.limit, objective.unit)
            failed = sum(sample.failed for sample in samples)
            yield replace(claim, reason=f"{claim.reason}; {failed} failed requests are not in it") if failed else claim
        elif objective.of != "each":
            yield share_of(objective.words, _by_run(samples, [objective]), int(objective.of[1:]) / 100)


def _by_run(samples: Sequence[Sample], objectives: Sequence[Objective]) -> list[list[bool]]:
    """Return one list for each run: whether a request met every objective; requests without a known result are left out."""
    runs: dict[str, list[bool]] = {}
    for sample in samples:
        met = [objective.met_by(sample) for objective in objectives]
        if False in met:
            runs.setdefault(sample.run, []).append(False)
        elif None not in met:
            runs.setdefault(sample.run, []).append(True)
    return list(runs.values())
