"""An audit by four rules of our own, and the rows that it reads."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.providers import Deviation, Provider
from conformance.rules.table import Finding, Rule, Severity
from conformance.runs.audit import audit
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case, Session

AS_OF = date(2026, 11, 21)
URL = "https://api.mine.example/v1/chat/completions"
DEVIATION = Deviation("content.bad", "it says bad", "https://docs.mine.example", date(2026, 12, 31))
MINE = Provider(
    "mine", Path("mine.toml"), base_url="https://api.mine.example/v1", dialect="openai-chat", deviations=(DEVIATION,)
)
OTHER = Provider("other", Path("other.toml"), base_url="https://api.other.example/v1", dialect="openai-chat")
BASE = Provider("base", Path("base.toml"), abstract=True)
PROVIDERS = {each.name: each for each in (MINE, OTHER, BASE)}


def answered(case: Case) -> Case:
    return case


def bad(case: Case) -> Iterator[Finding]:
    if b"bad" in case.exchange.response.body:  # type: ignore[union-attr]
        yield Finding("/choices/0", "is 'bad'", "good", 3)


def odd(case: Case) -> Iterator[Finding]:
    if b"odd" in case.exchange.response.body:  # type: ignore[union-attr]
        yield Finding("", "is odd: key gsk_0123456789abcdefghijABCDEFGHIJ\nand \ud800", "even")


def crash(case: Case) -> None:
    if b"crash" in case.exchange.response.body:  # type: ignore[union-attr]
        raise ZeroDivisionError("by zero")


def several(session: Session) -> Session | None:
    return session if len(session.cases) > 1 else None


def count(session: Session) -> Iterator[Finding]:
    yield Finding("", f"has {len(session.cases)}", "one")


TABLE = [
    Rule("content.bad", answered, bad, Severity.ERROR, "s"),
    Rule("content.odd", answered, odd, Severity.WARNING, "s"),
    Rule("content.crash", answered, crash, Severity.ERROR, "s"),
    Rule("stream.several", several, count, Severity.NOTE, "s", over_session=True),
]


def row(body: str | None = "good", **fields: object) -> dict[str, Any]:
    request = {"method": "POST", "url": fields.pop("url", URL), "body": {"model": "m", "stream": True}}
    response = {"status": 200, "headers": {}, "body": body} if body is not None else None
    return {"request": request, "response": response, **fields}


def rows(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def run(*paths: Path, **options: object) -> tuple[int, str]:
    out = io.StringIO()
    known: dict[str, Any] = {"fail_on": Severity.ERROR, "as_of": AS_OF, "providers": PROVIDERS, "out": out, **options}
    return audit(paths, **known), out.getvalue()


def judged(*paths: Path, **options: object) -> tuple[int, list[dict[str, Any]]]:
    code, text = run(*paths, format="jsonl", **options)
    lines = [json.loads(line) for line in text.splitlines()]
    assert [explain("audit-line", line) for line in lines] == [None] * len(lines)
    return code, lines
