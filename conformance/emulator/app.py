"""The emulator as an ASGI app: a request is read, answered by pure functions, and the answer written at its pace."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.emulator.allowance import Allowance
from conformance.emulator.connection import TRANSPORT, reset
from conformance.emulator.dialects import Memory
from conformance.emulator.pacing import Pacing
from conformance.emulator.respond import respond
from conformance.emulator.response import Plain, as_bytes
from conformance.wire.exchange import EVIDENCE_HEADER, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence

    from conformance.emulator.allowance import Limit
    from conformance.emulator.behaviours.phases import Schedule
    from conformance.emulator.mind.tool_calls import CallTools
    from conformance.emulator.response import Answered, Outgoing
    from conformance.providers import Target

    #: A fault of understanding: what the server takes a request for.
    RequestFault: TypeAlias = Callable[[Request], Request]
    #: A fault of content, and a fault of transport. Both see the request: some show on some requests only.
    ContentFault: TypeAlias = Callable[[Outgoing, Request], Outgoing]
    TransportFault: TypeAlias = Callable[[Answered, Request], Answered]

_BROKEN = 500
_MOST_TURNS = 100_000


class Emulator:
    """The app.

    Args:
        target: who answers; every model of its provider does.
        seed: of everything that is drawn.
        speed: divides every wait; None: nothing waits.
        call_tools: whether the model calls tools that a request leaves to it.
        clock: Unix seconds; a fixed one gives the same bytes every time.
        sleep: how to wait.
        limits: rate limits that run down with what is asked, each kind once; none: nothing is ever refused for being too much.
        request_faults: change a request before it is answered: what is forgotten is not obeyed.
        faults: change an answer before it is written as bytes, in order.
        transport_faults: change the bytes, in order.
        schedules: what goes wrong over many answers; each counts the requests from its own beginning.
    """

    def __init__(
        self,
        target: Target,
        *,
        seed: int = 0,
        speed: float | None = None,
        call_tools: CallTools = "auto",
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        limits: Sequence[Limit] = (),
        request_faults: Sequence[RequestFault] = (),
        faults: Sequence[ContentFault] = (),
        transport_faults: Sequence[TransportFault] = (),
        schedules: Sequence[Schedule] = (),
    ) -> None:
        self.target = target
        self._seed = seed
        self._speed = speed
        self._call_tools = call_tools
        self._clock = clock
        self._sleep = sleep
        self._request_faults = tuple(request_faults)
        self._faults = tuple(faults)
        self._transport_faults = tuple(transport_faults)
        self._schedules = tuple(schedules)
        self._turns: Counter[bytes] = Counter()
        self._memory = Memory()
        self._allowance = Allowance(limits) if limits else None

    def answer(self, request: Request) -> Answered:
        """Return the answer to a request. The same request gets another id, and whatever else is drawn, at each turn."""
        asked = sha256(f"{request.method} {request.path}\n".encode() + request.body).digest()
        effects = [schedule.next(request) for schedule in self._schedules]
        scheduled = [faults for effect in effects for faults in effect.faults]
        understood = request
        for request_fault in (
            *self._request_faults,
            *(fault for faults in scheduled for fault in faults.request_faults),
        ):
            understood = request_fault(understood)
        turn = self._turns[asked]
        outgoing = respond(
            self.target,
            understood,
            seed=self._seed,
            turn=turn,
            now=self._clock(),
            memory=self._memory,
            allowance=self._allowance,
            call_tools=self._call_tools,
            refusal=next((refusal for effect in effects if (refusal := effect.refusal) is not None), None),
        )
        self._turns[asked] += 1
        if len(self._turns) > _MOST_TURNS:  # a server that runs for weeks forgets the oldest requests
            del self._turns[next(iter(self._turns))]
        for fault in (*self._faults, *(fault for faults in scheduled for fault in faults.faults)):
            outgoing = fault(outgoing, request)
        answered = as_bytes(outgoing)
        for transport_fault in (
            *self._transport_faults,
            *(fault for faults in scheduled for fault in faults.transport_faults),
        ):
            answered = transport_fault(answered, request)
        return replace(answered, delay=sum(effect.delay for effect in effects))

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = await read_request(scope, receive)
        try:
            answered = self.answer(request)
        except Exception:  # noqa: BLE001 - whatever is wrong with us must not look like a provider's answer
            traceback.print_exc()
            answered = as_bytes(Plain(_BROKEN, {EVIDENCE_HEADER: "emulated"}, "the emulator failed: see its stderr"))
        headers = [
            (name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in answered.headers.items()
        ]
        start = {"type": "http.response.start", "status": answered.status, "headers": headers}
        write = _raw(scope) if answered.raw else send
        if answered.delay:
            await self._sleep(answered.delay)
        pacing = Pacing(self._sleep)
        for number, (wait, piece) in enumerate(answered.pieces):
            if wait and self._speed is not None:
                await pacing.wait(wait / self._speed)
            if number == 0:
                await write(start)
            if number in answered.stalls:
                await self._sleep(answered.stalls[number])
                pacing = Pacing(self._sleep)  # nothing that stands after a stall catches up with it
            await write({"type": "http.response.body", "body": piece, "more_body": True})
        if not answered.pieces:
            await write(start)
        await _end(answered, scope, receive, write)


async def read_request(scope: Mapping[str, Any], receive: Any) -> Request:  # noqa: ANN401 - ASGI's
    """Return an ASGI request, its path percent-encoded as it was sent."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    url = f"http://emulator{path}" + (f"?{query}" if query else "")
    return Request(scope["method"], url, headers, bytes(body))


def _raw(scope: Mapping[str, Any]) -> Any:  # noqa: ANN401 - ASGI's
    """Return a `send` that writes the bytes of a body as they are, past the server's own framing."""
    transport = scope.get("extensions", {}).get(TRANSPORT)

    async def write(message: Mapping[str, Any]) -> None:
        if transport is not None and message.get("body"):
            transport.write(message["body"])

    return write


async def _end(answered: Answered, scope: Mapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
    if answered.end == "clean":
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    if answered.end == "endless":
        gone = asyncio.ensure_future(_gone(receive))
        while not gone.done():
            await send({"type": "http.response.body", "body": answered.pieces[-1][1], "more_body": True})
            await asyncio.sleep(0)
    if answered.end == "reset":
        reset(scope)
    elif answered.end == "close" and (transport := scope.get("extensions", {}).get(TRANSPORT)) is not None:
        transport.close()
    await _gone(receive)


async def _gone(receive: Any) -> None:  # noqa: ANN401 - ASGI's
    while (await receive())["type"] != "http.disconnect":
        pass
