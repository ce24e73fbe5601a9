"""The report: index.html with the three questions, one page for each target and each rule. No page loads anything."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from conformance.errors import command
from conformance.knowledge.clients import hit_by
from conformance.knowledge.field import FieldRecord
from conformance.knowledge.field.words import sentence
from conformance.recording.files import write_whole
from conformance.report.glance import clients_map, field_map
from conformance.report.headline import sentences, standings
from conformance.report.history import FOLDER, capability_shares, changes_since, keep, shares
from conformance.report.markup import environment, file_of
from conformance.report.matrix import LOOKS, lines_of, subjects_of
from conformance.report.next_steps import next_steps
from conformance.report.plots.trend import trend
from conformance.report.reliance import ORDER, Answer, answer, reliances
from conformance.report.rules_page import judged_over
from conformance.report.summary import notes
from conformance.rules.capability import capability_of
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.knowledge.field import Entry
    from conformance.report.matrix import Line, Square
    from conformance.report.plots.svg import Plot

#: Where index.html links Allure's page, once that is built: it comes later than this page, or never.
ALLURE_LINK: Final = "<!-- Allure report -->"
TARGETS: Final = "targets"
RULES: Final = "rules"


@dataclass(frozen=True)
class Group:
    """One capability on a target's page: the answer, the squares of its subjects, and the field evidence in words."""

    answer: Answer
    squares: Sequence[Square]
    field: str

    @property
    def words(self) -> str:
        """The answer in words; an emulated capability has none, because nobody can rely on it."""
        emulated = sum(cell["verdict"] == Verdict.EMULATED for cell in self.answer.cells)
        return f"{emulated} only emulated" if emulated == len(self.answer.cells) else self.answer.words


def write_site(
    results: Mapping[str, Any],
    folder: Path,
    *,
    latency: Mapping[str, Sequence[Plot]] = MappingProxyType({}),
    field: FieldRecord | None = None,
    keys: Callable[[str], tuple[str, str, str]] | None = None,
) -> Path:
    """Write the pages and the run's ledger; each file whole or not at all.

    Args:
        results: a run, as `schemas/results.json` has it.
        folder: the folder of reports.
        latency: plots by target, of those that were timed.
        field: the field record.
        keys: splits a target's id into provider, model and dialect, as the field record has them; None shows no field evidence.

    Returns:
        The path of index.html.

    Raises:
        UnusableInputError: a file cannot be written, or a ledger of the history cannot be read.
    """
    known = _Field(field or FieldRecord(), keys)
    history = folder / FOLDER
    changes = changes_since(results, history)
    keep(results, history)
    lines = lines_of(results, known.of_rule)
    for name in (TARGETS, RULES):  # a page of an earlier run would be taken for one of this
        shutil.rmtree(folder / name, ignore_errors=True)
    believed = set(standings(results).get("emulated", ()))
    for line in lines:
        _write_target(folder, line, results, known, believed=line.target in believed)
    _write_rules(folder, lines)
    page = folder / "index.html"
    write_whole(
        page,
        _index(
            results,
            lines,
            believed,
            changes,
            known,
            latency,
            (trend(shares(history)), trend(capability_shares(history))),
        ),
    )
    return page


def link_allure(page: Path, allure: str) -> None:
    """Link the Allure page from index.html, now that there is one.

    Args:
        page: index.html; without it, nothing is done.
        allure: where the Allure page is, seen from `page`.

    Raises:
        UnusableInputError: the page cannot be written.
    """
    if page.is_file():
        link = f'<a href="{escape(allure)}">Allure report</a>'
        write_whole(page, page.read_text("utf-8").replace(ALLURE_LINK, link, 1))


