"""How a client is pointed at a server of ours: the environment variables of the SDKs that speak a dialect (`variables.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Variables(NamedTuple):
    url: str
    key: str
    added: str  # what the SDK puts behind the base URL by itself


def assignments(dialects: Iterable[str], url: str) -> list[str]:
    """Return what points clients at a base URL, such as `OPENAI_BASE_URL=http://localhost:8080/v1 OPENAI_API_KEY=any`.

    Args:
        dialects: that are spoken at the URL; a dialect whose SDK reads no variables brings nothing.
        url: the base URL, without a slash at its end.

    Returns:
        One text for each SDK, in the order of the dialects.
    """
    known = [sdk for dialect in dialects if (sdk := _sdks().get(dialect)) is not None]
    return [f"{sdk.url}={url.removesuffix(sdk.added)} {sdk.key}=any" for sdk in dict.fromkeys(known)]


@cache
def _sdks() -> dict[str, _Variables]:
    document = tomllib.loads(files("conformance.emulator.site").joinpath("variables.toml").read_text("utf-8"))
    return {
        dialect: _Variables(table["url"], table["key"], table.get("added", ""))
        for table in document["sdk"]
        for dialect in table["dialects"]
    }
