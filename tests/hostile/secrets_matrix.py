"""`python -m tests.hostile.secrets_matrix [--fuzz N]`: plants secrets in every form, and counts those that redaction leaves."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from conformance.recording.redaction import redact
from conformance.wire.exchange import Exchange, Request, Response
from tests.hostile.planted import CODINGS, PLACES, Planted, foreign_keys, leaked, planted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A key is in use for so many recordings: its expressions take longer to compile than a recording to redact.
_SAME_KEY = 50
OWN = {
    "dashes": "acme-7Hq2Zk9Lw4Tn8Vb3Xc6M",
    "specials": 'aZ09/+%key"with\\odd=signs',
    "hex": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "openai": "sk-proj-Qw3rTy7uIoP9aSdF5gHjK1lZxCvBnM2",
}


def cleaned(body: bytes, secrets: Iterable[str]) -> bytes:
    """Return what redaction makes of an answer's body."""
    exchange = redact(Exchange("x", Request("POST", "https://h.example/v1"), Response(200, {}, body, "clean")), secrets)
    assert exchange.response is not None
    return exchange.response.body


def matrix() -> Iterator[tuple[str, Planted, bool]]:
    """Yield each secret that was planted, and whether it leaked."""
    for name, key in OWN.items():
        for case in planted(key, own=True):
            yield f"own {name}", case, leaked(case, cleaned(case.body, [key]))
    for name, key in foreign_keys().items():
        for case in planted(key, own=False):
            yield f"foreign {name}", case, leaked(case, cleaned(case.body, ()))


def fuzzed(count: int, seed: int = 1) -> Iterator[tuple[Planted, bool]]:
    """Yield so many recordings whose body mixes ordinary text with a key of ours or another's, and whether it leaked."""
    lot = random.Random(seed)
    codings, places, keys = list(CODINGS), list(PLACES), list(foreign_keys().values())
    words = [
        "the",
        "model",
        "answers",
        "with",
        "a",
        "list",
        "of",
        "{}",
        "values,",
        "é",
        "漢",
        "\\n",
        '"',
        "[1,",
        "2]",
        "data:",
        "end",
    ]
    mine = ""
    for number in range(count):
        own = lot.random() < 0.5
        if number % _SAME_KEY == 0:
            mine = "".join(lot.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLM0123456789-_", k=lot.randint(16, 60))) + "7"
        key = mine if own else lot.choice(keys)
        coding = lot.choice(codings if own else ["plain", "json-unicode", "percent-all", "base64", "hex", "html"])
        text, place = CODINGS[coding](key), lot.choice(places)
        around = (
            "" if place == "stream-3" else json.dumps(" ".join(lot.choices(words, k=lot.randint(0, 12))))[1:-1] + " "
        )
        case = Planted(f"{coding} in {place}", key, text.encode(), PLACES[place](around + text))
        yield case, leaked(case, cleaned(case.body, [key] if own else ()))


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fuzz", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-matrix", action="store_true", help="only fuzz")
    options = parser.parse_args()
    counted: Counter[str] = Counter()
    started = time.process_time()
    for whose, case, lost in () if options.no_matrix else matrix():
        counted[whose.split()[0]] += 1
        if lost:
            counted[f"{whose.split()[0]} leaked"] += 1
            print(f"leaked: {whose}: {case.name}")
    for case, lost in fuzzed(options.fuzz, options.seed):
        counted["fuzzed"] += 1
        if lost:
            counted["fuzzed leaked"] += 1
            print(f"leaked: fuzzed: {case.name}: {case.secret}")
    print(dict(counted), f"{time.process_time() - started:.0f} s")
    return 1 if any("leaked" in name for name in counted) else 0


if __name__ == "__main__":
    sys.exit(main())
