"""How a client is pointed at a server of ours: the environment variables of the SDKs that speak a dialect (`variables.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from conformance.providers.hosting import Variables

if TYPE_CHECKING:
    from collections.abc import Mapping


def assignments(urls: Mapping[str, str], hosted: Mapping[str, Variables | None] | None = None) -> list[str]:
    """Return what points clients at base URLs, such as `OPENAI_BASE_URL=http://localhost:8080/v1 OPENAI_API_KEY=any`.

    Args:
        urls: by dialect the base URL at which it is spoken, without a slash at its end. A dialect whose SDK reads no variables
            brings nothing.
        hosted: by dialect the variables of another SDK, where a host carries the dialect in its own way.

    Returns:
        One text for each SDK and URL, in the order of the dialects.
    """
    sdks = {**_sdks(), **(hosted or {})}
    known = [(sdk, url) for dialect, url in urls.items() if (sdk := sdks.get(dialect)) is not None]
    texts = (f"{sdk.url}={url.removesuffix(sdk.added)}" + (f" {sdk.key}=any" if sdk.key else "") for sdk, url in known)
    return list(dict.fromkeys(texts))


@cache
def _sdks() -> dict[str, Variables]:
    document = tomllib.loads(files("conformance.emulator.site").joinpath("variables.toml").read_text("utf-8"))
    return {
        dialect: Variables(table["url"], table["key"], table.get("added", ""))
        for table in document["sdk"]
        for dialect in table["dialects"]
    }
