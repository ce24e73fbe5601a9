"""docs/peers.md: what each suite came to with each provider, and whose every failure is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from tools.peers.catalogue import suites
from tools.peers.results import failures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tools.peers.catalogue import Owner, Suite
    from tools.peers.results import Results

OWNERS: Final[Mapping[Owner | None, str]] = {
    "incompatibility": "true incompatibility",
    "peer": "the peer's limit",
    "ours": "ours",
    None: "not explained",
}
_HEAD: Final = """# Other people's suites against the emulator

People who test their application against the emulator need its answers to satisfy the libraries that they use. So the tests of those
libraries, and small lots of cases through their public interfaces, run against emulated providers. Made by `make peers` on {made}: every
suite runs in its own environment (`tools/peers/locks`) on the loopback. An emulated answer is no statement about a provider; what these
suites do with the real one is for a live run.

{total}

A skipped test is one that the suite itself skips: the model has no such ability, or the test wants a recording or the network.
Whose a failure is, with the source, is kept in `tools/peers/peers.toml`; a failure that nobody has explained fails a test of ours.
"""


def as_markdown(results: Results) -> str:
    """Return the results as a page."""
    lines = [_HEAD.format(made=results.made, total=_total(results)), "## Suite x provider", ""]
    lines += _table(
        ["suite", "client", "target", "passed", "failed", "skipped", "whose the failures are"], _rows(results)
    )
    explained = list(_explained(results))
    lines += ["", "## Whose every failure is", ""]
    lines += (
        _table(["whose", "suite", "client", "targets", "cases", "why", "source"], explained)
        if explained
        else ["No case failed."]
    )
    for suite in suites().values():
        lines += ["", f"## {suite.title}", "", *_described(suite, results)]
    return "\n".join(lines) + "\n"


def summary(results: Results) -> list[str]:
    """Return a line for each row."""
    lines = []
    for row, cases in results.rows.items():
        count = Counter(case.outcome for case in cases)
        numbers = ", ".join(f"{count[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped"))
        lines.append(f"{row.suite:20} {row.client:24} {row.target:34} {numbers}")
    return lines


def _total(results: Results) -> str:
    count = Counter(case.outcome for cases in results.rows.values() for case in cases)
    owners = Counter(known.owner if known else None for _, _, known in failures(results))
    whose = ", ".join(
        f"{owners[owner]} {words}" for owner, words in OWNERS.items() if owner is not None or owners[None]
    )
    return (
        f"**{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped** in {len(results.rows)} runs. "
        f"Of the failures: {whose}."
    )


def _rows(results: Results) -> Iterator[list[str]]:
    owners: dict[object, Counter[str]] = {}
    for row, _, known in failures(results):
        owners.setdefault(row, Counter())[OWNERS[known.owner if known else None]] += 1
    for row, cases in results.rows.items():
        count = Counter(case.outcome for case in cases)
        whose = ", ".join(f"{number} {owner}" for owner, number in owners.get(row, Counter()).items())
        numbers = (str(count[outcome]) for outcome in ("passed", "failed", "skipped"))
        yield [
            f"[{row.suite}](#{_anchor(suites()[row.suite].title)})",
            f"`{row.client}`",
            f"`{row.target}`",
            *numbers,
            whose,
        ]


def _explained(results: Results) -> Iterator[list[str]]:
    """Yield one row an explanation, with all cases of one client that it covers."""
    groups: dict[tuple[str, ...], tuple[dict[str, None], dict[str, None]]] = {}
    for row, case, known in failures(results):
        owner = OWNERS[known.owner if known else None]
        why, source = (known.reason, f"{known.source} (read {known.read})") if known else (_quoted(case.why), "")
        targets, cases = groups.setdefault((owner, row.suite, f"`{row.client}`", why, source), ({}, {}))
        targets[f"`{row.target}`"] = None
        cases[f"`{case.case}`"] = None
    for (owner, suite, client, why, source), (targets, cases) in sorted(groups.items()):
        yield [owner, suite, client, ", ".join(targets), ", ".join(cases), why, source]


def _described(suite: Suite, results: Results) -> Iterator[str]:
    yield f"{suite.source}"
    versions = results.versions.get(suite.name, {})
    if versions:
        yield ""
        yield "Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + "."
    skipped: dict[str, dict[str, None]] = {}
    for row, cases in results.rows.items():
        for case in cases:
            if row.suite == suite.name and case.outcome == "skipped":
                skipped.setdefault(case.why, {})[f"`{case.case}`"] = None
    if skipped:
        yield ""
        yield from (f"- skipped, {_quoted(why)}: {', '.join(cases)}" for why, cases in skipped.items())


def _quoted(text: str) -> str:
    return "`" + " ".join(text.replace("`", "'").replace("|", "\\|").split()) + "`"


def _anchor(title: str) -> str:
    return "".join(sign for sign in title.lower().replace(" ", "-") if sign.isalnum() or sign in "-_")


def _table(head: Sequence[str], rows: Iterator[list[str]] | list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
