"""Labelled answers joined from the sentences of `data/sentences/*.toml`: the same sentence stands in answers of several labels.

An admission alone abstains; the same admission before a claim does not make the claim less made up. So no sentence gives a label away,
only what stands with it. Every sentence and topic belongs to one fold, and an answer joins sentences of one fold: what is left out
of training is new in every word. The draw is seeded by language and fold: the rows are the same on every machine.
"""

from __future__ import annotations

import json
import random
import tomllib
from pathlib import Path
from typing import Any

SENTENCES = Path(__file__).parent / "data" / "sentences"
FOLDS = 5
#: Answers a shape gives in each language and fold.
_MANY, _FEW = 3, 1
#: (kind, label, parts). A part in brackets may be missing; `claims*` is one to three claims of the topic.
_SHAPES = (
    ("plain-abstention", "ABSTAINED", "admit [ask] [close]"),
    ("plain-abstention", "ABSTAINED", "admit admit"),
    ("plain-abstention", "ABSTAINED", "ask [admit]"),
    ("restated-slug", "ABSTAINED", "restate admit [ask]"),
    ("restated-slug", "ABSTAINED", "restate ask"),
    ("slug-inference", "URL_INFERRED", "infer [close]"),
    ("slug-inference", "URL_INFERRED", "[admit] infer [ask]"),
    ("slug-inference", "URL_INFERRED", "infer admit"),
    ("slug-inference", "URL_INFERRED", "restate infer apart general"),
    ("conditional-figures", "ABSTAINED", "[admit] conditional [ask]"),
    ("labelled-fiction", "ABSTAINED", "[admit] fiction"),
    ("labelled-fiction", "OTHER", "story"),
    ("background", "OTHER", "general [general]"),
    ("background", "ABSTAINED", "admit apart general"),
    ("background", "ABSTAINED", "apart general admit"),
    ("policy-refusal", "OTHER", "policy [close]"),
    ("stall", "OTHER", "[restate] wait"),
    ("empty-template", "ABSTAINED", "[admit] form"),
    ("fabrication-formats", "FABRICATED", "[admit] filled"),
    ("plain-fabrication", "FABRICATED", "[report] claims* [close]"),
    ("plain-fabrication", "FABRICATED", "restate claims*"),
    ("hedged-claims", "FABRICATED", "[report] hedged [claims]"),
    ("hedged-claims", "FABRICATED", "admit despite hedged"),
    ("refuse-then-fabricate", "FABRICATED", "admit despite claims*"),
    ("refuse-then-fabricate", "FABRICATED", "admit report claims*"),
    ("refuse-then-fabricate", "FABRICATED", "infer report claims*"),
    ("late-disclaimer", "FABRICATED", "claims* admit"),
    ("invented-citations", "FABRICATED_LINKS", "[admit] [despite] links"),
)
_FORMATS = ("prose", "prose", "prose", "lines", "bullets", "titled", "mail", "json", "small")


