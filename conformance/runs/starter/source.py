"""Where this installation came from, as a requirement that pip takes on another machine."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution
from typing import Final

from conformance import __version__

_NAME: Final = "llm-provider-conformance"


def requirement() -> str:
    """Return the requirement: the commit where it was installed from a version control system (PEP 610), else the version."""
    try:
        origin = json.loads(distribution(_NAME).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    vcs = origin.get("vcs_info", {})
    if {"vcs", "commit_id"} <= set(vcs) and "url" in origin:
        return f"{_NAME} @ {vcs['vcs']}+{origin['url']}@{vcs['commit_id']}"
    return f"{_NAME}=={__version__}"
