"""Models: the one that answered, and the listing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.registry import Finding, Severity, rule, shown
from conformance.views.model import Echo, echo, listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.dialects.reply import Reply

_MODELS = "https://platform.openai.com/docs/api-reference/models"


@rule(
    "model.echo_served",
    over=echo,
    severity=Severity.WARNING,
    source="https://platform.openai.com/docs/api-reference/chat/object#chat/object-model (read 2026-11-21)",
    breaks="nothing: another model answers than the one that was paid for",
    example='asked for "not-a-model", answered by "llama3.2:1b"',
)
def echo_served(found: Echo) -> Iterator[Finding]:
    """`model` names the model that was asked for, a dated snapshot of it, or an alias that shares its name.

    Two names are kin when the letters and digits of one begin or end with the other's, or when they share their first word and
    half of the rest. A silent substitution within a family is not seen.
    """
    if not found.kin:
        yield Finding("/model", shown(found.served), f"{found.asked!r}, or a snapshot of it", found.event)


@rule(
    "model.list_envelope",
    over=listing,
    severity=Severity.ERROR,
    source=f"{_MODELS}/list (read 2026-11-21)",
    breaks="openai-python 3.52.0: client.models.list() is empty, or raises",
    example='[{"id": "m"}]',
    by_schema=True,
)
def list_envelope(reply: Reply) -> None:
    """/models answers {object: "list", data: [...]}, each model with a non-empty id."""


@rule(
    "model.fields",
    over=listing,
    severity=Severity.WARNING,
    source=f"{_MODELS}/object (read 2026-11-21)",
    breaks="typed clients refuse the listing; sorting by date puts the model in 1970",
    example='{"id": "m", "created": 0}',
    by_schema=True,
)
def fields(reply: Reply) -> None:
    """A listed model has object 'model', created in Unix seconds, and owned_by."""
