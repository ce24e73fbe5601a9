"""A step becomes a request: for one target, after the exchanges that came before it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance.probes.asks import read_ask
from conformance.probes.placeholders import ConversationEndError, answer_id, fill_in
from conformance.probes.probe import FIRST_ID, OWN_PATH
from conformance.wire.dialects import dialect_named
from conformance.wire.dialects.ask import Ask, Composed, NotSayable
from conformance.wire.exchange import Request
from conformance.wire.form import FORM, File, write_form
from conformance.wire.sentinels import INVALID_KEY
from conformance.wire.sound import wav

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.probes.probe import Step
    from conformance.providers import Target
    from conformance.wire.case import Case

#: A reasoning model thinks before its first word, and `max_tokens` counts that: without room for it every answer is empty.
REASONING_TOKENS = 1024
_JSON = "application/json"  # what a step is labelled as that says nothing of it
_SEED = 7


def build_request(
    step: Step,
    target: Target,
    base_url: str,
    auth: Mapping[str, str],
    previous: Sequence[Case] = (),
) -> Request | str:
    """Return the request of a step, or the reason why the conversation ends before it.

    Args:
        step: the step to ask.
        target: the target: its model, its context, the parameters that it takes.
        base_url: of the provider, or of a local server in its place.
        auth: the header that carries the key, for steps that send it.
        previous: the cases of the steps before this one, one each: the last attempt where there were retries.
    """
    try:
        composed = _composed(step, target, previous)
        if FIRST_ID in step.path and not isinstance(composed, NotSayable):
            if not previous:
                return "the first step was not asked"
            composed = composed._replace(path=composed.path.replace(FIRST_ID, quote(answer_id(previous[0]), safe="")))
    except ConversationEndError as end:
        return str(end)
    if isinstance(composed, NotSayable):
        return f"{target.dialect} {composed.reason}"
    if target.hosting is not None:
        hosted = target.hosting.carried(composed)
        composed = hosted if OWN_PATH in step.path else hosted._replace(path=composed.path)
    headers = {"accept": "application/json", "user-agent": _agent()}
    body = (step.raw_body or "").encode()
    if composed.method == "POST":
        headers["content-type"] = step.content_type
    if composed.body is not None:
        label, body = _encoded(composed)
        headers |= {"content-type": label} if step.content_type == _JSON else {}
    for given in (target.headers, _auth(step, target, auth)):
        headers.update({name.lower(): value for name, value in given.items()})
    path = composed.path.replace("{model}", quote(target.model, safe="/:@"))
    return Request(composed.method, f"{base_url.rstrip('/')}/{path}", headers, body)


@cache
def _agent() -> str:
    """Return our name with the installed version. To read that takes longer than to compose a request."""
    return f"llm-provider-conformance/{version('llm-provider-conformance')}"


def _encoded(composed: Composed) -> tuple[str, bytes]:
    """Return the content type and the bytes of a body. In a form, `{$wav: ...}` is a sound and `{$file: text}` a file of that text."""
    body = composed.body or {}
    if composed.media == FORM:
        return write_form({name: _file(value) for name, value in body.items()})
    return composed.media, json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _file(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict) and "$wav" in value:
        how = value["$wav"]
        return File("sound.wav", "audio/wav", wav(how["seconds"], tuple(how["tones"])))
    if isinstance(value, dict) and "$file" in value:
        return File("notes.txt", "text/plain", value["$file"].encode())
    return value


def _auth(step: Step, target: Target, auth: Mapping[str, str]) -> Mapping[str, str]:
    if step.auth == "key":
        return auth
    how = target.auth
    if step.auth == "none" or how is None:
        return {}
    return {how.header: f"{how.scheme} {INVALID_KEY}".strip()}


def _composed(step: Step, target: Target, previous: Sequence[Case]) -> Composed | NotSayable:
    if step.asked is not None:
        return _composed_ask(step, target, previous)
    composed = step.composed(target.dialect)
    if isinstance(composed, NotSayable) or step.body is None:
        return composed
    usual = dialect_named(target.dialect).compose(Ask(), target.model)
    addressed = isinstance(usual, Composed) and "model" not in (usual.body or {})  # the path names the model
    body: dict[str, Any] = {"model": target.model, **fill_in(step.body, target, previous)}
    if body["model"] is None or addressed:
        del body["model"]
    refused = target.unsupported_params
    limit = next((name for name in dialect_named(target.dialect).limits if name not in refused), None)
    if step.limited_by_us and step.max_output is not None and limit is not None:
        *within, last = limit.split(".")
        holder = body
        for name in within:
            holder = holder.setdefault(name, {})
        holder[last] = _room(step, target)
    if step.greedy:
        if "temperature" not in refused:
            body.setdefault("temperature", 0)
        if "seed" in target.capabilities and "seed" not in refused:
            body.setdefault("seed", _SEED)
    return composed._replace(body=body)


def _composed_ask(step: Step, target: Target, previous: Sequence[Case]) -> Composed | NotSayable:
    """Return what is asked in the target's dialect, with the limit and the sampling that the step leaves to us."""
    dialect, refused = dialect_named(target.dialect), target.unsupported_params
    assert step.ask is not None  # noqa: S101 - the caller looked
    ask = step.ask if isinstance(step.ask, Ask) else read_ask(fill_in(step.ask, target, previous))
    if step.limited_by_us and step.max_output is not None and dialect.limits:
        ask = replace(ask, max_tokens=_room(step, target))
    if step.greedy:
        if ask.temperature is None and "temperature" not in refused:
            ask = replace(ask, temperature=0)
        known = "seed" in target.capabilities and "seed" not in refused
        if ask.seed is None and known and isinstance(dialect.compose(Ask(seed=_SEED), None), Composed):
            ask = replace(ask, seed=_SEED)
    # A limit that the probe is about keeps its usual name: a target that does not take that is not asked.
    composed = dialect.compose(ask, target.model, refused if step.limited_by_us else frozenset())
    if isinstance(composed, NotSayable):
        return composed
    return composed._replace(path=step.path.replace(OWN_PATH, composed.path))


def _room(step: Step, target: Target) -> int:
    return (step.max_output or 0) + (REASONING_TOKENS if "reasoning" in target.capabilities else 0)
