"""A step becomes a request: for one target, after the exchanges that came before it."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance.decoys import INVALID_KEY
from conformance.exchange import Request
from conformance.probes.placeholders import ConversationEndError, fill_in
from conformance.probes.probe import LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.exchange import Exchange
    from conformance.probes.probe import Step
    from conformance.providers import Target

#: A reasoning model thinks before its first word, and `max_tokens` counts that: without room for it every answer is empty.
REASONING_TOKENS = 1024
_SEED = 7


def build_request(
    step: Step,
    target: Target,
    base_url: str,
    auth: Mapping[str, str],
    previous: Sequence[Exchange] = (),
) -> Request | str:
    """Return the request of a step, or the reason why the conversation ends before it.

    Args:
        step: what to ask.
        target: whom: its model, its context, the parameters that it takes.
        base_url: of the provider, or of a local server in its place.
        auth: the header that carries the key, for steps that send it.
        previous: the exchanges of the steps before this one, one each: the last attempt where there were retries.
    """
    try:
        body = _body(step, target, previous)
    except ConversationEndError as end:
        return str(end)
    headers = {
        "accept": "application/json",
        "user-agent": f"llm-provider-conformance/{version('llm-provider-conformance')}",
    }
    if step.method == "POST":
        headers["content-type"] = step.content_type
    for given in (target.provider.headers, _auth(step, target, auth)):
        headers.update({name.lower(): value for name, value in given.items()})
    path = step.path.replace("{model}", quote(target.model, safe="/:@"))
    return Request(step.method, f"{base_url.rstrip('/')}/{path}", headers, body)


def _auth(step: Step, target: Target, auth: Mapping[str, str]) -> Mapping[str, str]:
    if step.auth == "key":
        return auth
    how = target.provider.auth
    if step.auth == "none" or how is None:
        return {}
    return {how.header: f"{how.scheme} {INVALID_KEY}".strip()}


def _body(step: Step, target: Target, previous: Sequence[Exchange]) -> bytes:
    if step.body is None:
        return (step.raw_body or "").encode()
    body: dict[str, Any] = {"model": target.model, **fill_in(step.body, target, previous)}
    if body["model"] is None:
        del body["model"]
    refused = target.unsupported_params
    limit = next((name for name in LIMITS if name not in refused), None)
    if step.limited_by_us and step.max_output is not None and limit is not None:
        body[limit] = step.max_output + (REASONING_TOKENS if "reasoning" in target.capabilities else 0)
    if step.greedy:
        if "temperature" not in refused:
            body.setdefault("temperature", 0)
        if "seed" in target.capabilities and "seed" not in refused:
            body.setdefault("seed", _SEED)
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
