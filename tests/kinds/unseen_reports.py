"""Unseen a third time: real reports from public trackers, each written as an exchange before anybody looked at the rules.

No report of these stands in the development sets. The set was frozen before it was run. The figures stand in `unseen.py`.
"""

from __future__ import annotations

from tests.kinds import (
    unseen_reports_answers,
    unseen_reports_chat,
    unseen_reports_errors,
    unseen_reports_native,
    unseen_reports_rest,
    unseen_reports_streams,
)

KINDS = [
    *unseen_reports_chat.KINDS,
    *unseen_reports_answers.KINDS,
    *unseen_reports_streams.KINDS,
    *unseen_reports_native.KINDS,
    *unseen_reports_errors.KINDS,
    *unseen_reports_rest.KINDS,
]
