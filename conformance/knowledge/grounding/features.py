"""The figures that the statistical stage weighs: cues, their order, specifics, shape. None depends on a host, slug or language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from conformance.knowledge.grounding.cue_balance import holds_any, leaning, tally
from conformance.knowledge.grounding.reading import is_loop

if TYPE_CHECKING:
    from conformance.knowledge.grounding.reading import Reading

FUNCTIONS = (
    "disclose", "ask", "infer", "assert", "claim", "general", "wait", "closing", "offer",
    "question", "advice", "content", "refuse", "error", "silent", "slot", "fiction", "suppose",
)  # fmt: skip
_PERSONS = frozenset({"me", "you"})
_CUES = (
    "basis", "hedge", "attribute", "author", "general", "unsafe", "unknown",
    "you", "me", "error", "silent", "unable", "failed", "page", "deliver",
    "fiction", "suppose",
)  # fmt: skip


def features_of(reading: Reading) -> dict[str, float]:
    """Return the features that are not zero, each in about [0, 1]."""
    units, counts = reading.units, tally(reading)
    result: dict[str, float] = {f"lean={leaning(reading, counts)}": 1.0}
    total = len(units) or 1
    for name in FUNCTIONS:
        count = sum(unit.does == name for unit in units)
        if count:
            result[f"does:{name}"] = 1.0
            result[f"share:{name}"] = count / total
    for name in _CUES:
        if any(name in unit.cues for unit in units):
            result[f"cue:{name}"] = 1.0
    _order(reading, result)
    _foreign(reading, result)
    _owned(reading, result)
    result["words"] = math.log1p(reading.words) / 6
    numbers = sum(entry.kind == "number" for entry in reading.unsupported)
    for name, count in (
        ("numbers", numbers),
        ("quotes", sum(entry.kind == "quote" for entry in reading.unsupported)),
        ("names", sum(entry.kind == "name" for entry in reading.unsupported)),
        ("before", len(counts.before)),
        ("after", len(counts.after)),
        ("pointed", len(counts.pointed)),
        ("telling", len(counts.telling)),
        ("based", len(counts.based)),
        ("links", len(reading.strange)),
        ("slots", reading.slots),
    ):
        if count:
            result[name] = min(1.0, math.log1p(count) / 2)
    flags = {
        "yes": reading.says_yes,
        "asks_links": reading.asks_links,
        "asks_opened": reading.asks_opened,
        "opened_no": reading.asks_opened and reading.says_no,
        "loop": is_loop(reading),
        "json": reading.values is not None,
        "json_nulls": reading.values is not None and reading.nulls == len(reading.values),
        "json_values": reading.values is not None and reading.nulls < len(reading.values),
        "foreign": not reading.spoken,
        "no_words": not any(token.word[0].isalpha() for token in reading.tokens),
        "definition": _defines(reading),
        "plain": _is_plain(reading),
        "list": sum(unit.does in {"content", "assert"} for unit in units) > 3,  # noqa: PLR2004 - a list, not a sentence
    }
    result |= {f"is:{name}": 1.0 for name, holds in flags.items() if holds}
    return result


def _defines(reading: Reading) -> bool:
    """Whether an answer begins as an encyclopaedia does and owes nothing to a page: "A tram is a vehicle that …"."""
    units = reading.units
    if not units or any({"attribute", "author", "me", "claim"} & unit.cues.keys() for unit in units):
        return False
    return 0 < units[0].letters.find("d") <= 8 and not any(entry.kind != "name" for entry in reading.unsupported)  # noqa: PLR2004 - near its start


def _is_plain(reading: Reading) -> bool:
    """Whether an answer speaks of no page, to nobody, without a specific: background, or a bare claim."""
    counts = {"attribute", "author", "deliver", "claim", "you", "me", "page", "disclose", "ask"}
    return not reading.unsupported and not any(counts & unit.cues.keys() for unit in reading.units)


def _foreign(reading: Reading, result: dict[str, float]) -> None:
    """Where and how much an answer talks of a matter, to nobody: neither of itself nor to the reader, and not as a guess."""
    units = reading.units
    foreign = [
        unit for unit in units if unit.does in {"content", "assert", "claim"} and not _PERSONS & unit.cues.keys()
    ]
    first = next((unit.start for unit in units if unit.does in {"disclose", "ask"}), -1)
    weighty = [unit for unit in foreign if unit.topical >= 2]  # noqa: PLR2004 - one word is a slip of ours
    topical = sum(unit.topical for unit in units)
    persons = sum(bool(_PERSONS & unit.cues.keys()) for unit in units)
    values = {
        "foreign_share": len(foreign) / len(units) if units else 0.0,
        "foreign_after": min(1.0, sum(unit.start > first for unit in weighty) / 2) if first >= 0 else 0.0,
        "foreign_before": min(1.0, sum(unit.start < first for unit in weighty) / 2) if first >= 0 else 0.0,
        "foreign_only": float(first < 0 and bool(weighty)),
        "topical": math.log1p(topical) / 4,
        "topical_share": topical / max(1, reading.words),
        "persons_share": persons / len(units) if units else 0.0,
    }
    result |= {name: value for name, value in values.items() if value}


def _owned(reading: Reading, result: dict[str, float]) -> None:
    """Whose an admission is: the writer's, the page's, or somebody's of whom is told, as when it stands in quotation marks."""
    units = [unit for unit in reading.units if unit.does == "disclose"]
    for unit in units:
        quoted = reading.plain.count('"', 0, unit.start) % 2 == 1 or reading.plain[unit.start - 1 : unit.start] == '"'
        owner = "quoted" if quoted else next((name for name in ("me", "page") if name in unit.cues), "nobody")
        result[f"admits:{owner}"] = 1.0
    places = sorted(entry.start for entry in reading.unsupported)
    telling = [
        unit for unit in reading.units if unit.does in {"content", "assert", "claim"} and holds_any(unit, places)
    ]
    first = units[0].start if units else -1
    for name, holds in (
        ("told first", any(unit.start < first for unit in telling)),
        ("told behind", any(unit.start > first for unit in telling) and bool(units)),
        ("told only", bool(telling) and not units),
        ("told if", any("suppose" in unit.cues for unit in telling)),
    ):
        if holds:
            result[name] = 1.0


def _order(reading: Reading, result: dict[str, float]) -> None:
    does = [unit.does for unit in reading.units if unit.does != "closing"]
    if not does:
        return
    result[f"first:{does[0]}"] = result[f"last:{does[-1]}"] = 1.0
    places = [at for at, entry in enumerate(does) if entry == "disclose"]
    if places:
        result["disclosed_at"] = places[0] / len(does)
        result["disclosed_late"] = float(
            places[0] > 0 and any(entry in {"assert", "content", "claim"} for entry in does[: places[0]])
        )
