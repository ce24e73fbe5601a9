"""Strings of the formats that JSON Schema names. Source: JSON Schema 2020-12 validation, 7.3 (read 2026-11-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random


def _date(rng: Random) -> str:
    return f"20{rng.randint(10, 39)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _time(rng: Random) -> str:
    return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:00Z"


def _host(rng: Random) -> str:
    return f"{rng.choice(('harbour', 'lantern', 'meadow'))}.example"


FORMATS: Final[Mapping[str, Callable[[Random], str]]] = {
    "date": _date,
    "time": _time,
    "date-time": lambda rng: f"{_date(rng)}T{_time(rng)}",
    "duration": lambda rng: f"PT{rng.randint(1, 59)}M",
    "email": lambda rng: f"ada@{_host(rng)}",
    "idn-email": lambda rng: f"ada@{_host(rng)}",
    "hostname": _host,
    "idn-hostname": _host,
    "ipv4": lambda rng: f"192.0.2.{rng.randint(1, 254)}",
    "ipv6": lambda rng: f"2001:db8::{rng.randint(1, 254):x}",
    "uri": lambda rng: f"https://{_host(rng)}/",
    "iri": lambda rng: f"https://{_host(rng)}/",
    "uri-reference": lambda rng: f"/{rng.choice(('a', 'b', 'c'))}",
    "uuid": lambda rng: str(UUID(int=rng.getrandbits(128), version=4)),
    "json-pointer": lambda rng: f"/{rng.choice(('a', 'b', 'c'))}",
    "regex": lambda rng: f"^{rng.choice(('a', 'b', 'c'))}+$",
}
