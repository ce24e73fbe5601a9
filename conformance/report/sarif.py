"""SARIF 2.1.0, for code scanning pages (OASIS standard, docs.oasis-open.org/sarif/sarif/v2.1.0, read 2026-11-28)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import quote

from conformance import __version__
from conformance.recording.redaction import redact_text
from conformance.rules.table import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Level: TypeAlias = Literal["error", "warning", "note"]

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_VERSION: Final = "2.1.0"


@dataclass(frozen=True)
class Alert:
    """One result.

    Args:
        rule: the id of the rule, or of the check (`model.retired`).
        level: the weight.
        message: one sentence; secrets are taken out.
        file: the file that the alert points at, relative to the repository.
        line: the line in it, from 1; None for the whole file.
        key: what stays the same when the file changes: the page counts alerts with one key as one.
    """

    rule: str
    level: Level
    message: str
    file: str
    line: int | None = None
    key: str = ""


def as_sarif(alerts: Iterable[Alert], *, about: dict[str, str] | None = None) -> str:
    """Return the alerts as a SARIF log.

    Args:
        alerts: what was found.
        about: sentences for checks that are no rules of the table, by id.
    """
    results = list(alerts)
    names = list(dict.fromkeys(alert.rule for alert in results))
    run = {
        "tool": {
            "driver": {
                "name": "llm-provider-conformance",
                "version": __version__,
                "rules": [_rule(name, (about or {}).get(name, "")) for name in names],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(alert, names) for alert in results],
    }
    return json.dumps({"$schema": _SCHEMA, "version": _VERSION, "runs": [run]}, indent=1)


def _rule(name: str, sentence: str) -> dict[str, Any]:
    rule = RULES.get(name)
    text = rule.sentence if rule else sentence or name
    help_text = f"{text} Source: {rule.source}" if rule else text
    return {
        "id": name,
        "shortDescription": {"text": text},
        "help": {"text": help_text},
        **({"defaultConfiguration": {"level": rule.severity.value}} if rule else {}),
    }


def _result(alert: Alert, names: Sequence[str]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(alert.file.replace("\\", "/"))}}
    if alert.line is not None:
        place["region"] = {"startLine": alert.line}
    return {
        "ruleId": alert.rule,
        "ruleIndex": names.index(alert.rule),
        "level": alert.level,
        "message": {"text": redact_text(alert.message)},
        "locations": [{"physicalLocation": place}],
        **({"partialFingerprints": {"conformance/v1": alert.key}} if alert.key else {}),
    }
