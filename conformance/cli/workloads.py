"""`conformance workloads`: the workloads that `conformance latency --workload` and `conformance run --latency` take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import CONFORMS
from conformance.knowledge.latency.workloads import workloads

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Add nothing: the list is one."""
    del parser


def main(options: Namespace) -> int:
    """Print one line for each workload: its name, tokens in (about) and out (at most), and what it is."""
    del options
    for workload in workloads().values():
        needs = f" (needs {', '.join(workload.needs)})" if workload.needs else ""
        print(f"{workload.name:14} {workload.input:6} in {workload.output:5} out  {workload.does}{needs}")
    return CONFORMS
