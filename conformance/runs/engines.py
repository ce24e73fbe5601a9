"""Who works on the parts of an audit: this process, several on this machine, or a cluster. The rows and their order are the same."""

from __future__ import annotations

import sys
import threading
from collections import deque
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import UnusableInputError
from conformance.runs.closed import close, is_closed
from conformance.runs.collecting import collect_seldom
from conformance.runs.local_cluster import local_cluster
from conformance.runs.partitions import Lines, audit_part, with_numbers_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - a small audit needs one process

    context = multiprocessing.get_context(start_method())
    whole = (settings, is_closed())
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=whole) as pool:
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


def start_method() -> str | None:
    """Return how processes start: as copies of this one, which has everything imported, where that is safe; None: as usual."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else None


def on_cluster(parts: Iterable[Part], settings: AuditSettings, address: str | None, jobs: int) -> Iterator[Item]:
    """Yield the items of parts that a Dask cluster judges: one at an address, else a local one of `jobs` processes.

    A worker that dies costs its parts' time: Dask gives them to another.

    Raises:
        UnusableInputError: Dask is not installed, or nobody answers at the address.
    """
    try:
        with _client(address, jobs) as client:
            shared = client.scatter(settings, broadcast=True, hash=False)
            # Not pure: two audits of the same part are two tasks. Some are sent ahead, the others wait here.
            yield from in_order(
                parts, settings, lambda part: client.submit(audit_part, part, shared, pure=False, retries=3), _AHEAD
            )
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in {"dask", "distributed"}:
            raise
        raise UnusableInputError("--engine dask needs Dask, which is not installed", remedy=_REMEDY) from error


@contextmanager
def _client(address: str | None, jobs: int) -> Iterator[Any]:
    """Yield the client of the cluster at an address, or of one of our own."""
    with ExitStack() as stack:
        try:
            if address is None:
                client = stack.enter_context(local_cluster(jobs))
            else:
                from distributed import Client  # noqa: PLC0415 - an extra

                client = stack.enter_context(Client(address, timeout="20s"))
        except (OSError, TimeoutError, ValueError) as error:
            raise UnusableInputError(
                f"no Dask scheduler at {address or 'this machine'}: {error}", where="--engine"
            ) from error
        yield client


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
