"""Exchanges as others' recorders keep them, and the rules that a session of them breaks."""

from __future__ import annotations

from typing import Any

from conformance.rules.judging import judge, judge_session
from conformance.wire.case import Case, Session
from conformance.wire.exchange import Exchange, Request, Response, as_body

CHAT = "https://provider.example/v1/chat/completions"


def exchanged(name: str, url: str, request: Any, answer: Any, status: int = 200, *, method: str = "POST") -> Exchange:
    """Return an imported exchange; a request or an answer that is no bytes is JSON."""
    body = request if isinstance(request, bytes) else as_body(request)
    headers = {"content-type": "application/json"}
    return Exchange(
        id=name,
        request=Request(method, url, headers, body),
        response=Response(status, headers, as_body(answer)),
        evidence="imported",
    )


def rules_of(*exchanges: Exchange) -> set[str]:
    """Return the rules that exchanges of one session break."""
    cases = tuple(map(Case, exchanges))
    found = [finding for case in cases for finding in judge(case).findings]
    return {finding.rule for finding in [*found, *judge_session(Session(cases)).findings]}
