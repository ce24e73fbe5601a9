"""A real gateway on this machine, in front of a local server: a process of its own, as the provider's `[gateway]` table describes it.

It is installed apart from the suite, from a lock of its own: `make gateway`. Its configuration is written beside it as JSON, which is
YAML too, and it ends with its parent's `with` block.
"""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import httpx

from conformance.errors import UnusableInputError
from conformance.providers.keys import environment_without_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.providers.tables import Gateway

FOLDER: Final = Path(".venv-gateway")
_HOST: Final = "127.0.0.1"
_POLL: Final = 0.2
_GRACE: Final = 20.0
#: Levels of folders below which a gateway starts: one that looks for modules of its own above it finds an empty folder.
_DEPTH: Final = ("a", "b", "c")


@contextmanager
def gateway_server(
    gateway: Gateway, *, model: str, api_key: str, upstream: str, upstream_key: str, ready_within: float = 240.0
) -> Iterator[str]:
    """Start a gateway, yield its base URL once it answers, and stop it.

    Args:
        gateway: the provider's `[gateway]` table.
        model: the id that it answers to, and that the upstream answers to.
        api_key: the only key that it takes.
        upstream: the base URL of the server behind it.
        upstream_key: the key of that server.
        ready_within: seconds until it has to answer.

    Raises:
        UnusableInputError: it is not installed, ends at once, or does not answer in time.
    """
    program = (FOLDER / "bin" / gateway.command[0]).absolute()
    if not program.is_file():
        raise UnusableInputError(
            f"the gateway {gateway.command[0]} is not installed", where=FOLDER, remedy="`make gateway` installs it"
        )
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        folder = Path(root, *_DEPTH)
        folder.mkdir(parents=True)
        port = _free_port()
        known = {"model": model, "key": api_key, "upstream": upstream, "upstream_key": upstream_key, "port": str(port)}
        config = folder / "config.yaml"
        config.write_text(json.dumps(_filled(gateway.config, known)), "utf-8")
        words = [str(program), *(_filled(word, {**known, "config": str(config)}) for word in gateway.command[1:])]
        child = subprocess.Popen(  # noqa: S603 - the program that the provider's file names, in an environment of ours
            words,
            cwd=folder,
            env={**environment_without_keys(), **gateway.environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the whole foreground group: the parent stops the child itself
        )
        try:
            _await(child, out, f"http://{_HOST}:{port}{gateway.ready}", ready_within)
            yield f"http://{_HOST}:{port}/v1"
        finally:
            _stop(child)


def _filled(template: Any, known: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """Return a template with `{name}` replaced by what is known under the name."""
    if isinstance(template, dict):
        return {key: _filled(item, known) for key, item in template.items()}
    if isinstance(template, list | tuple):
        return [_filled(item, known) for item in template]
    if isinstance(template, str):
        for name, value in known.items():
            template = template.replace(f"{{{name}}}", value)
    return template


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((_HOST, 0))
        port: int = one.getsockname()[1]
    return port


def _await(child: subprocess.Popen[bytes], out: IO[str], address: str, ready_within: float) -> None:
    deadline = time.monotonic() + ready_within
    # trust_env off: a proxy of the environment does not reach our loopback.
    with httpx.Client(trust_env=False, timeout=5.0) as client:
        while time.monotonic() < deadline:
            if child.poll() is not None:
                out.seek(0)
                last = next((line.strip() for line in reversed(out.readlines()) if line.strip()), "without a word")
                raise UnusableInputError(
                    f"the gateway ended with code {child.returncode}: {last}", remedy="`make gateway` installs it anew"
                )
            try:
                if client.get(address).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(_POLL)
    remedy = "the machine may be too busy: try again"
    raise UnusableInputError(f"the gateway did not answer within {ready_within:g} s", where=address, remedy=remedy)


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End the child: SIGTERM, then SIGKILL."""
    for end in (child.terminate, child.kill):
        end()
        try:
            child.wait(_GRACE)
        except subprocess.TimeoutExpired:
            continue
        return
