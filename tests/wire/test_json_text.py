"""Reading JSON: what a lenient parser would hide is noticed, and nothing makes the reader raise."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.wire.json_text import MAX_DEPTH, MISSING, Document, read_json

#: Integers of 64 bits: beyond them RFC 8259 6 expects no two parsers to agree, and orjson gives a float.
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20
)

DUPLICATES = {
    "at the top": (b'{"a":1,"a":2}', ("a",)),
    "with the same value": (b'{"a":1,"a":1}', ("a",)),
    "in an object in an array": (b'[0,[{"b":{"c":1,"c":2}}]]', ("c",)),
    "three times": (b'{"a":1,"a":2,"a":3}', ("a",)),
    "two of them": (b'{"a":1,"b":[],"b":{},"a":3}', ("b", "a")),
    "written differently": (b'{"a":1,"\\u0061":2}', ("a",)),
    "with spaces before the colon": (b'{"a" :1,"a"\t: 2}', ("a",)),
    "beside strings with colons": (b'{"url":"http://x:1/","a":"\\":","a":"::"}', ("a",)),
    "the empty key": (b'{"":1,"":2}', ("",)),
    "in a text that only a lenient parser reads": (b'{"a":NaN,"a":NaN}', ("a",)),
}
UNIQUE = {
    "in two objects": b'[{"a":1},{"a":{"a":1}}]',
    "in different cases": b'{"a":1,"A":2}',
    "in a string": b'{"a":"{\\"b\\":1,\\"b\\":2}"}',
    "in strings that look like keys": b'{"a":"x\\": \\"y\\":"}',
}
LENIENT = {
    "NaN": (b"[NaN]", [math.nan]),
    "Infinity": (b"[-Infinity]", [-math.inf]),
    "a number too large for a double": (b"[1e999]", [math.inf]),
    "an escaped lone surrogate": (b'"\\ud83d"', "\ud83d"),
    "a lone surrogate in UTF-8": (b'"\xed\xa0\xbd"', "\ud83d"),
    "a key that is a lone surrogate": (b'{"\\udc00":1}', {"\udc00": 1}),
    "a byte order mark": (b"\xef\xbb\xbf{}", {}),
}
NO_JSON = {
    "nothing": b"",
    "white space": b" \n",
    "text": b"Internal Server Error",
    "[DONE]": b"[DONE]",
    "a cut object": b'{"a": {"b": [1, 2',
    "trailing garbage": b"{} {}",
    "a trailing comma": b'{"a":1,}',
    "single quotes": b"{'a':1}",
    "None": b"None",
    "invalid UTF-8": b'"\xff"',
    "a raw line feed in a string": b'"a\nb"',
    "a number with leading zeros": b"007",
    "a number of 5000 digits": b"9" * 5000,
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "arrays nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "objects nested 100,000 deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
}


def test_every_key_that_one_object_holds_twice_is_named() -> None:
    for name, (text, keys) in DUPLICATES.items():
        document = read_json(text)
        assert (document.duplicates, document.error) == (keys, None), name


def test_equal_keys_of_two_objects_are_no_duplicates() -> None:
    assert [name for name, text in UNIQUE.items() if read_json(text).duplicates] == []


def test_the_last_of_two_equal_keys_is_kept() -> None:
    assert read_json(b'{"a":1,"a":2}').value == {"a": 2}


def test_text_that_only_a_lenient_parser_reads_is_read_and_marked() -> None:
    for name, (text, value) in LENIENT.items():
        document = read_json(text)
        assert repr(document.value) == repr(value), name
        assert document.lenient, name
        assert document.error is None, name


def test_text_that_is_no_json_is_an_error_and_no_value() -> None:
    for name, text in NO_JSON.items():
        document = read_json(text)
        assert document.error, name
        assert document == Document(error=document.error), name
        assert document.value is MISSING, name


AROUND = {"arrays": (b"[", b"]"), "objects": (b'{"a":', b"}"), "objects with a key twice": (b'{"a":1,"a":', b"}")}


@pytest.mark.parametrize("name", AROUND)
@pytest.mark.parametrize("core", [b"1", b"NaN"])
def test_nesting_is_read_down_to_a_limit(name: str, core: bytes) -> None:
    before, after = AROUND[name]
    assert read_json(before * MAX_DEPTH + core + after * MAX_DEPTH).error is None
    for depth in (MAX_DEPTH + 1, 900, 990, 1000, 1020, 1025):  # around the limits of Python's stack and of orjson
        assert read_json(before * depth + core + after * depth).error


def test_a_wide_value_is_not_a_deep_one() -> None:
    assert read_json(b"[" + b"[]," * 1000 + b"{}]").error is None


def test_integers_of_64_bits_are_exact_and_larger_ones_are_floats() -> None:
    assert read_json(b"[18446744073709551615, -9223372036854775808]").value == [2**64 - 1, -(2**63)]
    (large,) = read_json(b"[9223372036854767616123]").value
    assert isinstance(large, float)


@given(VALUES, st.booleans(), st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]))
def test_whatever_is_written_is_read_back(value: Any, ascii_only: bool, separators: tuple[str, str]) -> None:  # noqa: FBT001
    text = json.dumps(value, ensure_ascii=ascii_only, separators=separators).encode()
    assert read_json(text) == Document(value)
    assert repr(read_json(text).value) == repr(value)  # 1 is not 1.0, and 0.0 not -0.0


Pairs = list[tuple[str, Any]]
KEYS = st.sampled_from(["a", "b", ":", '"', '":', ""])
TREES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(["", ":", '":', "x"]) | st.integers(0, 9),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: ("array", items))
        | st.lists(st.tuples(KEYS, inner), max_size=4).map(lambda pairs: ("object", pairs))
    ),
    max_leaves=15,
)


def written(tree: Any) -> str:
    """Write a tree whose objects are lists of pairs."""
    if not isinstance(tree, tuple):
        return json.dumps(tree)
    kind, items = tree
    if kind == "array":
        return "[" + ",".join(written(item) for item in items) + "]"
    return "{" + ", ".join(f"{json.dumps(key)}: {written(item)}" for key, item in items) + "}"


def doubled(tree: Any) -> set[str]:
    """Return the keys that one object of a tree holds twice."""
    if not isinstance(tree, tuple):
        return set()
    kind, items = tree
    inner = set().union(*(doubled(item if kind == "array" else item[1]) for item in items)) if items else set()
    keys = [key for key, _ in items] if kind == "object" else []
    return inner | {key for key in keys if keys.count(key) > 1}


@given(TREES)
def test_duplicates_are_found_at_any_depth_and_only_there(tree: Any) -> None:
    found = set(read_json(written(tree).encode()).duplicates)
    assert found == doubled(tree)


TOKENS = st.sampled_from([b"{", b"}", b"[", b"]", b'"', b":", b",", b"1", b"NaN", b"\\ud800", b"a"])


@given(st.binary(max_size=40) | st.lists(TOKENS).map(b"".join))
def test_no_bytes_make_the_reader_raise(text: bytes) -> None:
    document = read_json(text)
    assert (document.value is MISSING) == (document.error is not None)