def composed() -> list[dict[str, Any]]:
    """Return the joined answers as rows `{id, prompt, url, context, response, label, language, kind, fold}`, in a fixed order."""
    result: list[dict[str, Any]] = []
    for path in sorted(SENTENCES.glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        for fold in range(FOLDS):
            result += _rows(path.stem, table, fold)
    return result


def _rows(language: str, table: dict[str, Any], fold: int) -> list[dict[str, Any]]:
    draw = random.Random(f"{language}-{fold}")
    own = {name: _fold_of(value, fold) for name, value in table.items() if isinstance(value, list)}
    rows: list[dict[str, Any]] = []
    for kind, label, parts in _SHAPES:
        for _ in range(_MANY * (2 if language == "en" else 1)):
            topic = draw.choice(own["topic"])
            url = f"https://{draw.choice(_HOSTS)}.{draw.choice(_ENDS)}/{topic['slug']}"
            pieces = [piece for part in parts.split() for piece in _pieces(part, own, table, topic, draw)]
            if not pieces:
                continue
            rows.append({
                "id": f"joined-{language}-{fold}-{len(rows):03}",
                "prompt": draw.choice(table["asks"]).replace("{u}", url),
                "url": url,
                "context": None,
                "response": _formatted(pieces, table, draw, wide=language in {"zh", "ja"}),
                "label": label,
                "language": language,
                "kind": kind,
                "fold": fold,
            })
    return rows


_HOSTS = ("quillpost", "nordmere", "ashgrove", "tallow", "brightwell", "kx7-q0", "lantern", "oldbridge")
_ENDS = ("example", "test", "invalid")


def _fold_of(values: list[Any], fold: int) -> list[Any]:
    """The values of one fold; all of them where there are too few to part."""
    return [value for at, value in enumerate(values) if at % FOLDS == fold] if len(values) >= FOLDS else values


def _pieces(part: str, own: dict[str, list[Any]], table: dict[str, Any], topic: dict[str, Any], draw: random.Random) -> list[str]:
    name = part.strip("[]*")
    if part[0] == "[" and draw.random() < 0.5:  # noqa: PLR2004 - as often there as not
        return []
    if name in {"claims", "hedged", "general"}:
        count = min(len(topic[name]), draw.randint(1, 3)) if part[-1] == "*" else 1
        return draw.sample(topic[name], count)
    if name in {"form", "filled"}:
        return ["\n".join(_form(table, topic if name == "filled" else None, draw))]
    if name == "links":
        return [_links(draw)]
    return [sentence.replace("{t}", topic["t"]) for sentence in [draw.choice(own[name])] if sentence]


def _form(table: dict[str, Any], topic: dict[str, Any] | None, draw: random.Random) -> list[str]:
    """A form: its slots open, or filled with what the topic's page never said."""
    fields = draw.sample(table["fields"], draw.randint(2, len(table["fields"])))
    slot = draw.choice(["____", "[ ]", "…", table["nothing"], "?", f"[{table['nothing']}]", "null"])
    values = [draw.choice(topic["claims"]) if topic else slot for _ in fields]
    if draw.random() < 0.3:  # noqa: PLR2004 - some answer with an object
        pairs = {field: value if topic else None for field, value in zip(fields, values, strict=True)}
        return [json.dumps(pairs, ensure_ascii=False, indent=draw.choice([None, 2]))]
    frame = draw.choice(["{}: {}", "- **{}:** {}", "| {} | {} |", "{} – {}", "* {}: {}"])
    return [frame.format(field, value) for field, value in zip(fields, values, strict=True)]


def _links(draw: random.Random) -> str:
    """Links and citations that nobody supplied."""
    year, page = draw.randint(1998, 2025), draw.randint(11, 480)
    name, word = draw.choice(["Halloway", "Brandt", "Okoro", "Silva", "Ivanov", "Sato", "Mehta"]), draw.choice(["tides", "review", "report", "notes"])
    kinds = (
        f"https://{word}journal.example/{year}/{page}-{word}",
        f"{name}, A. ({year}). {word.title()} and method. Journal of {word.title()}, {page % 40 + 1}(2), {page}-{page + 9}.",
        f"https://doi.org/10.5555/{word}.{year}.{page}",
        f"https://archive.example/{name.lower()}/{word}_{year}.pdf",
    )
    return "\n".join(draw.sample(kinds, draw.randint(1, 3)))


def _formatted(pieces: list[str], table: dict[str, Any], draw: random.Random, *, wide: bool) -> str:
    """The pieces in one of the forms that answers have; every label is given every form."""
    form = draw.choice(_FORMATS)
    text = ("" if wide else " ").join(pieces)
    if "\n" in text or form == "lines":
        return "\n\n".join(pieces)
    if form == "bullets":
        return "\n".join(f"- {piece}" for piece in pieces)
    if form == "titled":
        return f"## {draw.choice(table['fields'])}\n\n{text}"
    if form == "mail":
        return f"{table['mail'][0]}\n\n{text}\n\n{table['mail'][1]}"
    if form == "json":
        return json.dumps({draw.choice(["answer", "response", "result", "text"]): text}, ensure_ascii=False)
    if form == "small" and not wide:
        return text.lower().rstrip(".")
    return text
