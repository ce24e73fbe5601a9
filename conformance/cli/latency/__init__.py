"""`conformance latency`: is a candidate slower than its baseline? Of files, of recorded runs, or of targets asked now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.runs.options import add_options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_EXIT_CODES = (
    "exit codes: 0 no metric is worse, 1 a metric regressed, 2 a metric is inconclusive, 3 the input cannot be used;"
    " failures count, tails only with --tails"
)


def arguments(parser: ArgumentParser) -> None:
    """Add the sides, how to ask them, and how to compare them."""
    parser.epilog = _EXIT_CODES
    sides = "BASE and CANDIDATE, each a JSONL file of requests or a target with recorded runs; or one target, against its own past"
    parser.add_argument("sides", nargs="+", metavar="FILE|TARGET", help=sides)
    _add_asking(parser)
    _add_sampling(parser)
    parser.add_argument(
        "--q",
        type=float,
        default=0.1,
        metavar="Q",
        help="false discovery rate across cells, Benjamini-Hochberg (default 0.1)",
    )
    parser.add_argument("--tails", action="store_true", help="let the 90th percentiles decide too")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="form of the answer (default text)")
    add_options(
        parser,
        "--max-requests",
        "--max-seconds",
        "--deadline",
        "--base-url",
        "--header",
        "--proxy",
        "--ca",
        "--reports",
        "--providers",
        "--rules",
    )


def _add_asking(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--record", action="store_true", help="ask the targets and keep the runs below reports/benchmarks"
    )
    interleave = "ask BASE and CANDIDATE in turn, now: the surest comparison"
    parser.add_argument("--interleave", action="store_true", help=interleave)
    sweep = "measure throughput at these numbers of simultaneous streams, and where it stops growing (default 1,2,4,8,16,32)"
    parser.add_argument("--sweep", nargs="?", const="1,2,4,8,16,32", metavar="N,N,...", help=sweep)
    speedup = "measure how much faster N requests are at once than one by one"
    parser.add_argument("--speedup", type=int, metavar="N", help=speedup)
    open_loop = "send RATE requests a second, answered or not, and measure from the instant at which a request was due"
    parser.add_argument("--open-loop", type=float, metavar="RATE", help=open_loop)
    claims = "hold recorded runs against advertised speeds and [tool.conformance.slo]"
    parser.add_argument("--claims", action="store_true", help=claims)
    history = "folder of recorded runs (default reports/baselines and reports/benchmarks)"
    parser.add_argument("--history", metavar="DIR", help=history)


def _add_sampling(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--workload", action="append", default=[], metavar="NAME", help="workload to ask (default short)"
    )
    parser.add_argument(
        "--requests", type=int, default=10, metavar="N", help="requests in a run (default 10, at least 8)"
    )
    parser.add_argument("--runs", type=int, default=1, metavar="K", help="runs to record now (default 1)")
    parser.add_argument("--pairs", type=int, default=30, metavar="N", help="most pairs to interleave (default 30)")
    seed = "random seed for the order within each pair (default: random; it is printed)"
    parser.add_argument("--seed", type=int, metavar="N", help=seed)
    region = "place that you ask from: runs of two regions are not compared"
    parser.add_argument("--region", default="default", metavar="NAME", help=region)
    label = "name that groups runs: the newest label is the candidate (default the day)"
    parser.add_argument("--label", metavar="NAME", help=label)
    calibration = "do not measure the error of this client's clock first"
    parser.add_argument("--no-calibration", action="store_true", help=calibration)


def main(options: Namespace) -> int:
    """Print a verdict for each metric and return the exit code: 0 no metric is worse, 1 a regression, 2 one is inconclusive.

    Raises:
        UnusableInputError: a file or target cannot be used, or the extra `[latency]` is not installed.
    """
    # Imported when called: clients, servers, numpy and scipy take time to import, and no form of the verb needs all.
    from conformance.knowledge.latency.extra import require  # noqa: PLC0415

    require()
    if options.record or options.interleave:
        from conformance.cli.latency import record  # noqa: PLC0415

        return record.main(options)
    if options.sweep or options.speedup or options.open_loop is not None:
        from conformance.cli.latency import load  # noqa: PLC0415

        return load.main(options)
    if options.claims:
        from conformance.cli.latency import claims  # noqa: PLC0415

        return claims.main(options)
    from conformance.cli.latency import compare  # noqa: PLC0415

    return compare.main(options)
