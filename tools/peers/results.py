"""What the suites came to: the file that is committed, and the join of its failures with their explanations."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from tools.peers.catalogue import HERE, Row, explanations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tools.peers.catalogue import Explanation

FILE: Final = HERE / "results.json"

Outcome: TypeAlias = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True)
class Case:
    """One test of a suite; `why` is the first words of the failure, or the reason why it was skipped."""

    case: str
    outcome: Outcome
    why: str = ""


@dataclass(frozen=True)
class Results:
    """All rows with their cases, the versions that ran by suite, and the day."""

    made: str
    versions: Mapping[str, Mapping[str, str]]
    rows: Mapping[Row, Sequence[Case]]


def load(path: Path = FILE) -> Results:
    """Return the results that are committed; none where nothing has been run."""
    if not path.exists():
        return Results("", {}, {})
    data = json.loads(path.read_text("utf-8"))
    rows = {
        Row(entry["suite"], entry["client"], entry["target"]): [Case(**case) for case in entry["cases"]]
        for entry in data["rows"]
    }
    return Results(data["made"], data["versions"], rows)


def as_json(results: Results) -> str:
    """Return the results as they are committed."""
    rows: list[dict[str, Any]] = []
    for row, cases in results.rows.items():
        kept = [{name: value for name, value in asdict(case).items() if value} for case in cases]
        rows.append({**asdict(row), "cases": kept})
    data = {"made": results.made, "versions": results.versions, "rows": rows}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def merged(
    old: Results,
    made: str,
    versions: Mapping[str, Mapping[str, str]],
    rows: Mapping[Row, Sequence[Case]],
    order: Iterable[Row],
) -> Results:
    """Return results of which some rows were run again; rows that the catalogue no longer has fall out."""
    known = {**old.rows, **rows}
    return Results(made, {**old.versions, **versions}, {row: known[row] for row in order if row in known})


def failures(results: Results) -> Iterator[tuple[Row, Case, Explanation | None]]:
    """Yield each failed case with its explanation; None where nobody has explained it."""
    for row, cases in results.rows.items():
        for case in cases:
            if case.outcome == "failed":
                yield row, case, next((known for known in explanations() if known.covers(row, case.case)), None)


def stale(results: Results) -> list[Explanation]:
    """Return the explanations of failures that no longer happen."""
    used = [explanation for _, _, explanation in failures(results)]
    return [known for known in explanations() if known not in used]
