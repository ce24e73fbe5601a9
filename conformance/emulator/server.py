"""An emulated provider for any client: a base URL on the loopback, for as long as a `with` block lasts."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from conformance.emulator.allowance import parse_limit
from conformance.emulator.app import Emulator
from conformance.emulator.dialects import emulated_dialect
from conformance.emulator.loopback import loopback
from conformance.errors import UnusableInputError, suggest
from conformance.providers import Target, load_providers, parse_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.emulator.mind.tool_calls import CallTools
    from conformance.providers import Provider

_TIMEOUT = 60.0  # seconds without a byte


@contextmanager
def provider_server(
    provider: str,
    *,
    model: str | None = None,
    dialect: str | None = None,
    faults: Sequence[str] = (),
    scenario: Path | None = None,
    limits: Sequence[str] = (),
    seed: int = 0,
    speed: float | None = None,
    call_tools: CallTools = "auto",
    providers: Sequence[Path] = (),
) -> Iterator[str]:
    """Emulate a provider and yield the base URL that a client is pointed at; any key works.

    Args:
        provider: the name of the provider, as `conformance providers` lists it.
        model: a model that the TOML does not list, to be answered too.
        dialect: the dialect whose base URL is yielded; None: the provider's default one. The server answers in all of them.
        faults: names of faults and behaviours, as `conformance serve --list-faults` lists them.
        scenario: a TOML file of phases, which docs/emulator.md explains.
        limits: rate limits that run down with what is asked, such as `requests=3/60s` and `tokens=1000/1m`.
        seed: the random seed of ids and texts.
        speed: the divisor of the provider's waits; None: answers come at once.
        call_tools: whether the model calls tools that a request leaves to it: `auto`, as the question suggests; `always`, in every turn
            without results; `never`.
        providers: files or folders of your own providers.

    Yields:
        The base URL, such as `http://127.0.0.1:49152/openai/v1`.

    Raises:
        UnusableInputError: the provider or a fault is unknown, or a limit is none.

    Example:
        >>> import httpx
        >>> from conformance import provider_server
        >>> with provider_server("groq", faults=["stream.cut"]) as base_url:
        ...     listing = httpx.get(f"{base_url}/models", headers={"authorization": "Bearer any"}, trust_env=False)
        >>> listing.json()["object"]
        'list'
    """
    target = served_target(provider, model, load_providers(*providers), dialect)
    app = emulator(
        target, faults=faults, scenario=scenario, limits=limits, seed=seed, speed=speed, call_tools=call_tools
    )
    with loopback(app) as address:
        yield address + base_path(target)


@contextmanager
def emulated_http(app: Emulator) -> Iterator[httpx.Client]:
    """Serve an app on the loopback and yield a client whose every request goes there, whatever host its URL names.

    So an emulated exchange has the URL of the provider, and no port that changes with each recording.
    """
    with loopback(app) as address:
        there = _Rerouted(httpx.URL(address))
        # trust_env off: a proxy of the environment would be asked instead, and would ask the provider itself.
        with httpx.Client(transport=there, timeout=_TIMEOUT, trust_env=False) as http:
            yield http


class _Rerouted(httpx.HTTPTransport):
    def __init__(self, address: httpx.URL) -> None:
        super().__init__()
        self._address = address

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        there = self._address
        request.url = request.url.copy_with(scheme=there.scheme, host=there.host, port=there.port)
        return super().handle_request(request)


def emulator(
    target: Target,
    *,
    faults: Sequence[str] = (),
    scenario: Path | None = None,
    limits: Sequence[str] = (),
    seed: int = 0,
    speed: float | None = None,
    call_tools: CallTools = "auto",
    now: Callable[[], float] = time.monotonic,
) -> Emulator:
    """Return the app that emulates a target's provider.

    Args:
        target: who answers.
        faults: names of faults, which break every answer, and of behaviours, which go wrong over many.
        scenario: a file of phases.
        limits: rate limits that run down with what is asked.
        seed: of all that is drawn.
        speed: divides the provider's waits; None: nothing waits.
        call_tools: whether the model calls tools that a request leaves to it.
        now: seconds on a monotonic clock, by which the phases of a behaviour or a scenario pass.

    Raises:
        UnusableInputError: a limit or a scenario is unusable, or a fault is unknown or of a dialect that the provider does not speak.
    """
    stated = [parse_limit(text) for text in limits]
    if not faults and scenario is None:
        return Emulator(target, seed=seed, speed=speed, limits=stated, call_tools=call_tools)
    # It reads the data of all faults.
    from conformance.emulator.behaviours.table import BEHAVIOURS, load_scenario  # noqa: PLC0415 - see above
    from conformance.emulator.faults.table import FAULTS, chosen  # noqa: PLC0415 - see above

    unknown = next((name for name in faults if name not in FAULTS and name not in BEHAVIOURS), None)
    if unknown is not None:
        remedy = suggest(unknown, (*FAULTS, *BEHAVIOURS), otherwise="conformance serve --list-faults names them")
        raise UnusableInputError(f"fault {unknown!r} is unknown", where="--fault", remedy=remedy)
    breaking = [name for name in faults if name in FAULTS]
    result = chosen(breaking)
    spoken = {target.dialect, *target.provider.dialects}
    foreign = next((FAULTS[name] for name in breaking if FAULTS[name].dialect not in {None, *spoken}), None)
    if foreign is not None:
        problem = (
            f"fault {foreign.name!r} breaks answers in {foreign.dialect}, which {target.provider.name} does not speak"
        )
        raise UnusableInputError(problem, where="--fault", remedy="serve a provider that does, or another fault")
    played = [BEHAVIOURS[name] for name in faults if name in BEHAVIOURS]
    played += [load_scenario(scenario)] if scenario is not None else []
    return Emulator(
        target,
        seed=seed,
        speed=speed,
        limits=stated,
        call_tools=call_tools,
        request_faults=result.request_faults,
        faults=result.faults,
        transport_faults=result.transport_faults,
        schedules=[behaviour.schedule(seed, now) for behaviour in played],
    )


def served_target(
    provider: str, model: str | None, providers: Mapping[str, Provider], dialect: str | None = None
) -> Target:
    """Return the target that a provider's name, and perhaps a model and a dialect, stand for.

    Raises:
        UnusableInputError: the provider is unknown or abstract, has no model, does not speak the dialect, or that is not emulated.
    """
    known = providers.get(provider)
    if model is None:
        own = [name for name, listed in known.models.items() if dialect in listed.dialects] if known else []
        model = next(iter((*own, *known.default_models, *known.models)), None) if known else "any"
        if model is None:
            raise UnusableInputError(f"provider {provider!r} lists no model", remedy="name one with --model")
    target = parse_target(f"{provider}/{model}" + (f"@{dialect}" if dialect else ""), providers)
    emulated_dialect(target.dialect)
    return target


def base_path(target: Target) -> str:
    """Return the path at which the endpoints of the target's dialect start, as the base URL has it."""
    return urlsplit(target.base_url).path.rstrip("/")
