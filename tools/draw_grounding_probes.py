"""Draws the grounding probes: `python -m tools.draw_grounding_probes [--seed N] [--out FILE]`.

Addresses, pages and canaries come from the seed, which the file's first line names: the same seed writes the same file. Drawing anew
is a deliberate act: what was recorded keeps its addresses, and is marked stale until it is recorded again.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from conformance.knowledge.grounding.canary import draw_canary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FOLDER = Path(__file__).parent
_PAGES: dict[str, Any] = tomllib.loads((_FOLDER / "pages.toml").read_text("utf-8"))
_OUT = _FOLDER.parent / "conformance" / "probes" / "grounding.yaml"
_HEAD = """\
# Answers to prompts that carry a URL, drawn by `python -m tools.draw_grounding_probes --seed {seed}`: do not edit by hand.
# Addresses end in .invalid, .test and .example, which never are pages (RFC 2606, RFC 6761): nothing said of them can be read there.
"""
MAX_OUTPUT = 96  # tokens: enough to disclose, to call, or to make a page up

UNREAD = ("url.grounding_no_fabrication", "url.disclosure_rate")
LINKS = ("url.links_supplied", "url.disclosure_rate")
CALL = ("url.call_rate",)
SUPPLIED = ("url.over_abstention_rate", "url.tool_result_used")
FAILED = ("url.grounding_no_fabrication",)

_TOOLS = ("fetch_url", "open_page", "read_web_page")


class Asked(NamedTuple):
    """A probe: its name, what it does, what it provokes, the turns of its steps (a system text first), and the tool that it offers."""

    name: str
    does: str
    provokes: Sequence[str]
    steps: Sequence[Sequence[Any]]
    tool: str = ""
    needs: Sequence[str] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as schemas/probe.json has it."""
        needs = [*self.needs, *(["tools"] if self.tool else [])]
        return {
            "name": f"grounding-{self.name}",
            "does": self.does,
            **({"needs": needs} if needs else {}),
            "provokes": list(self.provokes),
            "steps": [{"greedy": True, "max_output": MAX_OUTPUT, "ask": self.ask(turns)} for turns in self.steps],
        }

    def ask(self, turns: Sequence[Any]) -> dict[str, Any]:
        """Return what a step asks."""
        system: dict[str, Any] = next((turn for turn in turns if "system" in turn), {})
        spoken = [turn for turn in turns if "system" not in turn]
        alone = len(spoken) == 1 and "user" in spoken[0]
        words = {"text": spoken[0]["user"]} if alone else {"turns": spoken}
        return {**({"tools": [_tool(self.tool)]} if self.tool else {}), **system, **words}


def languages() -> dict[str, dict[str, str]]:
    """Return what is asked, by language and kind."""
    return tomllib.loads((_FOLDER / "asks.toml").read_text("utf-8"))


def draw(seed: int) -> list[Asked]:
    """Return the probes of a seed, in their order."""
    addresses = _Addresses(Random(seed))  # noqa: S311 - addresses are no secrets
    asks = languages()
    return [probe for kind in (_unread, _pressed, _with_tool, _supplied) for probe in kind(asks, addresses)]


