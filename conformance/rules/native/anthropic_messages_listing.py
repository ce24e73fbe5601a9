"""Anthropic's listing of models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Severity, rule
from conformance.rules.views.model import listing
from conformance.wire.dialects.families import MESSAGES

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import Reply


@rule(
    "anthropic.listing_shape",
    over=listing,
    dialects=MESSAGES,
    when_seen="a listing of models for a client that sends anthropic-version, or in Anthropic's form",
    severity=Severity.ERROR,
    source="https://docs.anthropic.com/en/api/models-list (read 2026-11-29); anthropic 2.11.0 types/model_info.py, pagination.py",
    breaks="pickers of models show none, or entries without a name; typed clients refuse the page",
    example='{"object": "list", "data": [{"id": "m", "object": "model", "created": 1750000000, "owned_by": "a"}]}',
    conforming='{"data": [{"type": "model", "id": "m", "display_name": "M", "created_at": "2026-02-01T00:00:00Z"}], "has_more": false}',
    by_schema=True,
)
def listing_shape(reply: Reply) -> None:
    """A page of models has `data` and `has_more`; a model has its type, id, display_name and created_at, an RFC 3339 instant.

    A request that sends anthropic-version asks for this form, for a gateway that has two.
    """
