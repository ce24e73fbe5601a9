"""The page at `/`: every provider with its base URL, and snippets to copy. It loads nothing from elsewhere."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup, escape

from conformance.wire.dialects import dialect_named
from conformance.wire.dialects.ask import Ask, Composed, Text, Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.providers import Target

_ANY: Final = "*"
_QUESTION: Final = Ask(turns=(Turn("user", (Text("Say hello."),)),), max_tokens=64)
_HEAD: Final = Markup(
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Emulated LLM providers</title><style>"
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "details{border:1px solid #8886;border-radius:.4rem;margin:.5rem 0;padding:.5rem .8rem}summary{cursor:pointer}"
    "pre{background:#8882;padding:.6rem;overflow:auto;border-radius:.3rem}button{float:right}h3{margin:.8rem 0 .2rem;font-size:1rem}"
    "</style><h1>Emulated LLM providers</h1><p>No model answers here: every answer is emulated from facts about the provider, and labelled"
    " so. Any key works. <a href='/healthz'>/healthz</a> says whether the server is up.</p>"
)
_SCRIPT: Final = Markup(
    "<script>document.addEventListener('click',e=>{if(e.target.tagName==='BUTTON'){"
    "navigator.clipboard.writeText(e.target.nextElementSibling.textContent);e.target.textContent='copied'}})</script>"
)


class Listed(NamedTuple):
    """A provider on the page: its name, the path at which its base URL begins, its target, and all dialects that it speaks here."""

    name: str
    path: str
    target: Target
    dialects: tuple[str, ...]


def page(origin: str, providers: Sequence[Listed]) -> str:
    """Return the HTML of the page.

    Args:
        origin: scheme, host and port as the reader calls the server.
        providers: in their order.
    """
    entries = (
        Markup(
            "<details><summary><b>{}</b> <code>{}</code></summary><p>model {} &middot; dialects {}</p>{}</details>"
        ).format(
            entry.name,
            origin + entry.path,
            entry.target.model,
            ", ".join(dict.fromkeys((entry.target.dialect, *entry.dialects))),
            Markup("").join(_block(language, text) for language, text in snippets(origin, entry)),
        )
        for entry in providers
    )
    return str(_HEAD + Markup("").join(entries) + _SCRIPT)


def snippets(origin: str, entry: Listed) -> Iterator[tuple[str, str]]:
    """Yield language and text of each snippet for a provider's own dialect."""
    target = entry.target
    composed = dialect_named(target.dialect).compose(_QUESTION, target.model, target.unsupported_params)
    if not isinstance(composed, Composed):
        return
    if target.hosting is not None:
        composed = target.hosting.carried(composed)
    auth = target.auth
    key = f"{auth.scheme} any".strip() if auth else "any"
    values = {
        "base_url": origin + entry.path,
        "url": f"{origin}{entry.path}/{composed.path}",
        "model": target.model,
        "header": auth.header if auth else "authorization",
        "key": key,
        "body": json.dumps(composed.body),
    }
    for language, by_dialect in _texts().items():
        text = by_dialect.get(target.dialect, by_dialect[_ANY])
        yield language, text.strip().format(**values)


@cache
def _texts() -> dict[str, dict[str, str]]:
    document = tomllib.loads(files("conformance.emulator.site").joinpath("snippets.toml").read_text("utf-8"))
    texts: dict[str, dict[str, str]] = {}
    for entry in document["snippet"]:
        texts.setdefault(entry["language"], {})[entry["dialect"]] = entry["text"]
    return texts


def _block(language: str, text: str) -> Markup:
    return Markup("<h3>{}</h3><button>copy</button><pre>{}</pre>").format(language, escape(text))
