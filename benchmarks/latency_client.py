"""How far each client's clock is off, at 1, 10 and 50 streams: `nice -n -19 python benchmarks/latency_client.py`. Three minutes.

A server in a process of its own writes 400 events, 10 ms apart, and says in each when it was written. The error of TTFT is
the time that a client saw from sending its request to the first event, minus the server's from reading it to writing that event:
what the two processes and the kernel between them add. Ours counts from when the request was written; the others cannot see that,
and count from the call. The error of a gap is likewise the client's minus the server's.
Streams begin 4 ms after each other, on warm connections. On a machine with other work the tails are the machine's.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import httpx
import numpy as np
import openai

from conformance.asking.latency.metronome import Schedule, metronome, written
from conformance.wire.case import Case
from conformance.wire.exchange import Request, Timing
from conformance.wire.sse import parse_event_stream
from conformance.wire.transport import send

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SCHEDULE: Final = Schedule(first=0.4, gap=0.010, events=400)
_WARM: Final = Schedule(first=0.0, gap=0.0, events=1)
_STREAMS: Final = (1, 10, 50)
_STAGGER: Final = 0.004
_ROUNDS: Final = 3
_TARGETS: Final = {1: 1.0, 10: 2.0, 50: 5.0}  # ms, the median error of TTFT

#: When the request was sent, when each event came (seconds from one zero), and the text that says when each was written.
Stream = tuple[float, list[float], str]


def main() -> None:
    """Print the table."""
    clients: dict[str, Callable[[str, int], Sequence[Stream]]] = {
        "ours (sync, a thread each)": ours,
        "openai SDK (a thread each)": openai_threads,
        "openai SDK (async)": openai_async,
        "httpx async, aiter_raw": httpx_async,
    }
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; errors in ms: median / p95 / p99")
    print(f"{'streams':9}{'client':30}{'TTFT':>24}{'gap, absolute':>24}  median TTFT, target")
    with metronome() as address:
        for streams in _STREAMS:
            for name, ask in clients.items():
                _row(streams, name, [each for _ in range(_ROUNDS) for each in ask(address, streams)])


def _row(streams: int, name: str, asked: Sequence[Stream]) -> None:
    first, gaps = [], []
    for sent, came, text in asked:
        said = written(text)
        first.append(1e3 * (came[0] - sent - said[0]))
        pairs = zip(itertools.pairwise(came), itertools.pairwise(said), strict=True)
        gaps += [1e3 * abs((after - before) - (later - earlier)) for (before, after), (earlier, later) in pairs]
    middle, target = float(np.median(first)), _TARGETS[streams]
    met = (
        ""
        if not name.startswith("ours")
        else f"{middle:.2f}, {target:g}: {'met' if abs(middle) <= target else 'MISSED'}"
    )
    print(f"{streams:<9}{name:30}{_spread(first):>24}{_spread(gaps):>24}  {met}", flush=True)


def _spread(values: Sequence[float]) -> str:
    return " / ".join(f"{np.percentile(values, at):.2f}" for at in (50, 95, 99))


def ours(address: str, streams: int) -> list[Stream]:
    """Ask by the path that `conformance latency` measures with."""

    def ask(number: int, ready: threading.Barrier) -> Stream:
        with httpx.Client(trust_env=False, timeout=30) as http:
            send(http, _request(address, _WARM), decoded=False, emulated=True)
            ready.wait()
            time.sleep(number * _STAGGER)
            exchange = send(http, _request(address, _SCHEDULE), decoded=False, emulated=True)
        reply, timing = Case(exchange).reply, exchange.timing
        assert timing is not None
        assert reply.stream is not None
        came = [reply.stream.events[event].arrival or 0.0 for event, _ in reply.choices[0].texts if event is not None]
        return timing.sent or 0.0, came, reply.choices[0].text

    return _in_threads(ask, streams)


def openai_threads(address: str, streams: int) -> list[Stream]:
    """Ask by the SDK's iterator, as an application does."""

    def ask(number: int, ready: threading.Barrier) -> Stream:
        with openai.OpenAI(
            base_url=_base(address), api_key="none", http_client=httpx.Client(trust_env=False)
        ) as client:
            list(client.chat.completions.create(**_asked(_WARM)))
            ready.wait()
            time.sleep(number * _STAGGER)
            zero = time.monotonic()
            came, text = [], ""
            for chunk in client.chat.completions.create(**_asked(_SCHEDULE)):
                came.append(time.monotonic() - zero)
                text += chunk.choices[0].delta.content
        return 0.0, came, text

    return _in_threads(ask, streams)


