"""A probe's `ask`: a request in neutral terms, as YAML writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Ask, Call, Format, Image, Result, Text, Tool, ToolChoice, Turn
from conformance.wire.picture import data_url, png

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.wire.dialects.ask import Part

#: Members of an `ask` that become a field of the same name as they are.
_PLAIN = frozenset(
    {
        "operation", "model", "system", "parallel_tools", "stream", "include_usage", "n", "max_tokens", "temperature", "top_p", "seed",
        "logprobs", "top_logprobs", "reasoning",
    }
)  # fmt: skip
_TURNS = frozenset({"text", "turns", "system"})


def read_ask(written: Mapping[str, Any]) -> Ask:
    """Return the request of a mapping in the form of schemas/probe.json. `Ask.written` keeps its order.

    Items of `turns` that speak for nobody (`{$history: 0}`, or what it was replaced with) are history in the dialect's own form.
    """
    fields: dict[str, Any] = {name: value for name, value in written.items() if name in _PLAIN}
    if "text" in written:
        fields["turns"] = (Turn("user", (Text(written["text"]),)),)
    if "turns" in written:
        fields["history"] = tuple(item for item in written["turns"] if not _speaks(item))
        fields["turns"] = tuple(_turn(item) for item in written["turns"] if _speaks(item))
    if "tools" in written:
        fields["tools"] = tuple(Tool(**tool) for tool in written["tools"])
    if "tool_choice" in written:
        fields["tool_choice"] = _tool_choice(written["tool_choice"])
    if "format" in written:
        fields["format"] = _format(written["format"])
    if "stop" in written:
        fields["stop"] = tuple(written["stop"])
    order = tuple(dict.fromkeys("turns" if name in _TURNS else name for name in written))
    return Ask(**fields, written=order)


def _speaks(item: object) -> bool:
    return (
        isinstance(item, dict) and bool({"user", "assistant", "calls", "results"} & item.keys()) and "role" not in item
    )


def _turn(item: Mapping[str, Any]) -> Turn:
    if "results" in item:
        return Turn("tool", tuple(Result(**result) for result in item["results"]))
    if "user" in item:
        return Turn("user", tuple(_parts(item["user"])))
    calls = (Call(**call) for call in item.get("calls", ()))
    return Turn("assistant", (*_parts(item.get("assistant")), *calls))


def _parts(spoken: str | Sequence[Mapping[str, Any]] | None) -> Iterator[Part]:
    if isinstance(spoken, list):
        yield from (Image(_address(part["image"])) if "image" in part else Text(part["text"]) for part in spoken)
    elif spoken is not None:
        yield Text(spoken)  # type: ignore[arg-type]


def _address(image: str | Mapping[str, Any]) -> str:
    """Return the address of a picture; `{png: [red, green, blue]}` is one of ours, of that colour."""
    return image if isinstance(image, str) else data_url(png(tuple(image["png"])))


def _tool_choice(value: str | Mapping[str, str]) -> ToolChoice:
    return ToolChoice(value) if isinstance(value, str) else ToolChoice("named", value["name"])  # type: ignore[arg-type]


def _format(value: str | Mapping[str, Any]) -> Format:
    return Format(value) if isinstance(value, str) else Format("json_schema", **value)  # type: ignore[arg-type]
