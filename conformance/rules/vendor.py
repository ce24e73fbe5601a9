"""Documented extensions of single vendors: additive, but of one type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Severity, rule
from conformance.rules.views.chat import answer
from conformance.wire.dialects.families import CHAT

if TYPE_CHECKING:
    from conformance.rules.views.chat import Answer


@rule(
    "vendor.extension_schema",
    over=answer,
    dialects=CHAT,
    severity=Severity.WARNING,
    source="openrouter 1.3.84, groq 1.7.0 and cerebras 1.91.0 types; llama.cpp server README (read 2026-11-21)",
    breaks="typed vendor SDKs refuse the body",
    example='{"message": {...}, "native_finish_reason": null}',
    by_schema=True,
)
def extension_schema(answer: Answer) -> None:
    """A vendor's documented extension field has its documented type."""
