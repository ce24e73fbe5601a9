"""The network closed, for as long as a command judges what is recorded: an audit hook of Python refuses to look names up and to connect.

It sees every Python module of the process, `_socket` and libraries that imported `socket` before among them. Loopback addresses and
Unix sockets stay open. It does not see what C code does by itself (`ctypes`), nor child processes: see SECURITY.md.
"""

from __future__ import annotations

import ipaddress
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Audit events of the module `socket` (Python's audit events table, read 2026-11-29), and where their arguments name the other side.
_ADDRESSED: Final = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
}
_NAMED: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
_WHILE: Final = "the network is closed while recorded evidence is judged"
_REMEDY: Final = "a rule judges what is recorded; ask with `conformance run --live`"
_HERE: Final = frozenset({"", "localhost", "localhost.localdomain", "ip6-localhost"})


class NetworkClosedError(UnusableInputError):
    """Something wanted to leave this machine while recorded evidence was judged."""


class _Door:
    """How many blocks keep the network of this process closed, and whether Python's hook is in place: it cannot be taken away."""

    closed = 0
    hooked = False


@contextmanager
def network_closed(*, unless: object = False) -> Iterator[None]:
    """Refuse what leaves this machine while the block lasts, in every thread.

    Args:
        unless: leaves the network as it is where this is true: the user asked for a live run, or named an address.

    Raises:
        NetworkClosedError: in the caller that looks a name up or connects.
    """
    if unless:
        yield
        return
    close()
    try:
        yield
    finally:
        _Door.closed -= 1


def close() -> None:
    """Close the network of this process: until the block around it ends, or for good in a process of its own."""
    if not _Door.hooked:
        sys.addaudithook(_refuse)
        _Door.hooked = True
    _Door.closed += 1


def is_closed() -> bool:
    """Return whether the network of this process is closed now."""
    return _Door.closed > 0


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if not _Door.closed or not event.startswith("socket."):
        return
    if event in _ADDRESSED:
        address = arguments[_ADDRESSED[event]]
        if not isinstance(address, tuple):  # a Unix socket's path, or that of a socket which is connected
            return
        host = address[0] if address else ""
    elif event in _NAMED:
        host = arguments[0][0] if isinstance(arguments[0], tuple) else arguments[0]
    else:
        return
    if not _is_here(host):
        raise NetworkClosedError(f"{event} to {host!r} was refused: {_WHILE}", remedy=_REMEDY)


def _is_here(host: object) -> bool:
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    if text is None or (isinstance(text, str) and text.lower() in _HERE):
        return True
    if not isinstance(text, str):
        return isinstance(text, int)  # of a Netlink or packet socket, which has no host
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False
