"""`conformance grounding FILE.jsonl`: label answers to prompts that carry a URL."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.errors import CONFORMS, FAILS, UNDECIDED, UNUSABLE, UnusableInputError, counted
from conformance.knowledge.grounding import LABELS, MADE_UP, judge
from conformance.knowledge.grounding.explain import lines as explained
from conformance.knowledge.grounding.explain import sentences
from conformance.knowledge.grounding.rows import answer_from, question_from
from conformance.runs.lines import Lines
from conformance.runs.options import add_options
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator

    from conformance.knowledge.grounding import Answer, Judged, Label, Question

OFFLINE = "offline"


@dataclass
class _Count:
    labels: Counter[str] = field(default_factory=Counter)
    made_up: int = 0
    unsure: int = 0
    unreadable: int = 0

    def add(self, judged: Judged) -> None:
        self.labels[judged.label] += 1
        self.unsure += judged.unsure
        self.made_up += judged.label in MADE_UP and not judged.unsure

    def exit_code(self) -> int:
        if self.unreadable:
            return UNUSABLE
        return FAILS if self.made_up else UNDECIDED if self.unsure else CONFORMS


class Row(NamedTuple):
    """A row with its verdict. With --judge: who decided (`offline`, or a target), and the label that the offline judge gave."""

    id: object
    question: Question
    answer: Answer
    judged: Judged
    by: str = ""
    offline: Label | None = None


def arguments(parser: ArgumentParser) -> None:
    """Add the file, the format, and who judges the rest."""
    parser.epilog = (
        "exit codes: 0 no answer is made up, 1 an answer is made up (FABRICATED, FABRICATED_LINKS) and the judge is sure,"
        " 2 no answer is surely made up and the judge is unsure of some, 3 the file or a line cannot be used (other lines"
        " are judged all the same); with --judge an answer that its target decides is no longer unsure"
    )
    parser.add_argument("file", metavar="FILE.jsonl", help="rows {id, prompt, url, context, response}")
    parser.add_argument(
        "--format", choices=("text", "jsonl"), default="text", help="jsonl has a line an answer (default text)"
    )
    parser.add_argument("--explain", action="store_true", help="show the reason sentence by sentence")
    second = "ask this target, yes or no, about answers that the offline judge is unsure of (sends prompt and answer to it; costs money)"
    parser.add_argument("--judge", metavar="TARGET", help=second)
    add_options(parser, "--max-requests", "--base-url", "--header", "--proxy", "--ca", "--providers")


def main(options: Namespace) -> int:
    """Judge every row of a file, print one line for each, and return the exit code.

    Raises:
        UnusableInputError: the file cannot be read, or holds no row; with --judge, its target cannot be asked.
    """
    path, count = Path(options.file), _Count()
    rows = _rows(path, count)
    if options.judge:
        rows = _second(options, rows)
    for row in rows:
        count.add(row.judged)
        if options.format == "jsonl":
            more = {"sentences": sentences(row.question, row.answer)} if options.explain else {}
            _show(json.dumps(line_of(row) | more))
        else:
            _show(_text(row))
            if options.explain:
                _show("\n".join(explained(row.question, row.answer, row.judged)))
    if not count.labels and not count.unreadable:
        raise UnusableInputError(
            "holds no row", where=path, remedy="one JSON object a line: {id, prompt, url, context, response}"
        )
    if options.format == "text" and count.labels:
        shown = ", ".join(f"{count.labels[label]} {label}" for label in LABELS if count.labels[label])
        print(f"\n{counted(sum(count.labels.values()), 'answer')}: {shown}; {count.unsure} unsure")
    return count.exit_code()


def _rows(path: Path, count: _Count) -> Iterator[Row]:
    for number, text in _lines(path):
        row, problem = _row(text)
        if row is None:
            count.unreadable += 1
            print(f"conformance: {path}:{number}: {problem}; see schemas/grounding-row.json", file=sys.stderr)
            continue
        question, answer = question_from(row), answer_from(row["response"])
        yield Row(row["id"], question, answer, judge(question, answer))


def _second(options: Namespace, judged: Iterable[Row]) -> Iterator[Row]:
    """Ask another target about the unsure rows, and yield every row in order. The plan goes to stderr."""
    # Clients and servers take time to import.
    from conformance.asking.second_opinion import check, opinions, settled  # noqa: PLC0415
    from conformance.runs.project import Project  # noqa: PLC0415
    from conformance.runs.settings import settings_from  # noqa: PLC0415

    project = Project.here()
    project.load_rules([])  # the project's probes may name them
    settings = settings_from({**vars(options), "live": True, "target": [options.judge]}, project)
    target = check(settings.targets)
    known = list(judged)
    unsure = [(row.question, row.answer) for row in known if row.judged.unsure]
    second = iter(opinions(target, unsure, settings=settings, say=Lines.on(sys.stderr)))
    for row in known:
        after = settled(row.judged, next(second), target.id) if row.judged.unsure else row.judged
        decided = row.judged.unsure and not after.unsure
        yield row._replace(judged=after, by=target.id if decided else OFFLINE, offline=row.judged.label)


def _show(text: str) -> None:
    print(text.encode("utf-8", "replace").decode())  # an answer may hold a lone surrogate


def line_of(row: Row) -> dict[str, Any]:
    """Return a verdict as a line of `--format jsonl` holds it (`schemas/grounding-line.json`)."""
    judged = row.judged
    line = {
        "id": row.id,
        "label": judged.label.value,
        "disclosed": judged.disclosed,
        "confidence": None if _elsewhere(row) else judged.confidence,
        "unsure": judged.unsure,
        "evidence": [span._asdict() for span in judged.evidence],
        "reasons": list(judged.reasons),
    }
    return line | {"judged_by": row.by, "offline_label": row.offline.value} if row.offline else line


def _elsewhere(row: Row) -> bool:
    return row.by not in {"", OFFLINE}


def _text(row: Row) -> str:
    judged, name = row.judged, str(row.id)
    if _elsewhere(row):
        return f"{judged.label:16} ?     {name}  {'; '.join(judged.reasons)} (offline: {row.offline})"
    sure = " unsure" if judged.unsure else ""
    shown = "; ".join(f"{span.cue} {' '.join(span.text.split())[:60]!r}" for span in judged.evidence[:3])
    left_open = f"; {judged.reasons[-1]}" if row.by and judged.unsure else ""  # why the other target left it open
    return f"{judged.label:16} {judged.confidence:.2f}{sure}  {name}  {shown or judged.reasons[0]}{left_open}"


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except OSError as error:
        remedy = "name a file of JSON lines"
        raise UnusableInputError(f"cannot be read: {error.strerror}", where=path, remedy=remedy) from error


def _row(text: bytes) -> tuple[dict[str, Any] | None, str]:
    try:
        row = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return None, f"not JSON: {error}"
    problem = explain("grounding-row", row)
    return (None, problem) if problem else (row, "")
