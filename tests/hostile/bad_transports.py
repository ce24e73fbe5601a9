"""Hostile servers below HTTP: TLS that is none or never comes, requests that nobody reads. They read the connection themselves."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.hostile.bad_servers import answer

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from threading import Event


class Transport:
    """A server that reads its connections itself, behind a scheme."""

    reads_itself = True

    def __init__(self, kind: str, scheme: str) -> None:
        self.kind, self.scheme = kind, scheme

    def __call__(self, peer: socket.socket, over: Event, bait: str) -> None:
        """Answer."""
        del bait
        if self.kind == "silent":
            over.wait()
        elif self.kind == "plain":
            peer.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(answer()) + answer())
            over.wait(1)
        elif self.kind == "drip":
            peer.recv(4096)
            while not over.wait(1):
                peer.sendall(b"\x16")
        elif self.kind == "handshake without end":
            peer.recv(4096)
            while not over.is_set():  # warning alerts, one after the other
                peer.sendall(b"\x15\x03\x03\x00\x02\x01\x5a" * 1024)
        else:
            with certified().wrap_socket(peer, server_side=True) as secured:
                secured.recv(65536)
                secured.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(answer()) + answer())


@cache
def certified() -> ssl.SSLContext:
    """Return a server's context with a certificate that nobody signed."""
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        subprocess.run(
            [shutil.which("openssl") or "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", str(key),
             "-out", str(certificate)],
            check=True, capture_output=True,
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    return context


TRANSPORTS: Final[Mapping[str, Transport]] = {
    "a request that nobody reads": Transport("silent", "http"),
    "an answer before the request": Transport("plain", "http"),
    "TLS: no handshake": Transport("silent", "https"),
    "TLS: a handshake byte a second": Transport("drip", "https"),
    "TLS: alerts without end": Transport("handshake without end", "https"),
    "TLS: plain HTTP": Transport("plain", "https"),
    "TLS: a certificate of its own": Transport("signed by itself", "https"),
}
