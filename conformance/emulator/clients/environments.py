"""Where each client is installed: environments from hashed locks under `.venv-clients/`, made by `make clients`."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import venv
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conformance.errors import UnusableInputError
from conformance.providers.keys import environment_without_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.clients.catalogue import Client, Environment

FOLDER: Final = Path(".venv-clients")
REMEDY: Final = "`make clients`, or `conformance clients --install`, makes it"
_SECONDS: Final = 600
_SHOWN: Final = 300


def command(client: Client, *, wanted: str | None = None) -> tuple[list[str], Path]:
    """Return the command that starts a client's driver, and the folder to start it in.

    Args:
        client: whose.
        wanted: the requirement that was installed over the lock (`openai==3.0.0`); None: the lock as it is.

    Raises:
        UnusableInputError: its environment has not been made.
    """
    folder = _folder(client.environment, wanted)
    if not _is_made(client.environment, folder, wanted):
        raise UnusableInputError("the client's environment is missing, or of another lock", where=folder, remedy=REMEDY)
    return [*interpreter(client.environment, folder), str(client.driver), *client.arguments], folder


def interpreter(environment: Environment, folder: Path) -> list[str]:
    """Return the command that runs a script in an environment that was made in a folder.

    Raises:
        UnusableInputError: Node is not on PATH.
    """
    return [_tool("node")] if environment.node else [str(_python(folder))]


def here(client: Client) -> list[str] | None:
    """Return the command that starts a client's driver in this environment; None where its package is not installed here."""
    if client.environment.node:
        return None
    try:
        version(client.package)
    except PackageNotFoundError:
        return None
    return [sys.executable, str(client.driver), *client.arguments]


def make(environment: Environment, *, wanted: str | None = None) -> Path:
    """Install an environment from its lock, where it is not installed yet, and a requirement over it. It downloads packages.

    Raises:
        UnusableInputError: something cannot be installed.
    """
    folder = _folder(environment, wanted)
    if _is_made(environment, folder, wanted):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    (_make_node if environment.node else _make_python)(environment, folder, wanted)
    (folder / "made.json").write_text(json.dumps(_stamp(environment, wanted)), "utf-8")
    return folder


def locks(environment: Environment) -> tuple[Path, ...]:
    """Return the files that say what is installed."""
    if environment.node:
        folder = environment.locks / environment.name
        return folder / "package.json", folder / "package-lock.json"
    return (environment.locks / f"{environment.name}.txt",)


def _make_python(environment: Environment, folder: Path, wanted: str | None) -> None:
    venv.create(folder, with_pip=True)
    pip = [str(_python(folder)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    _call([*pip, "--require-hashes", "--no-deps", "-r", str(locks(environment)[0])])
    if wanted:
        _call([*pip, wanted])


def _make_node(environment: Environment, folder: Path, wanted: str | None) -> None:
    npm = _tool("npm")
    folder.mkdir(parents=True)
    for path in locks(environment):
        shutil.copy(path, folder)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _call([npm, "ci", *quiet], folder)
    if wanted:
        _call([npm, "install", *quiet, wanted.replace("==", "@")], folder)


def _folder(environment: Environment, wanted: str | None) -> Path:
    name = environment.name
    if wanted:
        name += f"-with-{''.join(char if char.isalnum() or char in '.-' else '_' for char in wanted)}"
    return (FOLDER / name).absolute()


def _is_made(environment: Environment, folder: Path, wanted: str | None) -> bool:
    try:
        return bool(json.loads((folder / "made.json").read_text("utf-8")) == _stamp(environment, wanted))
    except (OSError, ValueError):
        return False


def _stamp(environment: Environment, wanted: str | None) -> dict[str, str | None]:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in locks(environment)))
    return {"lock": digest.hexdigest(), "wanted": wanted, "python": sys.version}


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise UnusableInputError(
            f"{name} is not on PATH", where="--client", remedy="install Node, or name other clients"
        )
    return path


def _call(words: Sequence[str], folder: Path | None = None) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - ours
            words,
            cwd=folder,
            env=environment_without_keys(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnusableInputError(f"{words[0]} did not end within {_SECONDS} s", where=folder) from error
    if done.returncode:
        sentence = [line.strip() for line in done.stderr.splitlines() if "rror" in line]
        why = (sentence or [f"ended with code {done.returncode}"])[-1][:_SHOWN]
        raise UnusableInputError(f"cannot install: {why}", where=" ".join(words[-2:]), remedy="see the message")
