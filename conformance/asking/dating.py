"""The day of what the emulator answers: the run's day, so that what is asked again on the same day is the same file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.asking.address import Address
    from conformance.asking.client import Client
    from conformance.wire.exchange import Exchange


def dated(exchange: Exchange, client: Client, settings: Address) -> Exchange:
    """Return an emulated exchange without its times, and dated by --as-of; any other as it is.

    How fast our own emulator is says nothing of a provider, and what is asked again on the same day is the same file.
    """
    if not client.emulated:
        return exchange
    return replace(exchange, timing=None, recorded_at=midnight(settings), evidence="emulated")


def midnight(settings: Address) -> datetime:
    """Return the first moment of --as-of in UTC."""
    return datetime.combine(settings.as_of, time(), UTC)
