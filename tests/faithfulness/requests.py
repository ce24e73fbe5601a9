"""Prints how the emulator takes real requests: `python -m tests.faithfulness.requests [PROVIDER...]`.

Two shares of each provider. Accepted: of the requests that the real provider answered, the share that the emulator answers.
Refused: of the requests that the real provider refused for what they asked, the share that the emulator refuses with the same class.
Every difference follows. Keys, quotas and failures of a server do not lie in a request: such answers are left out.
"""

# ruff: noqa: T201 - a command line prints

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from conformance.emulator.app import Emulator
from conformance.emulator.dialects import emulated_dialect, is_emulated
from conformance.providers import Model, Provider, Target, load_providers
from conformance.providers.keys import auth_headers
from conformance.recording.importers import read_exchanges
from conformance.wire.dialects import dialect_named
from conformance.wire.exchange import Exchange, Request
from tests.faithfulness.sample import FILES
from tests.samples.material import BESIDE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_KEY = "sk-conformance-emulated"
_NOW = 1_795_000_000.0  # Unix seconds, 2026-11
#: Statuses of keys, money, limits and deadlines: the request itself is sound.
_NOT_OF_THE_REQUEST = frozenset({401, 402, 403, 408, 409, 425, 429, 498, 499})
#: Words of refusals that rest on what an emulator does not see: other servers, a model's own writing, an
#: account, a test that made it up, an address that is none.
_OUT_OF_SIGHT = (
    "downloading",
    "not be accessed",
    "not accessible",
    "failed_generation",
    "api key",
    "credentials",
    "authentication",
    "billing",
    "quota",
    "test_error",
    "resource not found",
)

#: Words of refusals that speak of a model that is not, or no longer, served.
_MODEL = re.compile(
    r"not_found_error|DeploymentNotFound|end of its life|"
    r"decommissioned|model.{0,80}(?:does not exist|not found|deprecated|not a valid|has ended|not supported in)|model_not_found"
    r"|[Ii]nvalid model|not a valid model|not a chat model|model identifier|supported API model names|No endpoints found (?:for|matching)"
)
#: What a model lacks, by the words of its provider's refusal.
_LACKS = {
    "support tool use": {"tools"},
    "`tool calling` is not supported": {"tools"},
    "'tool_choice' value": {"tool_choice_required", "tool_choice_named"},
}
#: Refusals of a prompt's size: where the recorder put a word in the prompt's place, nobody can ask it again.
_TOO_LONG = re.compile(
    r"maximum context length|[Pp]rompt(?: is)? too long|too many tokens|[Ii]nput token|Input Tokens Exceeded"
)
_CUT = re.compile(rb"<[A-Z]+_TEXT>")

#: The class of a refusal: what a client branches on.
Class: TypeAlias = str


@dataclass(frozen=True)
class Pair:
    """One real request, its real answer and the emulated one, as statuses and bodies."""

    id: str
    real: int
    emulated: int
    real_body: str
    emulated_body: str

    @property
    def accepted(self) -> bool:
        """Whether the real provider answered."""
        return self.real < 400

    @property
    def alike(self) -> bool:
        """Whether both answered, or both refused with one class."""
        return class_of(self.real, self.real_body) == class_of(self.emulated, self.emulated_body)


@dataclass(frozen=True)
class Shares:
    """What came of one provider's requests."""

    provider: str
    pairs: tuple[Pair, ...]

    def of(self, *, accepted: bool) -> tuple[int, int]:
        """Return how many of the accepted or of the refused requests are taken alike, and how many there are."""
        chosen = [pair for pair in self.pairs if pair.accepted == accepted]
        return sum(pair.alike for pair in chosen), len(chosen)


def class_of(status: int, body: str = "") -> Class:
    """Return the class of an answer: 400, 404 and 422 speak of the model, or of the request's other members."""
    if status < 400:
        return "accepted"
    if status in {400, 404, 422}:
        return "unknown model" if _MODEL.search(body) else "invalid request"
    return str(status)


def shares(provider: Provider, traffic: Path = BESIDE.traffic) -> Shares:
    """Ask the emulator every request of a provider's recordings that its dialects have an endpoint for."""
    path = traffic / "exchanges" / f"{FILES.get(provider.name, provider.name)}.jsonl"
    pairs = [pair for exchange in _recorded(path) if (pair := _pair(provider, exchange)) is not None]
    return Shares(provider.name, tuple(pairs))


