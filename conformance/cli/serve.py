"""`conformance serve`: an emulated provider, or recordings, over HTTP for any client, until Ctrl-C."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from conformance.errors import CONFORMS, UnusableInputError
from conformance.providers import load_providers
from conformance.runs.options import add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_LAST_PORT = 65_535


def arguments(parser: ArgumentParser) -> None:
    """Add the provider or the recordings, the faults, and where to listen."""
    parser.add_argument("--as", dest="provider", metavar="PROVIDER", help="emulate this provider from its TOML")
    parser.add_argument("--model", metavar="MODEL", help="answer this model too, which the TOML does not list")
    parser.add_argument(
        "--dialect", metavar="DIALECT", help="print the base URL of this dialect (default: the provider's)"
    )
    parser.add_argument("--replay", action="append", metavar="PATH", help="serve recordings in place of an emulation")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="break every answer in this way")
    limits = "a rate limit that runs down with what is asked: requests=3/60s or tokens=1000/1m (repeat for both)"
    parser.add_argument("--limit", action="append", default=[], metavar="LIMIT", help=limits)
    tools = (
        "call tools that a request leaves to the model: always, as the question suggests (auto, the default), or never"
    )
    parser.add_argument("--call-tools", choices=("always", "auto", "never"), default="auto", help=tools)
    parser.add_argument("--list-faults", action="store_true", help="list the faults, each with the rule that it breaks")
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="divide every wait by X (default 1)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="random seed of ids and texts (default 0)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1: this machine only)"
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free port)")
    hosts = "a name by which clients may call it, beside addresses and localhost (also --host's)"
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help=hosts)
    add_options(parser, "--providers")


def main(options: Namespace) -> int:
    """Serve until interrupted.

    Raises:
        UnusableInputError: nothing, or two things, are to be served, an option's value cannot be used, or the port is in use.
    """
    if options.list_faults:
        return _list_faults()
    if bool(options.provider) == bool(options.replay):
        raise UnusableInputError("serve needs either --as PROVIDER or --replay PATH", remedy="add one of them")
    if options.replay and (options.fault or options.model or options.dialect or options.limit):
        raise UnusableInputError(
            "--fault, --limit, --model and --dialect change an emulation", remedy="leave them out with --replay"
        )
    if options.speed <= 0:
        raise UnusableInputError(f"--speed {options.speed:g} never ends", remedy="write a number above 0")
    if not 0 <= options.port <= _LAST_PORT:
        raise UnusableInputError(f"--port {options.port} is no port", remedy="name another one, or none for a free one")
    app, base, lines = _replayed(options) if options.replay else _emulated(options)
    with _listening(options.host, options.port) as listening:
        host, port = listening.getsockname()[:2]
        host = f"[{host}]" if ":" in host else host
        for line in lines:
            print(line)
        url = f"http://{host}:{port}{base}"
        print(f"serving at {url} (any key works): OPENAI_BASE_URL={url} OPENAI_API_KEY=any; Ctrl-C ends it", flush=True)
        from conformance.emulator.ours import announced  # noqa: PLC0415 - see below

        with suppress(KeyboardInterrupt), announced(port):
            _run(app, listening, [options.host, *options.allow_host])
    return CONFORMS


def _emulated(options: Namespace) -> tuple[Any, str, tuple[str, ...]]:
    # Imported when called: pytest-socket and uvicorn are slow to import, and --list-faults needs neither.
    from conformance.emulator.server import base_path, emulator, served_target  # noqa: PLC0415 - see above

    providers = load_providers(*Project.here().paths("providers", options.providers))
    target = served_target(options.provider, options.model, providers, options.dialect)
    app = emulator(
        target,
        faults=options.fault,
        limits=options.limit,
        seed=options.seed,
        speed=options.speed,
        call_tools=options.call_tools,
    )
    return app, base_path(target), (f"emulating {target.id} from {target.provider.file}",)


def _replayed(options: Namespace) -> tuple[Any, str, tuple[str, ...]]:
    from conformance.emulator.replay.app import base_paths, load_replay  # noqa: PLC0415 - see above

    app, lines = load_replay(options.replay, speed=options.speed)
    return app, next(iter(base_paths(app.tape)), ""), lines


def _list_faults() -> int:
    from conformance.emulator.faults.table import FAULTS  # noqa: PLC0415 - see above

    for fault in FAULTS.values():
        note = " (never judged where an answer is labelled emulated)" if fault.timed else ""
        print(f"{fault.name:32} {fault.rule or '(inconclusive)':40} {fault.does}{note}")
    return CONFORMS


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        remedy = "name another port, or none for a free one"
        raise UnusableInputError(f"cannot listen: {error.strerror}", where=f"{host}:{port}", remedy=remedy) from error


def _run(app: Any, listening: socket.socket, hosts: list[str]) -> None:  # noqa: ANN401 - an ASGI app
    import uvicorn  # noqa: PLC0415 - see above

    from conformance.emulator.guard import MOST_CONNECTIONS, Guard  # noqa: PLC0415 - see above
    from conformance.emulator.loopback import config  # noqa: PLC0415 - see above

    guarded = config(Guard(app, hosts), timeout_graceful_shutdown=1, limit_concurrency=MOST_CONNECTIONS)
    uvicorn.Server(guarded).run([listening])
