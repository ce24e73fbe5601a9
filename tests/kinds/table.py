"""All kinds, and what the rules make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Severity
from tests.kinds import (
    after_fifth_native,
    after_reports,
    after_reports_bodies,
    by_other_means,
    calls,
    errors,
    fifth_mended_texts,
    fifth_mended_tokens,
    members,
    texts,
    tokens,
    unseen,
    wholes,
)
from tests.mutation.judging import findings

if TYPE_CHECKING:
    from tests.kinds.kind import Kind
    from tests.mutation.wire import Conversation

ALL: list[Kind] = [
    *calls.KINDS,
    *tokens.KINDS,
    *members.KINDS,
    *errors.KINDS,
    *texts.KINDS,
    *wholes.KINDS,
    *by_other_means.KINDS,
    *after_reports.KINDS,
    *after_reports_bodies.KINDS,
    *unseen.KINDS,
    *after_fifth_native.KINDS,
    *fifth_mended_tokens.KINDS,
    *fifth_mended_texts.KINDS,
]


def flags(conversation: Conversation) -> set[str]:
    """Return the rules with a finding above a note."""
    return {finding.rule for finding in findings(conversation) if finding.severity is not Severity.NOTE}


def names(item: Kind, conversation: Conversation) -> bool:
    """Whether a rule of the kind names the defect of a conversation."""
    return bool(item.rules & flags(conversation))


def false_alarms(conversation: Conversation) -> list[str]:
    """Return the findings above a note of a legal conversation."""
    return [
        f"{finding.rule}: {finding.message[:120]}"
        for finding in findings(conversation)
        if finding.severity is not Severity.NOTE
    ]
