"""`python -m tools.peers [SUITE...]`: run the suites, write their results and docs/peers.md. It downloads the suites on first use."""

from __future__ import annotations

import argparse
import logging
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conformance.emulator.clients.environments import locks, make
from conformance.errors import UnusableInputError, suggest
from tools.peers.catalogue import suites
from tools.peers.page import as_markdown, summary
from tools.peers.results import FILE, as_json, failures, load, merged, stale
from tools.peers.run import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.clients.catalogue import Environment
    from tools.peers.catalogue import Row, Suite
    from tools.peers.results import Case, Results

PAGE: Final = Path("docs/peers.md")
REPORT: Final = Path("reports/peers.json")


def main(words: Sequence[str] | None = None) -> int:
    """Run the suites that are named, all for none, and return 1 where a failure is ours or unexplained."""
    parser = argparse.ArgumentParser(prog="python -m tools.peers", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"one of {', '.join(suites())}; default: all")
    parser.add_argument("--only", metavar="TEXT", default="", help="rows whose client or target has this text")
    parser.add_argument("--page", action="store_true", help="run nothing: write the page anew from the results")
    chosen = parser.parse_args(words)
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of clients that close their connections first
    if chosen.page:
        results = load()
    else:
        wanted = [_known(name) for name in chosen.suites or suites()]
        match = {row: cases for suite in wanted for row, cases in _rows(suite, chosen.only)}
        versions = {suite.name: locked(suite.environment) for suite in wanted}
        order = [row for suite in suites().values() for row in suite.rows]
        results = merged(load(), date.today().isoformat(), versions, match, order)  # noqa: DTZ011 - a calendar day, as the page shows it
        FILE.write_text(as_json(results), "utf-8")
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(as_json(results), "utf-8")
    PAGE.write_text(as_markdown(results), "utf-8")
    print("\n".join(summary(results)))
    return _judged(results)


def locked(environment: Environment) -> dict[str, str]:
    """Return the versions of an environment's own packages, as its lock pins them."""
    text = locks(environment)[0].read_text("utf-8")
    pattern = r'"([^"]+)": "(\d[^"]*)"' if environment.node else r"^([a-z0-9-]+)(?:\[[^\]]*\])?==(\S+)"
    pinned = dict(re.findall(pattern, text, re.MULTILINE))
    names = [package.partition("[")[0].lower() for package in environment.packages] or [*pinned]
    return {name: pinned[name] for name in names}


def _rows(suite: Suite, text: str) -> list[tuple[Row, list[Case]]]:
    rows = [row for row in suite.rows if text in row.client or text in row.target]
    folder = make(suite.environment)
    match = []
    for row in rows:
        print(f"{row.suite}: {row.client} against {row.target}", file=sys.stderr, flush=True)
        match.append((row, run(suite, row, folder)))
    return match


def _known(name: str) -> Suite:
    if name not in suites():
        raise UnusableInputError(f"suite {name!r} is unknown", where="SUITE", remedy=suggest(name, suites()))
    return suites()[name]


def _judged(results: Results) -> int:
    bad = [(row, case) for row, case, known in failures(results) if known is None or known.owner == "ours"]
    for row, case in bad:
        print(
            f"ours or not explained: {row.suite}, {row.client}, {row.target}, {case.case}: {case.why}", file=sys.stderr
        )
    for known in stale(results):
        print(
            f"no longer fails: {known.suite}, {', '.join(known.cases)}: remove its entry from peers.toml",
            file=sys.stderr,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except UnusableInputError as error:
        sys.exit(f"peers: {error}")
