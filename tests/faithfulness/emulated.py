"""The emulator's answers to what was really asked of a provider, to our own probes, and to what makes it fail.

A model that the TOML does not list is asked all the same, as if it were listed: with the provider's capabilities, with eyes,
and with reasoning and logprobs where real answers of that model show them. Real requests that failed are not asked again: why they
failed does not show.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.emulator.app import Emulator
from conformance.emulator.dress.context import answer_context
from conformance.emulator.dress.refusals import refused, stream_error
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.response import Streamed, as_bytes
from conformance.probes import build_request, load_probes
from conformance.providers import Model, Target
from conformance.providers.keys import auth_headers
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.sentinels import INVALID_KEY
from tests.faithfulness.sample import samples
from tests.faithfulness.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.emulator.response import Answered
    from conformance.providers import Provider
    from tests.faithfulness.sample import Sample

#: Reading them takes longer than asking them.
_probes = cache(load_probes)
_KEY = "sk-conformance-emulated"
_NOW = 1_795_000_000.0  # Unix seconds, 2026-11
#: Ours, or the answering server's, and no part of what a provider sends.
_NOT_COMPARED = frozenset({"x-conformance-evidence", "content-length"})
#: Paths of strings that only an answer with the capability has.
_SIGNS = {
    "reasoning": re.compile(r"\.(?:reasoning|reasoning_content)$|\.thinking\[\]"),
    "logprobs": re.compile(r"\.logprobs\.content\[\]"),
}


def emulated_samples(provider: Provider, real: Sequence[Sample]) -> list[Sample]:
    """Return what the emulator answers. An answer to a real request has the id of the real exchange."""
    return list(samples((*_replayed(provider, real), *_probed(provider), *_failed(provider))))


def refused_requests(real: Sequence[Sample], emulated: Sequence[Sample]) -> list[tuple[str, str]]:
    """Return (id, what was said) of every request that the provider answered and the emulator refused."""
    answered = {each.exchange.id for each in real if each.kind != "error"}
    refusals = (each for each in emulated if each.kind == "error" and each.exchange.id in answered)
    return [(each.exchange.id, json.dumps(each.documents[0])) for each in refusals]


def _replayed(provider: Provider, real: Sequence[Sample]) -> Iterator[Exchange]:
    shown = _shown_capabilities(real)
    for sample in real:
        asked = sample.exchange.request.json
        if sample.kind in {"completion", "stream"} and isinstance(asked.get("model"), str):
            target = _as_listed(provider, asked["model"], shown[asked["model"]])
            yield _ask(target, "POST", "chat/completions", asked, sample.exchange.id)


def _probed(provider: Provider) -> Iterator[Exchange]:
    for model in provider.default_models:
        target = Target(provider, model, provider.dialect)
        emulator = Emulator(target, clock=lambda: _NOW)
        for probe in _probes().values():
            if probe.unsayable(target.dialect) or not target.capabilities.issuperset(probe.needs):
                continue
            previous: list[Case] = []
            for step in probe.steps:
                request = build_request(step, target, target.base_url, auth_headers(target, _KEY), previous)
                if isinstance(request, str):
                    break
                previous.append(Case(_exchange(request, emulator.answer(request), f"{probe.name}#{len(previous)}")))
            yield from (case.exchange for case in previous)
        yield _ask(target, "GET", "models", None, "models")


def _failed(provider: Provider) -> Iterator[Exchange]:
    """Yield every case of the TOML once, and a failure amid a stream."""
    target = Target(provider, next(iter(provider.default_models or provider.models)), provider.dialect)
    request = _request(target, "POST", "chat/completions", {"model": target.model, "messages": []}, _KEY)
    for number, when in enumerate(
        dict.fromkeys(each.when for each in provider.errors.cases if each.dialect in {None, target.dialect})
    ):
        found = answer_context(target, request, seed=number, turn=0, now=_NOW)
        yield _exchange(request, as_bytes(refused(found, Refusal(when, "It failed."))), when)
    found = answer_context(target, request, seed=0, turn=0, now=_NOW)
    broken = Streamed(
        {"content-type": provider.stream.content_type}, stream_error(found, Refusal("stream_error", "It failed."))
    )
    yield _exchange(request, as_bytes(broken), "amid a stream")
    yield _exchange(
        request, Emulator(target).answer(_request(target, "POST", "chat/completions", {}, INVALID_KEY)), "bad key"
    )


def _ask(target: Target, method: str, path: str, body: Mapping[str, Any] | None, name: str) -> Exchange:
    request = _request(target, method, path, body, _KEY)
    return _exchange(request, Emulator(target, clock=lambda: _NOW).answer(request), name)


def _request(target: Target, method: str, path: str, body: Mapping[str, Any] | None, key: str) -> Request:
    url = f"http://emulator{urlsplit(target.base_url).path}/{path}"
    headers = {name.lower(): value for name, value in auth_headers(target, key).items()}
    content = b"" if body is None else json.dumps(body).encode()
    return Request(method, url, {"content-type": "application/json", **headers}, content)


def _exchange(request: Request, answered: Answered, name: str) -> Exchange:
    headers = {name: value for name, value in answered.headers.items() if name not in _NOT_COMPARED}
    return Exchange(name, request, Response(answered.status, headers, answered.body), evidence="emulated")


def _as_listed(provider: Provider, model: str, shown: set[str]) -> Target:
    if model not in provider.models:
        listed = Model(model, provider.capabilities | {"vision"} | shown)
        provider = replace(provider, models={**provider.models, model: listed})
    return Target(provider, model, provider.dialect)


def _shown_capabilities(real: Sequence[Sample]) -> dict[str, set[str]]:
    """Return, by model, what its answers show beyond text and calls."""
    shown: dict[str, set[str]] = defaultdict(set)
    for sample in real:
        paths = shape_of([sample]).words
        model = str(sample.exchange.request.json.get("model"))
        shown[model] |= {capability for path in paths for capability, sign in _SIGNS.items() if sign.search(path)}
    return shown
