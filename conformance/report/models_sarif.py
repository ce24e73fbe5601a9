"""A scan for model names as SARIF: each place that names a model which is retired, or retires soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.report.sarif import Alert, Level, as_sarif

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.knowledge.lifecycle.report import Report

_LEVELS: Final[dict[str, tuple[str, Level]]] = {
    "fail": ("model.retired", "error"),
    "warn": ("model.retires_soon", "warning"),
}
_ABOUT: Final = {
    "model.retired": "The code names a model that is retired or retires within days.",
    "model.retires_soon": "The code names a model that retires soon, or may mean one.",
}


def models_sarif(report: Report) -> str:
    """Return the places of a scan as a SARIF log. Rows without a place (targets that were asked for by name) have no alert."""
    return as_sarif(_alerts(report), about=_ABOUT)


def _alerts(report: Report) -> Iterator[Alert]:
    for row in report.rows:
        if (verdict := report.verdict(row)) not in _LEVELS:
            continue
        rule, level = _LEVELS[verdict]
        instead = " or ".join(report.replacement(row))
        message = f"{row.model} ({', '.join(row.providers) or 'provider not known'}): {row.words}"
        message += f"; in its place: {instead}" if instead else ""
        for file, line in row.places:
            yield Alert(rule, level, message, file, line, key=f"{row.model} {file}")
