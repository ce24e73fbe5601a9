"""The load driver against a server of known capacity on the loopback: `python benchmarks/throughput_loopback.py`. About a minute.

A server in a process of its own has four slots; a request waits for one, then for its first token, and streams 40 tokens at a
known pace. What it cannot bring by its schedule, the driver cannot read; what the driver loses, it reads low.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Final

import httpx

from conformance.asking.latency.load import closed_loop, served
from conformance.knowledge.latency.knee import find_knee
from conformance.knowledge.latency.throughput import level, requests_for
from conformance.wire.exchange import Exchange, Request
from conformance.wire.transport import send

_SLOTS: Final = 4
_FIRST, _GAP, _TOKENS = 0.10, 0.010, 40
_LEVELS: Final = (1, 2, 4, 8, 16)
_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
_EVENT: Final = (
    b'data: {"id":"x","object":"chat.completion.chunk","created":0,"model":"m",'
    b'"choices":[{"index":0,"delta":{"content":"w "},"finish_reason":%b}]}\n\n'
)


def main() -> None:
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and file
        [sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        _table(f"http://127.0.0.1:{child.stdout.readline().strip()}/v1/chat/completions")
    finally:
        child.stdin.close()
        child.wait()


def _table(address: str) -> None:
    alone = _TOKENS / (_FIRST + _TOKENS * _GAP)
    print(f"{_SLOTS} slots, {alone:.0f} tokens/s each")
    print(f"{'N':>4}{'requests':>10}{'capacity':>10}{'measured':>10}{'off':>8}{'X*R/L':>8}")
    request = Request(
        "POST", address, {"content-type": "application/json"}, b'{"model":"m","messages":[],"stream":true}'
    )
    points = []
    with httpx.Client(timeout=30, trust_env=False) as http:

        def ask() -> Exchange:
            return send(http, request, decoded=False)

        for streams in _LEVELS:
            found = level([served(each) for each in closed_loop(ask, streams, requests_for(streams))], streams)
            assert found.tps is not None
            assert found.little is not None
            capacity = alone * min(streams, _SLOTS)
            points.append((streams, found.tps))
            off = found.tps / capacity - 1
            print(f"{streams:4}{found.requests:10}{capacity:10.0f}{found.tps:10.0f}{off:+8.1%}{found.little:8.2f}")
    knee = find_knee(points)
    assert knee is not None
    print(f"knee: {knee.streams} {knee.ci}, plateau {knee.plateau}")


async def _serve() -> None:
    slots = asyncio.Semaphore(_SLOTS)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                )
                await reader.readexactly(length)
                async with slots:
                    zero = loop.time()
                    writer.write(_HEAD)
                    for number in range(1, _TOKENS + 1):
                        await asyncio.sleep(zero + _FIRST + number * _GAP - loop.time())
                        event = _EVENT % (b'"stop"' if number == _TOKENS else b"null")
                        writer.write(b"%x\r\n%b\r\n" % (len(event), event))
                writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(_serve())
    else:
        main()
