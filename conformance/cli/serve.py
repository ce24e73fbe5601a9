"""`conformance serve`: an emulated provider, or recordings, over HTTP for any client, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.errors import CONFORMS, UnusableInputError, counted
from conformance.providers import load_providers
from conformance.runs.options import add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from conformance.emulator.site.log import LogForm
    from conformance.providers.hosting import Variables

_LAST_PORT = 65_535


def arguments(parser: ArgumentParser) -> None:
    """Add the provider or the recordings, the faults, and where to listen."""
    parser.add_argument("--as", dest="provider", metavar="PROVIDER", help="emulate this provider from its TOML")
    parser.add_argument("--all", action="store_true", help="emulate every provider, each below its name; / lists them")
    parser.add_argument("--model", metavar="MODEL", help="answer this model too, which the TOML does not list")
    parser.add_argument(
        "--dialect", metavar="DIALECT", help="print the base URL of this dialect (default: the provider's)"
    )
    parser.add_argument("--replay", action="append", metavar="PATH", help="serve recordings in place of an emulation")
    fault = "break every answer in this way, or behave so over many answers"
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help=fault)
    parser.add_argument("--scenario", type=Path, metavar="FILE", help="go through the phases of this TOML file")
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
    origins = "let pages of this origin read the answers, such as http://localhost:5173; * is any (default: none)"
    parser.add_argument("--cors", action="append", default=[], metavar="ORIGIN", help=origins)
    lines = "a line for each request on stdout, as text or JSON (default: text on a terminal, else none)"
    parser.add_argument("--log", choices=("text", "json"), help=lines)
    parser.add_argument("--quiet", action="store_true", help="print where it serves and nothing else")
    add_options(parser, "--providers")


def main(options: Namespace) -> int:
    """Serve until SIGINT (Ctrl-C) or SIGTERM.

    Raises:
        UnusableInputError: nothing, or two things, are to be served, an option's value cannot be used, or the port is in use.
    """
    if options.list_faults:
        return _list_faults()
    _check(options)
    what = _replayed(options) if options.replay else _every_provider(options) if options.all else _emulated(options)
    with _listening(options.host, options.port) as listening:
        host, port = listening.getsockname()[:2]
        host = f"[{host}]" if ":" in host else host
        if not options.quiet:
            for line in what.lines:
                print(line)
        root = f"http://{host}:{port}"
        print(f"serving at {root}{what.base} {what.usage_at(root)}; Ctrl-C ends it", flush=True)
        from conformance.emulator.ours import announced  # noqa: PLC0415 - see below

        # uvicorn lets the answers that run end, and then raises the signal again: both signals end the command alike.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt), announced(port):
            _run(what, listening, options)
    return CONFORMS


@dataclass(frozen=True)
class _Served:
    """An app and how it is announced: the path of the base URL, lines to print first, the names behind the app, how to use the URL.

    `bases` are the paths of the base URLs by dialect, `hosted` the variables of a host's own SDK there; `usage` takes the place of the
    variables of the SDKs that speak these.
    """

    app: Any
    base: str
    lines: tuple[str, ...]
    names: tuple[str, ...]
    bases: Mapping[str, str] = field(default_factory=dict)
    hosted: Mapping[str, Variables | None] = field(default_factory=dict)
    usage: str = ""

    def usage_at(self, root: str) -> str:
        """Return how a client is pointed at a server that listens at a root such as `http://localhost:8080`."""
        if self.usage:
            return self.usage.format(url=f"{root}{self.base}")
        from conformance.emulator.site.variables import assignments  # noqa: PLC0415 - see below

        variables = " or ".join(
            assignments({dialect: f"{root}{base}" for dialect, base in self.bases.items()}, self.hosted)
        )
        return f"(any key works): {variables}" if variables else "(any key works)"


def _check(options: Namespace) -> None:
    if sum(map(bool, (options.provider, options.replay, options.all))) != 1:
        raise UnusableInputError(
            "serve needs either --as PROVIDER or --replay PATH, or --all", remedy="add one of them"
        )
    if options.replay and (options.fault or options.model or options.dialect or options.scenario or options.limit):
        raise UnusableInputError(
            "--fault, --limit, --scenario, --model and --dialect change an emulation",
            remedy="leave them out with --replay",
        )
    if options.all and (options.model or options.dialect):
        raise UnusableInputError("--model and --dialect speak of one provider", remedy="leave them out with --all")
    if options.speed <= 0:
        raise UnusableInputError(f"--speed {options.speed:g} never ends", remedy="write a number above 0")
    if not 0 <= options.port <= _LAST_PORT:
        raise UnusableInputError(f"--port {options.port} is no port", remedy="name another one, or none for a free one")
    for origin in options.cors:
        parts = urlsplit(origin)
        if origin != "*" and (not parts.scheme or not parts.netloc or origin != f"{parts.scheme}://{parts.netloc}"):
            remedy = "write scheme, host and port, such as http://localhost:5173"
            raise UnusableInputError(f"{origin!r} is no origin", where="--cors", remedy=remedy)


def _how(options: Namespace) -> dict[str, Any]:
    return {
        "faults": options.fault,
        "scenario": options.scenario,
        "limits": options.limit,
        "seed": options.seed,
        "speed": options.speed,
        "call_tools": options.call_tools,
    }


def _emulated(options: Namespace) -> _Served:
    # Imported when called: pytest-socket and uvicorn are slow to import, and --list-faults needs neither.
    from conformance.emulator.server import base_path, emulator, served_target  # noqa: PLC0415 - see above

    providers = load_providers(*Project.here().paths("providers", options.providers))
    target = served_target(options.provider, options.model, providers, options.dialect)
    app = emulator(target, **_how(options))
    line = f"emulating {target.id} from {target.provider.file}"
    bases, hosting = {target.dialect: base_path(target)}, target.hosting
    hosted = {target.dialect: hosting.variables} if hosting is not None else {}
    return _Served(app, base_path(target), (line,), (target.provider.name,), bases, hosted)


def _every_provider(options: Namespace) -> _Served:
    from conformance.emulator.site.every_provider import every_provider  # noqa: PLC0415 - see above

    providers = load_providers(*Project.here().paths("providers", options.providers))
    app = every_provider(providers, **_how(options))
    lines = tuple(f"{entry.path:44} {entry.target.model}" for entry in app.listed)
    usage = f"({counted(len(lines), 'provider')}, any key works): open {{url}} for their base URLs and snippets"
    return _Served(app, "/", lines, tuple(app.emulators), usage=usage)


def _replayed(options: Namespace) -> _Served:
    from conformance.emulator.replay.app import base_paths, dialect_bases, load_replay  # noqa: PLC0415 - see above

    app, lines = load_replay(options.replay, speed=options.speed)
    return _Served(app, next(iter(base_paths(app.tape)), ""), lines, ("recordings",), dialect_bases(app.tape))


def _list_faults() -> int:
    from conformance.emulator.behaviours.table import BEHAVIOURS  # noqa: PLC0415 - see above
    from conformance.emulator.faults.table import FAULTS  # noqa: PLC0415 - see above

    for fault in FAULTS.values():
        note = " (never judged where an answer is labelled emulated)" if fault.timed else ""
        print(f"{fault.name:32} {fault.rule or '(inconclusive)':40} {fault.does}{note}")
    for behaviour in BEHAVIOURS.values():
        print(f"{behaviour.name:32} {'(over many answers)':40} {behaviour.does}")
    return CONFORMS


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        remedy = "name another port, or none for a free one"
        raise UnusableInputError(f"cannot listen: {error.strerror}", where=f"{host}:{port}", remedy=remedy) from error


def _run(what: _Served, listening: socket.socket, options: Namespace) -> None:
    import uvicorn  # noqa: PLC0415 - see above

    from conformance.emulator.guard import MOST_CONNECTIONS, Guard  # noqa: PLC0415 - see above
    from conformance.emulator.loopback import config  # noqa: PLC0415 - see above
    from conformance.emulator.site.health import Healthy  # noqa: PLC0415 - see above
    from conformance.emulator.site.log import Logged  # noqa: PLC0415 - see above

    app: Any = Guard(Healthy(what.app, what.names), [options.host, *options.allow_host], origins=options.cors)
    # A pipe that nobody reads would fill up and stop the server: without a terminal only who asks for a log gets one.
    form: LogForm | None = options.log or ("text" if sys.stdout.isatty() else None)
    if options.quiet:
        form = None
    if form is not None:
        app = Logged(app, form, lambda line: print(line, flush=True))
    guarded = config(app, timeout_graceful_shutdown=1, limit_concurrency=MOST_CONNECTIONS)
    uvicorn.Server(guarded).run([listening])
