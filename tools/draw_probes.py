"""Draws odd requests into stored probes: `python -m tools.draw_probes [--seed N] [--count N] [--out FILE]`.

The same seed and the same hypothesis write the same file. It needs hypothesis, a development dependency; asking, recording and
replaying what was drawn do not.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tools.odd_bodies import OddBody, odd_bodies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OUT = Path(__file__).parents[1] / "conformance" / "probes" / "drawn.yaml"
_DRAWS = 600  # before the spread is taken: enough that each part of a request is drawn several times
_PROVOKES = "error.honest_answer, error.json_body, error.status_class"
_HEAD = """\
# Odd requests, drawn by `python -m tools.draw_probes --seed {seed} --count {count}`: not written by hand, so do not edit by hand.
# Each is odd in one way. Whatever comes back has to be an honest refusal or an honest answer.
probes:
"""
_PROBE = """
  - name: {name}
    does: {does}
    dialect: openai-chat
    provokes: [{provokes}]
    steps:
      - max_output: 8
        body: {body}
"""


def draw(number: int, count: int) -> list[OddBody]:
    """Return `count` odd bodies, each of its own oddity, spread over the parts of a request in turn."""
    found: dict[str, OddBody] = {}

    @seed(number)
    @settings(
        max_examples=_DRAWS,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(odd_bodies())
    def collect(odd: OddBody) -> None:
        found.setdefault(odd.does, odd)

    collect()
    return list(_spread(found.values()))[:count]


def _spread(bodies: Iterable[OddBody]) -> Iterable[OddBody]:
    """Yield one body of each part of a request, then the second of each, and so on."""
    parts: dict[str, list[OddBody]] = {}
    for odd in bodies:
        parts.setdefault(odd.part, []).append(odd)
    for turn in range(max(map(len, parts.values()), default=0)):
        yield from (of_part[turn] for of_part in parts.values() if turn < len(of_part))


def written(bodies: Iterable[OddBody], number: int, count: int) -> str:
    """Return a file of probes as YAML."""
    probes = (
        _PROBE.format(name=_name(odd), does=_flow(odd.does), provokes=_PROVOKES, body=_flow(odd.body)) for odd in bodies
    )
    return _HEAD.format(seed=number, count=count) + "".join(probes).lstrip("\n")


def _name(odd: OddBody) -> str:
    """Return a name that changes exactly when the body does."""
    slug = re.sub(r"[^a-z0-9]+", "-", odd.part.lower()).strip("-")
    return f"drawn-{slug}-{sha256(json.dumps(odd.body, sort_keys=True).encode()).hexdigest()[:6]}"


def _flow(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return a value in YAML's flow style, ASCII only. YAML 1.1 wants a point in a number with an exponent."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, float):
        mantissa, _, exponent = repr(value).partition("e")
        sign = "" if exponent.startswith("-") else "+"
        return (
            f"{mantissa if '.' in mantissa else mantissa + '.0'}e{sign}{exponent.lstrip('+')}" if exponent else mantissa
        )
    if isinstance(value, str):
        escaped = (char if " " <= char <= "~" and char not in '"\\' else f"\\U{ord(char):08X}" for char in value)
        return f'"{"".join(escaped)}"'
    return json.dumps(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file and return 0."""
    parser = argparse.ArgumentParser(prog="python -m tools.draw_probes", description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--out", type=Path, default=_OUT)
    options = parser.parse_args(arguments)
    bodies = draw(options.seed, options.count)
    options.out.write_text(written(bodies, options.seed, options.count), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
