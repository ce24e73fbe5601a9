"""The requests that each provider refuses: every documented refusal beside the answer of the emulator, as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.emulator.documented_refusals import differences, documented_refusals, emulated_answer
from conformance.report.errors_pages import cell, link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.emulator.documented_refusals import Answer, DocumentedRefusal
    from conformance.providers import Provider

_HEAD: Final = """\
## Refused requests: documented beside emulated

Each row is one request that a provider refuses. *Provider* is its answer as it was recorded, reported or documented (`how`), *emulated* is
the answer of our emulator to the same request: status, form of the body, type, code and param, `-` where a member is null or absent.
*Differs* names the members that are not equal. The requests and sources stand in `conformance/emulator/documented_refusals.toml`.

{count} refusals of {providers} providers are documented; {unlike} of the emulated answers differ{explained}.
"""


@dataclass(frozen=True)
class RefusalRow:
    """One documented refusal, the emulator's answer, and the members in which they differ."""

    refusal: DocumentedRefusal
    emulated: Answer
    differs: tuple[str, ...]


def refusal_rows(providers: Mapping[str, Provider]) -> list[RefusalRow]:
    """Return a row for each documented refusal of some providers, in the order of the providers."""
    listed = [refusal for name in providers for refusal in documented_refusals() if refusal.provider == name]
    rows = []
    for refusal in listed:
        emulated, _ = emulated_answer(refusal, providers[refusal.provider])
        rows.append(RefusalRow(refusal, emulated, tuple(differences(refusal.answer, emulated))))
    return rows


def refusals_as_markdown(rows: Sequence[RefusalRow]) -> str:
    """Return the section of docs/errors.md; empty where nothing is documented."""
    if not rows:
        return ""
    unlike = [row for row in rows if row.differs]
    explained = f", {sum(bool(row.refusal.explained) for row in unlike)} of them explained" if unlike else ""
    names = list(dict.fromkeys(row.refusal.provider for row in rows))
    head = _HEAD.format(count=len(rows), providers=len(names), unlike=len(unlike), explained=explained)
    return "\n".join(
        [head, *(_provider(name, [row for row in rows if row.refusal.provider == name]) for name in names)]
    )


def _provider(name: str, rows: Iterable[RefusalRow]) -> str:
    lines = [
        f"### {name} refuses\n",
        "| request | provider | emulated | differs | message of the provider | how |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        refusal = row.refusal
        asked = refusal.asked + (f" ({refusal.model})" if refusal.model else "")
        differs = ", ".join(row.differs) + (f": {refusal.explained}" if refusal.explained else "") or "no"
        cells = [
            cell(asked), _shown(refusal.answer), _shown(row.emulated), cell(differs), cell(refusal.message),
            f"{refusal.how}, {link(refusal.source)}",
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _shown(answer: Answer) -> str:
    parts = (answer.status, answer.envelope, answer.type, answer.code, answer.param)
    return "`" + " / ".join("-" if part is None else str(part).replace("|", "/") for part in parts) + "`"