class _Field:
    """The field record by a target's id."""

    def __init__(self, record: FieldRecord, keys: Callable[[str], tuple[str, str, str]] | None) -> None:
        self._record = record
        self._keys = keys

    def entry(self, target: str, rule: str) -> Entry | None:
        if self._keys is None:
            return None
        provider, model, dialect = self._keys(target)
        return self._record.get(provider, dialect, rule, model)

    def of_rule(self, target: str, rule: str) -> str:
        entry = self.entry(target, rule)
        return sentence(entry) if entry is not None and entry.with_finding else ""

    def of_capability(self, target: str, name: str) -> str:
        entry = self.entry(target, name)
        return sentence(entry) if entry is not None else ""

    @property
    def plots(self) -> list[Plot]:
        """The client matrix and the record as heat maps."""
        return [plot for plot in (clients_map(), field_map(self._record)) if plot is not None]

    def row(self, target: str) -> dict[str, Entry]:
        return {name: entry for name in ORDER if (entry := self.entry(target, name)) is not None}


def _index(  # noqa: PLR0917 - every part of the page
    results: Mapping[str, Any],
    lines: Sequence[Line],
    believed: set[str],
    changes: object,
    known: _Field,
    latency: Mapping[str, Sequence[Plot]],
    conformance: Sequence[Plot | None],
) -> str:
    relied = reliances(results)
    asked = {item.capability for reliance in relied for item in reliance.answers if item.cells}
    fielded = {target: row for target in results["targets"] if target in believed and (row := known.row(target))}
    judged = [line for line in lines if line.target not in believed]
    wanted = (Verdict.FAIL, Verdict.INCONCLUSIVE)
    names = [name for name in ORDER if name in asked]
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            results=results,
            allure_link=Markup(ALLURE_LINK),  # noqa: S704 - our own comment
            sentences=sentences(results),
            notes=notes(results),
            reliances=relied,
            capabilities=names or list(ORDER),
            changes=changes,
            trends=[_svg(plot) for plot in conformance if plot is not None],
            glance=[_svg(plot) for plot in known.plots],
            steps=next_steps(results),
            failures=[
                row for verdict in wanted for line in judged for row in line.total.rows if row.verdict is verdict
            ],
            latency={target: [_svg(plot) for plot in plots] for target, plots in latency.items()},
            looks=LOOKS,
            subjects=subjects_of(results),
            judged=judged,
            believed=[line for line in lines if line.target in believed],
            field=fielded,
            fielded=len(fielded),
            keywords=list(dict.fromkeys(keyword for states in results["keywords"].values() for keyword in states)),
        )
    )


def _write_target(folder: Path, line: Line, results: Mapping[str, Any], known: _Field, *, believed: bool) -> None:
    text = (
        environment()
        .get_template("target.html.j2")
        .render(
            results=results,
            line=line,
            looks=LOOKS,
            groups=list(_groups(line, known)),
            believed=believed,
            record=command("record", line.target),
        )
    )
    write_whole(folder / TARGETS / file_of(line.target), text)


def _groups(line: Line, known: _Field) -> Iterator[Group]:
    for name in ORDER:
        squares = [
            replace(square, rows=[row for row in square.rows if capability_of(row.cell["rule"]) == name])
            for square in line.squares
        ]
        squares = [square for square in squares if square.rows]
        cells = [row.cell for square in squares for row in square.rows]
        if cells:
            yield Group(answer(name, cells), squares, known.of_capability(line.target, name))


def _write_rules(folder: Path, lines: Sequence[Line]) -> None:
    template = environment().get_template("rule.html.j2")
    rows = [row for line in lines for row in line.total.rows]
    for rule in {row.rule.id: row.rule for row in rows if row.rule is not None}.values():
        own = [row for verdict in LOOKS for row in rows if row.rule is rule and row.verdict is verdict]
        clients = ", ".join(f"{name} ({word})" for name, word in hit_by(rule.id).items())
        text = template.render(rule=rule, rows=own, looks=LOOKS, over=judged_over(rule), clients=clients)
        write_whole(folder / RULES / f"{rule.id}.html", text)


def _svg(plot: Plot | None) -> Markup | None:
    return Markup(plot.svg) if plot is not None else None  # noqa: S704 - our own SVG
