"""The paths of the vendors' published specifications, read from the facts beside the checkout. Nothing of them is copied."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FACTS: Final = Path(__file__).parents[3] / "shared" / "facts"
ROOTS: Final = Path(__file__).with_name("roots.tsv")
_TAG: Final = re.compile(r"<[^<>]*>")
_JSON_TYPES: Final = frozenset({"string", "integer", "number", "boolean", "array", "object"})


@dataclass(frozen=True)
class Root:
    """One object or event of a specification, and the schema that answers for it.

    Attributes:
        dialect: such as `openai-chat`.
        source: the file of paths, `sdk:NAME` or `botocore:SERVICE`.
        name: of the object in the source; `*` stands for any text.
        schema: file in `schemas/`, without `.json`.
    """

    dialect: str
    source: str
    name: str
    schema: str


@dataclass(frozen=True)
class SpecPath:
    """One property of an answer, as its specification has it.

    Attributes:
        text: the path with its variants, such as `Message/content/*<text>/text`.
        types: JSON types; empty where the specification names none.
        required: its object always has it.
        nullable: it may be null.
        enum: the documented words.
    """

    text: str
    types: frozenset[str] = frozenset()
    required: bool = False
    nullable: bool = False
    enum: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """The names below the root, without variants; `*` is any element of a list."""
        return tuple(_TAG.sub("", self.text).split("/")[1:])

    @property
    def root(self) -> str:
        """The name of the object that the path starts at, with its variant."""
        return self.text.split("/")[0]


@cache
def roots() -> tuple[Root, ...]:
    """Return the objects that are compared, in the order of `roots.tsv`."""
    with ROOTS.open(encoding="utf-8") as lines:
        return tuple(Root(**row) for row in csv.DictReader(lines, delimiter="\t"))


def paths_of_file(source: str) -> Iterator[SpecPath]:
    """Yield the paths of a file of `spec_paths`."""
    with (FACTS / "spec_paths" / source).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            names = set((row["type"] or "").split("|"))
            yield SpecPath(
                row["path"],
                frozenset(names & _JSON_TYPES) if names <= _JSON_TYPES | {"null"} else frozenset(),
                bool(row["required"]),
                bool(row["nullable"]) or "null" in names,
                tuple(filter(None, (row["enum"] or "").split("|"))),
            )


@cache
def sdk_classes(sdk: str, name: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return the model classes of an SDK with their members. Two files may name a class alike: the one beside `name` wins."""
    files = json.loads((FACTS / "sdk_types" / f"{sdk}.json").read_text("utf-8"))["files"]
    beside = sorted(files.values(), key=lambda classes: name in classes)
    return {title: members for classes in beside for title, members in classes.items() if isinstance(members, dict)}
