"""Kinds whose variants were written blind: before any rule was changed for them, by one who had not read the rules."""

from __future__ import annotations

from tests.kinds import (
    unseen_again,
    unseen_alarms,
    unseen_calls,
    unseen_errors,
    unseen_members,
    unseen_texts,
    unseen_tokens,
)

KINDS = [
    *unseen_calls.KINDS,
    *unseen_tokens.KINDS,
    *unseen_members.KINDS,
    *unseen_errors.KINDS,
    *unseen_texts.KINDS,
    *unseen_alarms.KINDS,
    *unseen_again.KINDS,
]
