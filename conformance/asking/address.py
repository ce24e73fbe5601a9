"""Where and how a target is asked: the part of a run's settings that the asking room needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.wire.transport import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

DEFAULT_MAX_REQUESTS = 300


@dataclass(frozen=True, kw_only=True)
class Address:
    """Whom to ask, over which connection, and how much.

    Args:
        cassettes: the folder that answers are written to, where `record` is set.
        as_of: the day that emulated answers are dated with.
        record: write cassettes.
        emulated: ask the emulator of the provider's TOML, not the provider.
        max_requests: the largest number of requests to send.
        max_seconds: the seconds that asking may take; None: no limit.
        deadline: the seconds that one answer may take as a whole.
        base_url: the address to ask in place of the provider's.
        proxy: the proxy's URL; without it, the environment's.
        ca: a PEM file of certificates to trust too.
        headers: headers to send too, by lower-case name.
    """

    cassettes: Path
    as_of: date
    record: bool = False
    emulated: bool = False
    max_requests: int = DEFAULT_MAX_REQUESTS
    max_seconds: float | None = None
    deadline: float = LONGEST
    base_url: str | None = None
    proxy: str | None = field(default=None, repr=False)  # it may hold a password
    ca: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # they may hold a key
