"""Why a result stands where it does in Allure: one cause a cell, its status, and the groups that Allure shows.

Allure knows five statuses and a cell seven verdicts. A label `cause` tells apart what shares a status, and the groups of Allure 3
match that label. Allure 2 matches statuses and messages only, so a group has both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from allure_commons.model2 import Status

from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

CAUSE: Final = "cause"
#: Pytest skips what is not known; Allure says it: unknown is no evidence of a provider, broken an answer that decides nothing.
STATUSES: Final = {
    Verdict.EMULATED: Status.UNKNOWN,
    Verdict.SKIP: Status.UNKNOWN,
    Verdict.INCONCLUSIVE: Status.BROKEN,
}
_SERVER: Final = r"\bstatus (?:429|5\d\d)\b"
_TRANSPORT: Final = r"\bthe connection (?:never answered|broke)|\bthe answer was "


class Group(NamedTuple):
    """A group of results: the cause in words, the status in Allure, and the message that Allure 2 knows it by."""

    cause: str
    status: str
    message: str = ""


_DEFECT: Final = Group("provider defect", Status.FAILED)
_KNOWN: Final = Group("known deviation", Status.SKIPPED, "known: ")
_SERVER_ERROR: Final = Group("persistent server error", Status.BROKEN, _SERVER)
_BROKE: Final = Group("transport", Status.BROKEN, _TRANSPORT)
_OPEN: Final = Group("no answer decides", Status.BROKEN, "inconclusive: ")
_EMULATED: Final = Group("emulated only: not known", Status.UNKNOWN, "emulated: ")
_NOT_RECORDED: Final = Group("not recorded", Status.UNKNOWN)
_SUITE: Final = "suite defect"
_OF_VERDICT: Final = {
    Verdict.FAIL: _DEFECT,
    Verdict.KNOWN: _KNOWN,
    Verdict.EMULATED: _EMULATED,
    Verdict.SKIP: _NOT_RECORDED,
}
GROUPS: Final = (_DEFECT, _KNOWN, _SERVER_ERROR, _BROKE, _OPEN, _EMULATED, _NOT_RECORDED)


def cause_of(verdict: Verdict, reason: str) -> str:
    """Return the cause of a cell's status in Allure; empty for a pass.

    Args:
        verdict: the cell's.
        reason: the sentence of the verdict.
    """
    if verdict is Verdict.INCONCLUSIVE:
        return next((group.cause for group in (_SERVER_ERROR, _BROKE) if re.search(group.message, reason)), _OPEN.cause)
    group = _OF_VERDICT.get(verdict)
    return group.cause if group else ""


def groups_of_allure_2() -> list[dict[str, Any]]:
    """Return `categories.json`: the first group that fits takes a result, and what fits none is a defect of the suite."""
    return [
        *(
            {"name": group.cause, "matchedStatuses": [group.status]}
            | ({"messageRegex": rf"[\s\S]*(?:{group.message})[\s\S]*"} if group.message else {})
            for group in GROUPS
        ),
        {"name": _SUITE, "matchedStatuses": [Status.BROKEN]},
    ]


def groups_of_allure_3() -> list[dict[str, Any]]:
    """Return the groups of Allure 3's configuration: matched by the label, so that no message has to be parsed again.

    A result that fails and has no cause is no cell's: a defect of the suite.
    """
    causes: Iterable[str] = (group.cause for group in GROUPS)
    named = [{"name": cause, "matchers": {"labels": {CAUSE: f"^{re.escape(cause)}$"}}} for cause in causes]
    return [*named, {"name": _SUITE, "matchers": {"statuses": [Status.FAILED, Status.BROKEN]}}]