class _Addresses:
    """What is drawn: one generator, so that the order of the probes is part of the file."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def random(self) -> str:
        return f"https://{self.rng.randbytes(5).hex()}.invalid/{self.rng.randbytes(6).hex()}"

    def telling(self) -> str:
        return f"https://{self._one('hosts')}.example/{self._one('slugs')}"

    def live(self) -> str:
        return f"https://tickets-{self._one('hosts')}.test/{self._one('live')}"

    def page(self) -> str:
        facts = " ".join(self.rng.sample(_PAGES["facts"], 3))
        return f"Page code: {draw_canary(self.rng)}. {facts} The author prefers to be reached by letter."

    def call_id(self) -> str:
        return self.rng.randbytes(5).hex()[:9]  # nine letters or digits: what the strictest provider takes

    def _one(self, kind: str) -> str:
        return str(self.rng.choice(_PAGES[kind]))


def _unread(asks: dict[str, dict[str, str]], at: _Addresses) -> Iterator[Asked]:
    """Pages that nobody can open: twins under a random and a telling address, links, what is so this minute."""
    for code, texts in asks.items():
        random, telling = at.random(), at.telling()
        yield Asked(
            f"random-{code}",
            f"asks what an address of random letters says ({code})",
            UNREAD,
            [[_user(texts["summary"], random)]],
        )
        yield Asked(
            f"slug-{code}",
            f"asks the same of an address that invites a guess ({code})",
            UNREAD,
            [[_user(texts["summary"], telling)]],
        )
        yield Asked(
            f"links-{code}",
            f"asks for a page's sources with their URLs ({code})",
            LINKS,
            [[_user(texts["links"], at.telling())]],
        )
        yield Asked(
            f"live-{code}", f"asks for a fact of this minute ({code})", UNREAD, [[_user(texts["live"], at.live())]]
        )
    for number in (2, 3, 4):
        yield Asked(
            f"links-en-{number}",
            "asks for a page's sources with their URLs (en)",
            LINKS,
            [[_user(asks["en"]["links"], at.random())]],
        )


def _pressed(asks: dict[str, dict[str, str]], at: _Addresses) -> Iterator[Asked]:
    """Formats that leave no room for a word of warning, a persona that must not give one, and the question behind the answer."""
    for code, texts in asks.items():
        yield Asked(
            f"json-{code}",
            f"asks for JSON about a page and nothing else ({code})",
            UNREAD,
            [[_user(texts["json"], at.telling())]],
        )
        if "persona" in texts:
            told = {"system": texts["persona"]}
            messages = [told, _user(texts["summary"], at.telling())]
            yield Asked(
                f"persona-{code}", f"claims a browser that is not there ({code})", UNREAD, [messages], needs=["system"]
            )
        if "opened" in texts:
            first = [_user(texts["summary"], at.random())]
            then = [{"$history": 0}, {"$reply": 0}, {"user": texts["opened"]}]
            yield Asked(f"opened-{code}", f"asks whether the link was opened at all ({code})", UNREAD, [first, then])
    yield Asked(
        "number-en", "asks for one number from a page (en)", UNREAD, [[_user(asks["en"]["number"], at.telling())]]
    )
    told = {"system": asks["en"]["honest"]}
    messages = [told, _user(asks["en"]["summary"], at.telling())]
    yield Asked("honest-en", "asks to say so where a page cannot be opened (en)", UNREAD, [messages], needs=["system"])


def _with_tool(asks: dict[str, dict[str, str]], at: _Addresses) -> Iterator[Asked]:
    """A tool that opens pages: offered, and answered with an error."""
    for code, texts in asks.items():
        yield Asked(
            f"call-{code}",
            f"offers a tool that opens pages ({code})",
            CALL,
            [[_user(texts["summary"], at.telling())]],
            _TOOLS[0],
        )
    for tool in _TOOLS:
        does = f"offers {tool} for a random address (en)"
        yield Asked(f"call-{tool.replace('_', '-')}", does, CALL, [[_user(asks["en"]["summary"], at.random())]], tool)
    for name, failure in _PAGES["failures"].items():
        url = at.telling()
        messages = [_user(asks["en"]["summary"], url), *_fetched(at, url, failure)]
        yield Asked(f"failed-{name}", f"brings no page, but {failure[:40]!r} (en)", FAILED, [messages], _TOOLS[0])


def _supplied(asks: dict[str, dict[str, str]], at: _Addresses) -> Iterator[Asked]:
    """Pages that a tool brought or that stand in the prompt, with a code and with facts that nobody knows from elsewhere."""
    for code, texts in asks.items():
        url = at.telling()
        messages = [_user(texts["code"], url), *_fetched(at, url, at.page())]
        yield Asked(
            f"result-{code}", f"asks about the page that a tool brought ({code})", SUPPLIED, [messages], _TOOLS[0]
        )
        url = at.telling()
        text = f'{texts["pasted"].format(url=url)}\n\n"""\n{at.page()}\n"""\n\n{texts["code"].format(url=url)}'
        yield Asked(
            f"pasted-{code}",
            f"asks about a page that stands in the prompt ({code})",
            SUPPLIED,
            [[{"user": text}]],
        )


def _user(text: str, url: str) -> dict[str, str]:
    return {"user": text.format(url=url)}


def _fetched(at: _Addresses, url: str, result: str) -> list[dict[str, Any]]:
    name = at.call_id()
    call = {"id": name, "name": _TOOLS[0], "arguments": f'{{"url": "{url}"}}'}
    return [{"calls": [call]}, {"results": [{"id": name, "content": result}]}]


def _tool(name: str) -> dict[str, Any]:
    url = {"type": "string", "description": "The address of the page."}
    parameters = {"type": "object", "properties": {"url": url}, "required": ["url"], "additionalProperties": False}
    return {"name": name, "description": "Open a web page and return its text.", "parameters": parameters}


def written(seed: int) -> str:
    """Return the file of a seed as YAML."""
    probes = [probe.as_dict() for probe in draw(seed)]
    body = yaml.dump({"probes": probes}, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=160)
    return _HEAD.format(seed=seed) + str(body)


class _Plain(yaml.SafeDumper):
    """YAML without anchors: each probe can be read alone."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - as PyYAML calls it
        return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, print the seed, and return 0."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.draw_grounding_probes", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=_OUT)
    options = parser.parse_args(arguments)
    options.out.write_text(written(options.seed), "utf-8")
    sys.stdout.write(f"seed {options.seed}: {len(draw(options.seed))} probes in {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
