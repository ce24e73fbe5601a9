"""Templates: what a placeholder becomes, and that a typing error in one is found when the TOML is loaded."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.emulator.dress.templates import ABSENT, filled, merged, moment, without_absent
from conformance.errors import UnusableInputError
from conformance.providers import load_providers
from conformance.providers.templates import parts, problems

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_795_219_200.25


def fill(template: Any, **scope: Any) -> Any:
    return filled(template, {**moment(NOW), **scope}, Random(1))  # noqa: S311 - no secret


@pytest.mark.parametrize(
    ("template", "pattern"),
    [
        ("chatcmpl-{uuid}", r"chatcmpl-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ("fp_{hex:10}", r"fp_[0-9a-f]{10}"),
        ("{alnum:24}", r"[A-Za-z0-9]{24}"),
        ("{lower:26}", r"[a-z0-9]{26}"),
        ("{upper:3}", r"[A-Z]{3}"),
        ("{digits:4}", r"[0-9]{4}"),
        ("{base64:12}", r"[A-Za-z0-9+/]{12}"),
        ("{pick:a|b}", r"a|b"),
        ("n{int:1..9}", r"n[1-9]"),
        ("{{{digits:1}}}", r"\{[0-9]\}"),
        ("{iso}", r"2026-11-21T00:00:00\.250Z"),
        ("{http_date}", r"Sat, 21 Nov 2026 00:00:00 GMT"),
    ],
)
def test_a_template_becomes_text_of_its_form(template: str, pattern: str) -> None:
    assert re.fullmatch(pattern, fill(template))


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{now}", 1_795_219_200),
        ("{now_ms}", 1_795_219_200_250),
        ("{now_float}", NOW),
        ("{null}", None),
        ("{index}", 2),
        ("t{index}", "t2"),
        ("{usage}", {"total_tokens": 3}),
        ("{piece}", None),
        ("<{piece}>", "<>"),
        (["{index}", {"a": "{index}", "b": True}], [2, {"a": 2, "b": True}]),
    ],
)
def test_a_placeholder_alone_takes_its_json_type(template: Any, value: Any) -> None:
    assert fill(template, index=2, usage={"total_tokens": 3}) == value


def test_numbers_stay_within_their_bounds() -> None:
    assert all(3 <= fill("{int:3..4}") <= 4 for _ in range(20))
    assert 0.1 <= fill("{float:0.1..0.2}") <= 0.2
    assert fill("{int:-5..-5}") == -5


def test_absent_removes_a_member_at_any_depth() -> None:
    over = fill({"a": "{absent}", "b": {"c": "{absent}"}, "d": {"e": "{absent}", "f": 1}, "g": ["{absent}", 1]})
    assert over["a"] is ABSENT
    assert merged({"a": 1, "b": {"c": 1, "x": 2}}, over) == {"b": {"x": 2}, "d": {"f": 1}, "g": [1]}
    assert without_absent(over) == {"b": {}, "d": {"f": 1}, "g": [1]}


def test_the_same_seed_draws_the_same() -> None:
    assert fill("{uuid}{alnum:9}{float:0..1}") == fill("{uuid}{alnum:9}{float:0..1}")


@given(st.text())
def test_every_text_can_be_written_with_doubled_braces(text: str) -> None:
    assert fill(text.replace("{", "{{").replace("}", "}}")) == text


@given(st.text(alphabet="{}:.|an0 ", max_size=12))
def test_whatever_passes_the_check_can_be_filled_in(text: str) -> None:
    if not list(problems(text, ())):
        fill(text)


def test_parts_are_parsed_once() -> None:
    assert parts("a{b}c") is parts("a{b}c")


TOML = """\
name = "mine"
extends = "openai-compatible"
base_url = "https://llm.example/v1"
auth = { header = "Authorization", scheme = "Bearer", env = "MINE_API_KEY" }
[wire]
id = "x-{hex:4}"
source = "invented"
read = 2026-11-21
[wire.values]
request_id = "req_{alnum:4}"
[[wire.add]]
at = "completion"
value = { a = { b = ["TEMPLATE"] } }
"""


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{reqest_id}", "did you mean request_id?"),
        ("{hex}", "write {hex:24}"),
        ("{hex:0}", "write {hex:24}"),
        ("{int:1-9}", "write {int:1..9}"),
        ("{pick:a}", "write {pick:a|b}"),
        ("{now:3}", "unknown placeholder {now:3}"),
        ("{", "write {{ and }} for literal braces"),
        ("{}", "unknown placeholder {}"),
    ],
)
def test_a_bad_placeholder_is_refused_with_its_line(tmp_path: Path, template: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TOML.replace("TEMPLATE", template), "utf-8")
    with pytest.raises(UnusableInputError) as caught:
        load_providers(path)
    assert str(caught.value).startswith(f"{path}:13: wire.add[0].value.a.b[0]: ")
    assert said in str(caught.value)


def test_a_value_may_not_take_a_placeholder_s_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TOML.replace("TEMPLATE", "x").replace("request_id =", "model ="), "utf-8")
    with pytest.raises(UnusableInputError, match=r"wire\.values\.model is the name of a placeholder"):
        load_providers(path)


def test_a_child_s_additions_come_after_its_parent_s_and_know_its_values(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TOML.replace("TEMPLATE", "{request_id}"), "utf-8")
    child = tmp_path / "child.toml"
    add = '[[wire.add]]\nat = "usage"\nvalue = { r = "{request_id}" }\n'
    child.write_text(f'name = "child"\nextends = "mine"\n{add}', "utf-8")
    with pytest.raises(UnusableInputError, match=r"wire\.source is missing"):
        load_providers(path, child)
    wire = '[wire]\nsource = "invented"\nread = 2026-11-21\n'
    child.write_text(f'name = "child"\nextends = "mine"\n{wire}{add}', "utf-8")
    loaded = load_providers(tmp_path)["child"].wire
    assert [each.at for each in loaded.add] == ["completion", "usage"]
    assert loaded.id == "x-{hex:4}"