def _recorded(path: Path) -> Iterator[Exchange]:
    for exchange in read_exchanges(path) if path.is_file() else ():
        if isinstance(exchange, Exchange) and not exchange.meta.get("suspect_synthetic"):
            yield exchange


def _pair(provider: Provider, exchange: Exchange) -> Pair | None:
    response = exchange.response
    if response is None or response.status is None or not exchange.request.body:
        return None
    body = response.body.decode("utf-8", "replace")
    refused = response.status >= 400
    if refused and (
        response.status >= 500
        or response.status in _NOT_OF_THE_REQUEST
        or any(word in body.lower() for word in _OUT_OF_SIGHT)
        or (_TOO_LONG.search(body) and _CUT.search(exchange.request.body))
    ):
        return None
    target = _target(provider, exchange.request, body if refused else "")
    if target is None:
        return None
    base = urlsplit(target.base_url).path.rstrip("/")
    below = _below(target, exchange.request)
    headers = {name.lower(): value for name, value in auth_headers(target, _KEY).items()}
    kept = {name: value for name, value in exchange.request.headers.items() if name.lower() == "content-type"}
    asked = Request(
        "POST",
        f"http://emulator{base}/{below}",
        {"content-type": "application/json", **kept, **headers},
        _named(exchange.request, target),
    )
    answered = Emulator(target, clock=lambda: _NOW).answer(asked)
    return Pair(exchange.id, response.status, answered.status, body, answered.body.decode("utf-8", "replace"))


def _named(request: Request, target: Target) -> bytes:
    """Return the body, with the model that its path named, for the path is another one here."""
    model = _model(request, target.dialect)
    if model is None or "/deployments/" not in request.path or "model" in request.json:
        return request.body
    return json.dumps({**request.json, "model": model}).encode()


def _model(request: Request, dialect: str) -> str | None:
    """Return the model that a request names in its body, or as the deployment of its path."""
    named = dialect_named(dialect).asked(request).model
    deployment = re.search(r"/deployments/([^/]+)/", request.path)
    return named or (deployment[1] if deployment else None)


def _below(target: Target, request: Request) -> str | None:
    """Return the path below the base URL, whatever base the recorder had; None where no chat endpoint is meant."""
    steps = request.path.strip("/").split("/")
    endpoints = [
        endpoint
        for endpoint in emulated_dialect(target.dialect).endpoints
        if endpoint.method == request.method and endpoint.operation == "chat"
    ]
    for start in range(len(steps)):
        below = "/".join(steps[start:])
        if any(endpoint.match(below) is not None for endpoint in endpoints):
            return below
    return None


def _target(provider: Provider, request: Request, refusal: str) -> Target | None:
    """Return who is asked. A model that was served is listed, for the catalogue of today may lack it, with what it showed to lack."""
    for dialect in (provider.dialect, *provider.dialects):
        if not is_emulated(dialect):
            continue
        model = next(iter(provider.default_models or provider.models), "model")
        target = Target(provider, model, dialect)
        if _below(target, request) is None:
            continue
        named = _model(request, dialect)
        if named and named not in provider.models and not _MODEL.search(refusal):
            without = {capability for words, lacking in _LACKS.items() if words in refusal for capability in lacking}
            models = {**provider.models, named: Model(named, provider.takes - without)}
            target = replace(target, provider=replace(provider, models=models), model=named)
        return target
    return None


def _percent(part: tuple[int, int]) -> str:
    return f"{part[0]:>5}/{part[1]:<5}{100 * part[0] / part[1]:6.1f} %" if part[1] else "          -      "


def main(names: Sequence[str]) -> int:
    """Print the table of the named providers, or of all that were recorded; return 0."""
    providers = [provider for name, provider in load_providers().items() if not names or name in names]
    results = [result for provider in providers if (result := shares(provider)).pairs]
    print(f"{'provider':20}{'accepted':>18}{'refused':>19}")
    for result in results:
        print(f"{result.provider:20} {_percent(result.of(accepted=True))}  {_percent(result.of(accepted=False))}")
    for result in results:
        unlike = [pair for pair in result.pairs if not pair.alike]
        counted = Counter(
            (pair.real, pair.emulated, pair.real_body[:160] if not pair.accepted else pair.emulated_body[:160])
            for pair in unlike
        )
        for (real, emulated, body), count in sorted(counted.items(), key=lambda item: -item[1]):
            print(f"{result.provider}: {count} x real {real}, emulated {emulated}: {' '.join(body.split())}")
            if names:
                print(
                    "   ", *[pair.id for pair in unlike if body in (pair.real_body[:160], pair.emulated_body[:160])][:3]
                )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
