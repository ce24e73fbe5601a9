"""Who works on the parts of an audit: this process, several on this machine, or a cluster. The rows and their order are the same."""

from __future__ import annotations

import logging
import sys
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import UnusableInputError
from conformance.runs.closed import close, is_closed
from conformance.runs.collecting import collect_seldom
from conformance.runs.partitions import Lines, audit_part, with_numbers_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.context import BaseContext

    from conformance.runs.auditor import AuditSettings, Item
    from conformance.runs.partitions import Part

_REMEDY: Final = 'install the extra: pip install "llm-provider-conformance[cluster]"'


def engine_address(engine: str) -> str | None:
    """Return the scheduler's address of `dask://HOST:PORT`; None of `dask`, which is a cluster on this machine.

    Raises:
        UnusableInputError: it is neither.
    """
    name, _, address = engine.partition("://")
    if name != "dask":
        raise UnusableInputError(f"--engine {engine!r} is unknown", remedy="write dask, or dask://HOST:PORT")
    return f"tcp://{address}" if address else None


def on_this_machine(parts: Iterable[Part], settings: AuditSettings, jobs: int) -> Iterator[Item]:
    """Yield the items of parts that several processes judge."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - a small audit needs one process

    whole = (settings, is_closed())
    with ProcessPoolExecutor(jobs, mp_context=_context(), initializer=_begin, initargs=whole) as pool:
        yield from in_order(parts, settings, lambda part: pool.submit(_judged, part), 2 * jobs)


#: How this process judges, where it is one of several.
_settings: list[AuditSettings] = []


def _begin(settings: AuditSettings, network_is_closed: bool) -> None:  # noqa: FBT001 - the pool passes values by place
    """Take what is the same for each part, once a process: the settings hold all providers, and are much larger than a part."""
    if network_is_closed:
        close()
    collect_seldom()
    _settings[:] = [settings]


def _judged(part: Part) -> list[Item]:
    return audit_part(part, _settings[0])


def _context() -> BaseContext | None:
    """Return how processes start: as copies of this one, which has everything imported, where that is safe."""
    import multiprocessing  # noqa: PLC0415 - a small audit needs one process

    safe = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork") if safe else None


def on_cluster(parts: Iterable[Part], settings: AuditSettings, address: str | None, jobs: int) -> Iterator[Item]:
    """Yield the items of parts that a Dask cluster judges: one at an address, else a local one of `jobs` processes.

    A worker that dies costs its parts' time: Dask gives them to another.

    Raises:
        UnusableInputError: Dask is not installed, or nobody answers at the address.
    """
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UnusableInputError("--engine dask needs Dask, which is not installed", remedy=_REMEDY) from error
    try:
        cluster = (
            LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL)
            if address is None
            else None
        )
        client = Client(cluster or address, timeout="20s")
    except (OSError, TimeoutError, ValueError) as error:
        raise UnusableInputError(
            f"no Dask scheduler at {address or 'this machine'}: {error}", where="--engine"
        ) from error
    try:
        shared = client.scatter(settings, broadcast=True, hash=False)
        # Not pure: two audits of the same part are two tasks. Some are sent ahead, the others wait here.
        yield from in_order(
            parts, settings, lambda part: client.submit(audit_part, part, shared, pure=False, retries=3), _AHEAD
        )
    finally:
        client.close()
        if cluster is not None:
            cluster.close()


_AHEAD: Final = 64


def in_order(
    parts: Iterable[Part], settings: AuditSettings, submit: Callable[[Part], Any], ahead: int
) -> Iterator[Item]:
    """Yield the items of parts in the parts' order, with some parts sent ahead.

    Where lines before it held more exchanges than planned, a part is judged anew with the right numbers.
    """
    waiting: deque[tuple[Part, Any]] = deque()
    shift, path = 0, ""

    def taken() -> Iterator[Item]:
        nonlocal shift, path
        part, future = waiting.popleft()
        place = part.path if isinstance(part, Lines) else ""
        shift, path = (shift, path) if place == path else (0, place)
        if shift and isinstance(part, Lines):
            part = part._replace(number=part.number + shift)
            items = audit_part(part, settings)
        else:
            items = future.result()
        shift += with_numbers_after(part, items)
        yield from items

    for part in parts:
        waiting.append((part, submit(part)))
        if len(waiting) >= ahead:
            yield from taken()
    while waiting:
        yield from taken()
