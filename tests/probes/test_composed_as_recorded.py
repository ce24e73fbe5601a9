"""What probes ask in openai-chat stays what was recorded: the bytes of every request, and the hash that keeps cassettes fresh.

The table beside this file was written by the code that composed chat bodies by hand, before probes were written in neutral terms:
name -> the probe's hash, and a digest of its requests to each of `_TARGETS`. A probe whose question changes on purpose, and a new
one, get a new line (`python tests/probes/test_composed_as_recorded.py` writes the table anew; the diff shows what moved).
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.probes import build_request, load_probes
from conformance.providers import load_providers, parse_target
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from conformance.probes import Probe
    from conformance.providers import Target

TABLE = Path(__file__).with_name("composed.json")
_LOCAL = parse_target("llamacpp/smollm2-135m-instruct", load_providers())
_CALL = {"id": "call_7", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Lima"}'}}


def _target(capabilities: frozenset[str], unsupported: frozenset[str]) -> Target:
    model = _LOCAL.known
    assert model is not None
    params = replace(model.params, unsupported=unsupported)
    changed = replace(model, capabilities=model.capabilities | capabilities, params=params, context=16)
    return replace(_LOCAL, provider=replace(_LOCAL.provider, models={model.id: changed}))


_TARGETS = (
    _target(frozenset(), frozenset()),
    _target(frozenset({"reasoning", "seed"}), frozenset({"max_tokens", "temperature"})),
)


def _answer(request: Request) -> Exchange:
    """Return an answer that a conversation can go on from: words, a thought and a call, plain or streamed as asked."""
    message = {"role": "assistant", "content": "A fruit.", "reasoning_content": "Which?"}
    if request.json.get("tools"):
        message["tool_calls"] = [_CALL, {**_CALL, "id": "call_8"}]  # type: ignore[assignment]
    streamed = request.json.get("stream") is True
    kind = "delta" if streamed else "message"
    body = json.dumps({"choices": [{"index": 0, kind: message, "finish_reason": "stop"}]})
    if streamed:
        body, label = f"data: {body}\n\ndata: [DONE]\n\n", "text/event-stream"
    else:
        label = "application/json"
    response = Response(200, {"content-type": label}, body.encode(), "clean")
    return Exchange("x", request, response, dialect="openai-chat")


def _digest(probe: Probe, target: Target) -> str:
    digest, previous = sha256(), list[Exchange]()
    for step in probe.steps:
        request = build_request(
            step, target, "http://127.0.0.1/v1", {"Authorization": "Bearer sk-of-the-user"}, previous
        )
        assert isinstance(request, Request), request
        headers = {name: value for name, value in request.headers.items() if name != "user-agent"}
        digest.update(f"{request.method} {request.url} {json.dumps(headers)}\n".encode())
        digest.update(request.body)
        previous.append(_answer(request))
    return digest.hexdigest()[:12]


def composed() -> dict[str, list[str]]:
    """Return the table as the code stands."""
    chat = (probe for probe in load_probes().values() if probe.dialect in {None, "openai-chat"})
    return {probe.name: [probe.hash, *(_digest(probe, target) for target in _TARGETS)] for probe in chat}


def test_every_probe_asks_chat_for_what_was_recorded() -> None:
    recorded, now = json.loads(TABLE.read_text("utf-8")), composed()
    assert set(now) == set(recorded)
    assert {name: now[name] for name in now if now[name] != recorded[name]} == {}


def _write() -> None:
    rows = (f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in sorted(composed().items()))
    TABLE.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")


if __name__ == "__main__":
    _write()
