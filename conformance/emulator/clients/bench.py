"""One client at one case: what it is asked, the server that it asks, and what it made of the answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.emulator.clients.fault_questions import Question
from conformance.emulator.clients.native_requests import handed, in_dialect
from conformance.emulator.clients.outcome import Outcome, judge
from conformance.emulator.clients.switchboard import Line, Switchboard
from conformance.emulator.dialects import base_of
from conformance.emulator.faults.table import FAULTS
from conformance.emulator.replay.app import Replay
from conformance.emulator.replay.tape import Tape
from conformance.emulator.response import is_stream_label
from conformance.emulator.server import base_path, emulator
from conformance.wire.dialects import dialect_named, dialect_of
from conformance.wire.dialects.ask import NotSayable
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.emulator.clients.catalogue import Capability, Client, Part
    from conformance.emulator.clients.driver import Driver
    from conformance.providers import Target
    from conformance.wire.exchange import Exchange

Table: TypeAlias = Literal["provider", "fault", "status", "replay", "emulated-replay"]

#: What a client waits for a read, and what it is given in all; seconds. Nothing that is right takes a tenth of it on a loopback.
TIMEOUT: Final = 1.5
WITHIN: Final = 6.0
#: A key that every emulator takes.
_KEY: Final = "conformance-client"
_ANY: Final = Question("error", "chat", {"model": "any", "messages": [{"role": "user", "content": "Hi"}]}, ("error",))
_TOOL: Final = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
_FIRST: Final = (_ANY.body, {**_ANY.body, "stream": True, "tools": [_TOOL]})
_UNUSABLE: Final = 400
_FAILURE: Final = 400
_WARM_WITHIN: Final = 60.0
_FAST: Final = 1000.0  # a recording's waits are divided by it: what is tried here is data, not time


@dataclass(frozen=True)
class ClientCell:
    """What one client did in one case. `subject` is a target, a fault, a status or a recorded target; `asked` counts requests."""

    client: str
    table: Table
    subject: str
    case: str
    outcome: Outcome
    asked: int = 1


class Bench:
    """One client's driver, and the server that it asks."""

    def __init__(self, client: Client, driver: Driver, board: Switchboard, url: str, numbers: Iterator[int]) -> None:
        self.client = client
        self._driver = driver
        self._board = board
        self._url = url
        self._numbers = numbers
        self._wholes: dict[str, tuple[Exchange | None, tuple[Part, ...]]] = {}

    def provider(self, target: Target, capability: Capability) -> ClientCell:
        """Ask an emulated provider for one capability."""
        if capability.name in self.client.lacks:
            return self._cell("provider", target.id, capability.name, Outcome("n/a", "the client has nothing for it"))
        if self.client.dialect not in target.provider.dialects:
            missing = f"the provider does not speak {self.client.dialect}"
            return self._cell("provider", target.id, capability.name, Outcome("n/a", missing))
        spoken = replace(target, dialect=self.client.dialect)
        if self.client.host != (target.provider.name if spoken.hosting is not None else ""):
            elsewhere = "the client does not ask at the paths at which the provider answers"
            return self._cell("provider", target.id, capability.name, Outcome("n/a", elsewhere))
        if not capability.applies_to(spoken):
            return self._cell("provider", target.id, capability.name, Outcome("n/a", "the model cannot do it"))
        chat = capability.asked(spoken)
        body = self._said(chat) if capability.operation == "chat" else chat
        if isinstance(body, NotSayable):
            return self._cell("provider", target.id, capability.name, Outcome("n/a", f"the dialect {body.reason}"))
        asked = Question(capability.name, capability.operation, body, capability.compare, capability.bad_key)
        line = self._line(spoken)
        outcome = self._judged(asked, self._ask(line, asked, target), line.last, asked.compare)
        return self._cell("provider", target.id, capability.name, outcome, line)

    def fault(self, target: Target, name: str, asked: Question | str) -> ClientCell:
        """Run the request twice, with and without the fault.

        The client's result under the fault is compared with the fault-free response.
        """
        if isinstance(asked, str):
            return self._cell("fault", name, "", Outcome("n/a", asked))
        if asked.dialect != self.client.dialect:
            other = f"the fault is shown in {asked.dialect}, and the client speaks {self.client.dialect}"
            return self._cell("fault", name, asked.name, Outcome("n/a", other))
        if asked.operation in self.client.lacks:
            return self._cell("fault", name, asked.name, Outcome("n/a", "the client has nothing for it"))
        sent, answers = self._whole(target, asked)
        if not {"text", "tool_calls", "models", "error"} & {*answers}:
            return self._cell(
                "fault", name, asked.name, Outcome("n/a", "it brings nothing of it without the fault either")
            )
        if not _is_broken(name, sent):
            return self._cell("fault", name, asked.name, Outcome("n/a", "the client's own request does not meet it"))
        line = self._line(target, name)
        result = self._ask(line, asked, target)
        outcome = self._judged(asked, result, sent, answers, line.last)
        return self._cell("fault", name, asked.name, outcome, line)

    def status(self, status: int) -> ClientCell:
        """Answer with a status, and count how often the client asks if it may ask twice."""
        line = self._answering(status)
        result = self._ask(line, replace(_ANY, body=self._plain(_ANY.body)), None, retries=1)
        if result is None and line.last:  # a driver that waits longer than we do, in order to ask again
            return self._cell("status", str(status), "error", Outcome("hung", "it waits to ask again"), line)
        return self._cell("status", str(status), "error", judge(result, line.last, ("error",), within=WITHIN), line)

    def asks_like(self, exchange: Exchange) -> bool:
        """Whether the client can ask as a recorded exchange did: in its dialect, at the dialect's own paths."""
        return not self.client.host and dialect_of(exchange) is dialect_named(self.client.dialect)

    def replayed(self, table: Table, target: str, exchange: Exchange) -> ClientCell:
        """Ask what was recorded, as it was asked, and compare with what was answered."""
        name = exchange.id.rpartition("/")[2]
        body = handed(exchange, self.client.handed)
        if isinstance(body, NotSayable):
            return self._cell(table, target, name, Outcome("n/a", f"{self.client.handed} {body.reason}"))
        base = base_of(self.client.dialect, exchange.request.path) or ""
        line = Line(Replay(Tape([exchange]), speed=_FAST), base, dialect=self.client.dialect)
        failed = exchange.response is not None and (exchange.response.status or 0) >= _FAILURE
        compare: tuple[Part, ...] = ("error",) if failed else ("text", "tool_calls", "finish_reason")
        bad_key = any(INVALID_KEY in value for value in exchange.request.headers.values())
        asked = Question("", "chat", body, compare, bad_key)
        result = self._ask(line, asked, None)
        if not line.calls and result is not None:
            unsent = Outcome("n/a", f"the client did not send it: {result.get('exception')}: {result.get('message')}")
            return self._cell(table, target, name, unsent)
        return self._cell(table, target, name, self._judged(asked, result, line.last, compare), line)

    def _whole(self, target: Target, asked: Question) -> tuple[Exchange | None, tuple[Part, ...]]:
        """Return what is sent without a fault, and the parts that the client brings of it: others it cannot lose. Asked once."""
        key = json.dumps([asked.operation, dict(asked.body), asked.bad_key])
        if key not in self._wholes:
            line = self._line(target)
            result = self._ask(line, asked, target)
            right = (part for part in asked.compare if self._judged(asked, result, line.last, (part,)).word == "right")
            self._wholes[key] = line.last, tuple(right)
        return self._wholes[key]

    def _ask(self, line: Line, asked: Question, target: Target | None, *, retries: int = 0) -> dict[str, Any] | None:
        """Hand one case to the driver and return its result; None where it hung."""
        if self._driver.fresh:
            self._warm()
        name = f"case{next(self._numbers)}"
        self._board.lines[name] = line
        case = {
            "case": name,
            "base_url": f"{self._url}/{name}",
            "api_key": INVALID_KEY if asked.bad_key else _KEY,
            "retries": retries,
            "timeout": TIMEOUT,
            "operation": asked.operation,
            "body": dict(asked.body),
        }
        if target is not None and target.provider.name in self.client.routes:
            case["route"] = self.client.routes[target.provider.name]
        try:
            result = self._driver.ask(case, within=WITHIN)
            if result is None and not line.calls:  # it has not even asked yet: an SDK that imports for seconds
                self._warm()
                result = self._driver.ask(case, within=_WARM_WITHIN)
        finally:
            del self._board.lines[name]
        return result

    def _judged(
        self,
        asked: Question,
        result: dict[str, Any] | None,
        sent: Exchange | None,
        compare: Sequence[Part],
        broken: Exchange | None = None,
    ) -> Outcome:
        own_tools = self.client.handed != self.client.dialect and "tools" not in asked.body
        return judge(result, sent, compare, within=WITHIN, broken=broken, own_tools=own_tools)

    def _warm(self) -> None:
        """Ask what is not judged: on its first request an SDK imports what it has put off, which takes some of them seconds."""
        for case in _FIRST:
            name = f"case{next(self._numbers)}"
            self._board.lines[name] = self._answering(_UNUSABLE)
            url = f"{self._url}/{name}"
            settings = {"api_key": _KEY, "retries": 0, "timeout": TIMEOUT, "operation": "chat"}
            asked = {"case": name, "base_url": url, "body": self._plain(case), **settings}
            self._driver.ask(asked, within=_WARM_WITHIN)

    def _said(self, chat: Mapping[str, Any]) -> Mapping[str, Any] | NotSayable:
        """Return a chat request as the driver is handed it, or why the client's dialect cannot say it."""
        native = in_dialect(chat, self.client.dialect)
        return native if isinstance(native, NotSayable) else in_dialect(chat, self.client.handed)

    def _plain(self, chat: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return one that every dialect can say."""
        said = self._said(chat)
        assert not isinstance(said, NotSayable), said  # noqa: S101 - see above
        return said

    def _line(self, target: Target, *faults: str) -> Line:
        """Return an emulated target, reached as the client reaches its own provider."""
        auth = target.auth
        header, scheme = (auth.header.lower(), auth.scheme) if auth else (self.client.key_header, "")
        app = emulator(target, faults=faults)
        return Line(app, base_path(target), header, scheme or "", self.client.key_header, self.client.dialect)

    def _answering(self, status: int) -> Line:
        return Line(_answering(status), sent_in=self.client.key_header, dialect=self.client.dialect)

    def _cell(self, table: Table, subject: str, case: str, outcome: Outcome, line: Line | None = None) -> ClientCell:
        return ClientCell(self.client.name, table, subject, case, outcome, len(line.calls) if line else 0)


def _is_broken(fault: str, sent: Exchange | None) -> bool:
    """Whether a fault is at work in the answer to what a client sent, by the answer without it."""
    if sent is None or sent.response is None or sent.response.status is None:
        return False
    streamed = is_stream_label(sent.response.headers.get("content-type", ""))
    return FAULTS[fault].breaks(sent.request, sent.response.status, streamed=streamed)


def _answering(status: int) -> Any:  # noqa: ANN401 - an ASGI app
    body = json.dumps(
        {"error": {"message": f"This is a {status}.", "type": "any", "param": None, "code": f"code_{status}"}}
    ).encode()

    async def app(_: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        while (await receive()).get("more_body"):
            pass
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app