def openai_async(address: str, streams: int) -> list[Stream]:
    """Ask by the SDK's async iterator, all streams in one loop."""

    async def ask(client: openai.AsyncOpenAI, number: int) -> Stream:
        await asyncio.sleep(number * _STAGGER)
        zero = time.monotonic()
        came, text = [], ""
        async for chunk in await client.chat.completions.create(**_asked(_SCHEDULE)):
            came.append(time.monotonic() - zero)
            text += chunk.choices[0].delta.content
        return 0.0, came, text

    async def everything() -> list[Stream]:
        inner = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=None))
        async with openai.AsyncOpenAI(base_url=_base(address), api_key="none", http_client=inner) as client:

            async def warm() -> None:
                async for _ in await client.chat.completions.create(**_asked(_WARM)):
                    pass

            await asyncio.gather(*(warm() for _ in range(streams)))
            return await asyncio.gather(*(ask(client, number) for number in range(streams)))

    return asyncio.run(everything())


def httpx_async(address: str, streams: int) -> list[Stream]:
    """Ask by raw reads in one loop."""

    async def ask(http: httpx.AsyncClient, number: int) -> Stream:
        await asyncio.sleep(number * _STAGGER)
        zero = time.monotonic()
        reads: list[tuple[float, bytes]] = []
        async with http.stream("POST", f"{address}?{_SCHEDULE.query}", content=b"{}") as answer:
            async for read in answer.aiter_raw():
                reads.append((time.monotonic() - zero, read))  # noqa: PERF401 - the loop that is measured
        return _parsed(reads)

    async def everything() -> list[Stream]:
        async with httpx.AsyncClient(trust_env=False, timeout=30, limits=httpx.Limits(max_connections=None)) as http:
            await asyncio.gather(*(http.post(f"{address}?{_WARM.query}", content=b"{}") for _ in range(streams)))
            return await asyncio.gather(*(ask(http, number) for number in range(streams)))

    return asyncio.run(everything())


def _parsed(reads: Sequence[tuple[float, bytes]]) -> Stream:
    body = b"".join(read for _, read in reads)
    stream = parse_event_stream(body, Timing(chunks=tuple((at, len(read)) for at, read in reads)))
    events = [event for event in stream.events if event.data != b"[DONE]"]
    text = "".join(httpx.Response(200, content=event.data).json()["choices"][0]["delta"]["content"] for event in events)
    return 0.0, [event.arrival or 0.0 for event in events], text


def _in_threads(ask: Callable[[int, threading.Barrier], Stream], streams: int) -> list[Stream]:
    ready = threading.Barrier(streams)
    with ThreadPoolExecutor(streams) as pool:
        return list(pool.map(ask, range(streams), [ready] * streams))


def _request(address: str, schedule: Schedule) -> Request:
    return Request("POST", f"{address}?{schedule.query}", {"content-type": "application/json"}, b"{}")


def _base(address: str) -> str:
    return address.removesuffix("/chat/completions")


def _asked(schedule: Schedule) -> dict[str, Any]:
    query = {"first": schedule.first, "gap": schedule.gap, "events": schedule.events}
    return {"model": "metronome", "messages": [{"role": "user", "content": "x"}], "stream": True, "extra_query": query}


if __name__ == "__main__":
    main()
