"""Unseen a fifth time: reports on chat and completions from public trackers, and look-alikes.

Each was written before anybody looked at the rules.
"""

from __future__ import annotations

from tests.kinds import (
    unseen_fifth_chat_answers,
    unseen_fifth_chat_calls,
    unseen_fifth_chat_legal,
    unseen_fifth_chat_rest,
    unseen_fifth_chat_streams,
)

REPORTS = {
    **unseen_fifth_chat_calls.REPORTS,
    **unseen_fifth_chat_streams.REPORTS,
    **unseen_fifth_chat_answers.REPORTS,
    **unseen_fifth_chat_rest.REPORTS,
}
LEGAL = unseen_fifth_chat_legal.LEGAL
