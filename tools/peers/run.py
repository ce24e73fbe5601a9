"""One suite against one emulated provider: a server on the loopback, and the suite's script as a process."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from conformance.emulator.clients.environments import interpreter
from conformance.emulator.server import provider_server
from conformance.providers import load_providers, parse_target
from tools.peers.results import Case

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.providers import Target
    from tools.peers.catalogue import Row, Suite

_SECONDS: Final = 600
_ENDED: Final = "(the suite itself)"


def run(suite: Suite, row: Row, folder: Path) -> list[Case]:
    """Run a suite against an emulated target and return its cases.

    Args:
        suite: whose script is run.
        row: the client and the target.
        folder: the suite's environment.
    """
    target = parse_target(row.target, load_providers())
    with provider_server(target.provider.name, model=target.model) as base_url:
        words = [*interpreter(suite.environment, folder), str(suite.script)]
        variables = _variables(row, base_url, target)
        try:
            done = subprocess.run(  # noqa: S603 - a script of ours
                words, cwd=folder, env=variables, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return [Case(_ENDED, "failed", f"it did not end within {_SECONDS} s")]
    return lines_of(done.stdout, done.stderr, done.returncode)


def lines_of(out: str, err: str, code: int) -> list[Case]:
    """Return the cases of a script's output. A script that ends with an error, or without a case, is a failed case itself."""
    cases = [_case(json.loads(line)) for line in out.splitlines() if line.startswith('{"case"')]
    if code or not cases:
        last = next((line for line in reversed(err.splitlines()) if line.strip()), "without a word")
        cases.append(Case(_ENDED, "failed", f"it ended with code {code}: {last}"))
    return cases


def _variables(row: Row, base_url: str, target: Target) -> dict[str, str]:
    """Return the environment of a script; the person's own keys and addresses of providers stay out."""
    known = target.provider.models.items()
    chat = (name for name, model in known if "stream" in model.capabilities and not model.dialects)
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    address = urlsplit(base_url)
    return {
        **plain,
        "PEER_CLIENT": row.client,
        "PEER_PROVIDER": row.target.partition("/")[0],
        "PEER_MODEL": target.model,
        "PEER_OTHER_MODEL": next((name for name in chat if name != target.model), ""),
        "PEER_BASE_URL": base_url,
        "PEER_ORIGIN": f"{address.scheme}://{address.netloc}",
        "PEER_CAPABILITIES": ",".join(sorted(target.capabilities)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }


def _case(line: Mapping[str, Any]) -> Case:
    """Return a case; ports and addresses of objects are left out of its reason, so that the same failure reads the same."""
    why = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", str(line.get("why", "")))
    why = re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", why)
    return Case(line["case"], line["outcome"], why)
