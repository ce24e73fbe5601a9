"""The verdict on a real server: llama.cpp as it is, against itself unchanged and against itself slowed.

`nice -n -10 python benchmarks/latency_real_server.py` after `make local`; ten minutes on an idle machine, and nothing but this
machine is asked. The slowed server reads its prompt 2 tokens at a time in place of 512 (its batch size), and nothing else
differs. It must be flagged, and the unchanged one must not: interleaved, and in separate runs (5 of the baseline, then up to 3 of
the candidate). A server is started anew for each run, so that runs differ by as much as a start does.

What else the machine has to do is part of every figure: where it changes between the runs, separate runs say "inconclusive" of
what interleaved pairs still see.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import httpx

from conformance.asking.client import Client
from conformance.asking.latency.heartbeat import Heartbeat
from conformance.asking.latency.interleaving import interleave, is_decided
from conformance.asking.latency.runs import Order, calibrated, nonce, one_run, words
from conformance.asking.latency.sampling import Arm
from conformance.asking.limits import Budget, Pace
from conformance.asking.local_server import serve
from conformance.knowledge.latency.compare import compare, notes
from conformance.knowledge.latency.runs import samples_of
from conformance.knowledge.latency.workloads import Workload
from conformance.providers import load_providers, parse_target
from conformance.providers.keys import auth_headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.knowledge.latency.regression import Comparison
    from conformance.knowledge.latency.runs import Run
    from conformance.providers import Server

_TARGET: Final = "llamacpp/smollm2-135m-instruct"
_KEY: Final = "sk-conformance-local-server"
#: Long enough a prompt that reading it is most of TTFT, short enough an answer that ten take as many seconds.
_WORKLOAD: Final = Workload("200-16", "200 tokens in, 16 out", input=200, output=16, cached=False)
_SLOW_BATCH: Final = 2
_BASELINE_RUNS, _MOST_RUNS, _PAIRS = 5, 3, 30
_DECIDING: Final = ("ttft", "tpot", "e2e", "tps", "failures")


def main() -> None:
    """Print the verdicts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=("interleaved", "separate"), help="one half of it")
    options = parser.parse_args()
    target = parse_target(_TARGET, load_providers())
    usual = target.provider.server
    assert usual is not None
    slowed = replace(usual, batch=_SLOW_BATCH)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    calibrated(print)
    with Heartbeat() as heartbeat:
        arms = (("unchanged", usual), ("slowed", slowed))
        for name, server in arms if options.only != "separate" else ():
            _interleaved(name, usual, server, heartbeat)
        if options.only == "interleaved":
            return
        base = [_run(usual, heartbeat) for _ in range(_BASELINE_RUNS)]
        for name, server in arms:
            _separate(name, base, server, heartbeat)


def _interleaved(name: str, usual: Server, server: Server, heartbeat: Heartbeat) -> None:
    start = time.monotonic()
    with ExitStack() as stack:
        arms = [stack.enter_context(_arm(each, heartbeat)) for each in (usual, server)]
        found = interleave(*arms, pairs=_PAIRS, seed=7, say=_quiet)
    pairs = len(found.base.requests)
    _print(f"interleaved, {name}: {pairs} pairs, {time.monotonic() - start:.0f} s", found.found)
    print(*notes(samples_of([found.base]), samples_of([found.candidate])), sep="\n")


def _separate(name: str, base: list[Run], server: Server, heartbeat: Heartbeat) -> None:
    taken: list[Run] = []
    found: dict[str, Comparison] = {}
    while len(taken) < _MOST_RUNS and not (found and is_decided(found)):
        taken.append(_run(server, heartbeat))
        every = compare(samples_of(base), samples_of(taken))
        found = {metric: every[metric] for metric in _DECIDING if metric in every}
    _print(f"separate, {name}: K={len(base)}, {len(taken)} candidate runs", found)
    print(*notes(samples_of(base), samples_of(taken)), sep="\n")


def _run(server: Server, heartbeat: Heartbeat) -> Run:
    with _arm(server, heartbeat) as arm:
        run = one_run(arm, Order([arm.workload]), None)
    print(f"  batch {server.batch or 'as it is'}: {words(run)}", flush=True)
    return run


@contextmanager
def _arm(server: Server, heartbeat: Heartbeat) -> Iterator[Arm]:
    target = parse_target(_TARGET, load_providers())
    with (
        serve(server, model=target.model, api_key=_KEY, templates=target.provider.file.parent) as url,
        httpx.Client(timeout=60, trust_env=False) as http,
    ):
        client = Client(target, http, url, auth_headers(target, _KEY), {}, Budget(sys.maxsize), Pace(None))
        arm = Arm(client, _WORKLOAD, heartbeat, nonce())
        arm.warm()
        yield arm


def _print(title: str, found: Mapping[str, Comparison]) -> None:
    print(f"\n{title}")
    for metric, each in found.items():
        figures = f"x{each.ratio:.2f} ({each.ci[0]:.2f} to {each.ci[1]:.2f}): " if each.ratio and each.ci else ""
        print(f"  {metric:9}{each.verdict:13} {figures}{each.reason}", flush=True)


def _quiet(_: str) -> None:
    """Say nothing at each look."""


if __name__ == "__main__":
    main()
