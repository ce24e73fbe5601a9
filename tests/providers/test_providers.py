"""Providers are data: what the schema takes, what the registry makes of it, what each built-in TOML owes its reader."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from conformance import providers as package
from conformance.errors import UnusableInputError
from conformance.providers import Target, default_targets, dialect_names, load_providers, parse_target
from conformance.providers.toml_lines import as_json
from conformance.rules.table import Finding
from conformance.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(package.__file__).parent
BUILT_IN = sorted(FOLDER.glob("*.toml"))
PROVIDERS = load_providers()
CONCRETE = [provider for provider in PROVIDERS.values() if not provider.abstract]

MINIMAL = """\
name = "mine"
base_url = "https://llm.example/v1"
dialect = "openai-chat"
auth = { header = "Authorization", scheme = "Bearer", env = "MINE_API_KEY" }
"""
DEVIATION = """
[[deviation]]
rule = "sse.done_terminator"
reason = "streams end at EOF"
source = "https://llm.example/docs"
expires = 2027-06-01
"""
#: DESIGN's example: what a user copies first.
EXAMPLE = """\
name = "cerebras"
extends = "openai-compatible"            # inheritance of everything but deviations; no code per provider
base_url = "https://api.cerebras.ai/v1"
dialect = "openai-chat"
auth = { header = "Authorization", scheme = "Bearer", env = "CEREBRAS_API_KEY" }
limits = { requests_per_minute = 30 }

[models."gpt-oss-120b"]
capabilities = ["tools", "parallel_tools", "json_schema", "reasoning"]
price = { input = 0.35, output = 0.75, source = "https://llm.example/prices", read = 2026-11-21 }
speed = { advertised_tps = 3000, source = "https://llm.example/prices", read = 2026-11-21 }

[[deviation]]
rule = "sse.done_terminator"
reason = "streams end at EOF, without [DONE]"
source = "https://llm.example/docs"
expires = 2027-06-01
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def _write(text: str, name: str = "mine.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return _write


def refusal(*paths: Path) -> UnusableInputError:
    with pytest.raises(UnusableInputError) as caught:
        load_providers(*paths)
    return caught.value


def problems(text: str) -> list[str]:
    validator = Draft202012Validator(load_schema("provider"), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in validator.iter_errors(as_json(tomllib.loads(text)))]


# The schema


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(load_schema("provider"))


def test_the_schema_takes_the_documented_example() -> None:
    assert problems(EXAMPLE) == []


@pytest.mark.parametrize(
    "text",
    [
        "base_url = 'https://llm.example'",
        'name = "Mine"\nextends = "groq"',
        'name = "mine"',
        MINIMAL.replace("/v1", "/v1/"),
        MINIMAL.replace("MINE_API_KEY", "key-in-lower-case"),
        MINIMAL.replace("openai-chat", "openai"),
        MINIMAL + 'capabilities = ["streams"]',
        MINIMAL + 'capabilities = ["stream", "stream"]',
        MINIMAL + "limits = { requests_per_minute = 0 }",
        MINIMAL + 'models.m.price = { input = 1, output = 2, source = "page" }',
        MINIMAL + 'models.m.price = { input = nan, output = 2, source = "page", read = 2026-11-21 }',
        MINIMAL + 'models.m.price = { input = -1, output = 2, source = "page", read = 2026-11-21 }',
        MINIMAL + 'models.m.price = { input = 1, output = 2, source = "page", read = "yesterday" }',
        MINIMAL + DEVIATION.replace("expires = 2027-06-01", ""),
        MINIMAL + DEVIATION.replace("2027-06-01", "2027-06-01T00:00:00"),
        MINIMAL + DEVIATION + 'occurs = "often"',
        MINIMAL + DEVIATION + 'pointer = "choices/*"',
        MINIMAL + '[stream]\nterminator = "eof"',
        MINIMAL + '[server]\nrunner = "xllamacpp"\npackage = "p"\nweights = "../w.gguf"\ncontext = 4096\nparallel = 2',
    ],
)
def test_the_schema_refuses(text: str) -> None:
    assert problems(text) != []


# The built-in files


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The built-in files' texts by the files' names."""
    return {path.stem: path.read_text("utf-8") for path in BUILT_IN}


def test_every_built_in_file_has_the_form_of_the_schema(texts: dict[str, str]) -> None:
    validator = Draft202012Validator(load_schema("provider"), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert len(texts) > 20
    assert [
        (name, error.message)
        for name, text in texts.items()
        for error in validator.iter_errors(as_json(tomllib.loads(text)))
    ] == []


def test_every_built_in_file_has_the_name_that_stands_in_it(texts: dict[str, str]) -> None:
    assert [name for name, text in texts.items() if tomllib.loads(text)["name"] != name] == []


def unsourced(table: dict[str, Any], at: str = "") -> Iterator[str]:
    """Yield the tables that state facts without a source and the date it was read."""
    if "read" not in table and "confidence" not in table:
        yield f"{at}: read"
    if "source" not in table:
        yield f"{at}: source"
    for key, value in table.items():
        if key in {"price", "speed", "limits", "stream", "errors", "rate_limit", "params", "server", "wire", "timing"}:
            yield from unsourced(value, f"{at}.{key}")
        elif key == "models" and isinstance(value, dict):
            for model, facts in value.items():
                yield from unsourced(facts, f"{at}.models.{model}")
        elif key in {"deviation", "case"}:
            for ordinal, facts in enumerate(value):
                yield from unsourced(facts, f"{at}.{key}[{ordinal}]")


def test_every_built_in_file_says_where_and_when_its_facts_were_read(texts: dict[str, str]) -> None:
    assert [f"{name}{at}" for name, text in texts.items() for at in unsourced(tomllib.loads(text))] == []


def test_a_fact_without_a_source_is_noticed() -> None:
    document = tomllib.loads(MINIMAL + "limits = { requests_per_minute = 1 }" + DEVIATION)
    assert set(unsourced(document)) == {
        ": read",
        ": source",
        ".limits: read",
        ".limits: source",
        ".deviation[0]: read",
    }


KEY_SHAPED = re.compile(r"\b(?:gsk|csk|sk|hf|xai)[-_][A-Za-z0-9_-]{16,}|\bBearer\s+\S{8,}|[A-Fa-f0-9]{32,}")


def test_no_built_in_file_holds_key_material(texts: dict[str, str]) -> None:
    assert [name for name, text in texts.items() if KEY_SHAPED.search(text)] == []


def test_key_material_would_be_noticed() -> None:
    assert KEY_SHAPED.search(MINIMAL + 'headers = { x = "gsk_' + "a" * 40 + '" }')


def test_every_built_in_provider_can_be_asked() -> None:
    for provider in CONCRETE:
        assert provider.auth is not None, provider.name
        assert provider.base_url.startswith("http"), provider.name
        assert provider.dialect in provider.dialects, provider.name
        assert provider.default_models, provider.name
        assert {"stream", "system"} <= provider.capabilities, provider.name
        refused = {case.when for case in provider.errors.cases}
        assert "auth" not in provider.capabilities or refused & {"bad_key", "no_key"}, provider.name


def test_no_built_in_provider_states_a_deviation_twice() -> None:
    stated = Counter(
        (provider.name, deviation.rule, deviation.dialect, deviation.models, deviation.pointer)
        for provider in CONCRETE
        for deviation in provider.deviations
    )
    assert [key for key, times in stated.items() if times > 1] == []


def test_what_the_stream_table_says_and_what_the_deviations_say_agree() -> None:
    for provider in CONCRETE:
        always = {each.rule for each in provider.deviations if each.occurs == "always"}
        assert ("sse.done_terminator" in always) == (provider.stream.terminator == "eof"), provider.name
        assert ("delta.role_once_first" in always) == (provider.stream.role == "every"), provider.name
        # Usage beside a choice takes no client by surprise: the rule is about a chunk of its own.
        unasked = provider.stream.usage_unasked == "final-chunk"
        assert unasked <= ("usage.not_when_not_requested" in always), provider.name
        assert ("finish_reason.present_nullable" in always) == (provider.stream.finish_reason == "absent"), (
            provider.name
        )


# Reading files


def test_a_users_file_is_read_beside_the_built_in_ones(write: Callable[..., Path]) -> None:
    providers = load_providers(write(MINIMAL).parent)
    assert set(providers) == {"mine", *PROVIDERS}
    assert providers["mine"].auth == package.Auth("Authorization", "MINE_API_KEY", "Bearer")


def test_an_unknown_key_is_named_with_its_line_and_a_close_match(write: Callable[..., Path]) -> None:
    path = write(MINIMAL + '\n[models."a/b"]\ncontext = 4096\nprize = { input = 1, output = 1 }\n')
    error = refusal(path)
    assert error.where == f"{path}:8"
    assert str(error) == f'{path}:8: unknown key models."a/b".prize; did you mean price?'


def test_a_key_in_the_second_deviation_is_found_there(write: Callable[..., Path]) -> None:
    path = write(MINIMAL + DEVIATION + DEVIATION.replace("reason", "raeson"))
    error = refusal(path)
    assert error.where == f"{path}:14"
    assert "deviation[1].raeson" in error.what
    assert "(and 1 more)" in error.what  # reason is missing too


def test_lines_are_right_behind_values_that_span_lines(write: Callable[..., Path]) -> None:
    tricky = 'source = """\n[[deviation]]\nfoo = 1\n"""\ncapabilities = [\n  "stream", # ]\n\n  "tools",\n]\nfoo = 1\n'
    path = write(MINIMAL + tricky)
    assert refusal(path).where == f"{path}:14"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("capabilities = ['stream', 'toolz']", 5, "capabilities[1] is 'toolz'"),
        ("dialects = 'openai-chat'", 5, "dialects: 'openai-chat' is not of type 'array'"),
        (
            "[errors]\nsource = 'page'\nread = 2026-11-21\n[[errors.case]]\nwhen = 'bad_keys'",
            9,
            "errors.case[0].when is 'bad_keys'",
        ),
        ("errors.case = [{ when = 'bad_key' }]", 5, "errors.source is missing"),
        ("[models.m.price]\ninput = '1'", 6, "models.m.price.input: '1' is not of type 'number'"),
        ("[server]\nrunner = 'vllm'", 6, "server.runner is 'vllm'"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(write: Callable[..., Path], text: str, line: int, what: str) -> None:
    path = write(MINIMAL + text)
    error = refusal(path)
    assert error.where == f"{path}:{line}"
    assert what in error.what


def test_a_syntax_error_is_named_with_its_line(write: Callable[..., Path]) -> None:
    path = write(MINIMAL + "limits = {\n")
    assert refusal(path).where == f"{path}:5"


def test_bottomless_nesting_is_refused(write: Callable[..., Path]) -> None:
    assert "nested too deeply" in refusal(write("name = " + "[" * 100_000)).what


def test_an_unreadable_place_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent").where == str(tmp_path / "absent")
    assert "no provider TOML" in refusal(tmp_path).what


def test_bytes_that_are_no_utf_8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b'name = "\xff"')
    assert "not UTF-8" in refusal(path).what


def test_a_name_is_taken_once(write: Callable[..., Path]) -> None:
    error = refusal(write(MINIMAL.replace("mine", "groq")))
    assert "already defined" in error.what
    assert error.where is not None
    assert error.where.endswith("mine.toml:1")


def test_a_default_model_has_a_table(write: Callable[..., Path]) -> None:
    path = write(MINIMAL + 'default_models = ["m"]')
    assert refusal(path).where == f"{path}:5"


def test_a_header_may_be_called_as_a_date_key_is(write: Callable[..., Path]) -> None:
    path = write(MINIMAL + 'headers = { expires = "0" }')
    assert load_providers(path)["mine"].headers == {"expires": "0"}


def test_a_quoted_date_is_a_date(write: Callable[..., Path]) -> None:
    path = write(MINIMAL + DEVIATION.replace("2027-06-01", '"2027-06-01"'))
    assert load_providers(path)["mine"].deviations[0].expires == date(2027, 6, 1)


# Inheritance


CHILD = """\
name = "mine"
extends = "groq"
base_url = "https://llm.example/v1"

[models."openai/gpt-oss-120b"]
context = 4096
without = ["seed"]

[stream]
tool_calls = "fragments"
source = "https://llm.example/docs"
read = 2026-11-21
"""


def test_a_child_takes_over_everything_but_name_and_deviations(write: Callable[..., Path]) -> None:
    providers = load_providers(write(CHILD))
    mine, groq = providers["mine"], providers["groq"]
    assert (mine.name, mine.base_url, mine.deviations) == ("mine", "https://llm.example/v1", ())
    assert groq.deviations
    assert (mine.auth, mine.limits, mine.errors, mine.default_models) == (
        groq.auth,
        groq.limits,
        groq.errors,
        groq.default_models,
    )
    assert set(mine.models) == set(groq.models)


def test_tables_merge_key_by_key(write: Callable[..., Path]) -> None:
    providers = load_providers(write(CHILD))
    mine, groq = (providers[name].models["openai/gpt-oss-120b"] for name in ("mine", "groq"))
    assert (mine.context, mine.price) == (4096, groq.price)
    assert mine.capabilities == groq.capabilities - {"seed"}
    assert providers["mine"].stream.tool_calls == "fragments"
    assert providers["mine"].stream.usage == providers["groq"].stream.usage


def test_a_child_of_an_abstract_provider_is_not_abstract() -> None:
    assert PROVIDERS["openai-compatible"].abstract
    assert not PROVIDERS["groq"].abstract


def test_an_unknown_parent_is_named_with_a_close_match(write: Callable[..., Path]) -> None:
    path = write('name = "mine"\nextends = "openai-compatibel"\n')
    error = refusal(path)
    assert error.where == f"{path}:2"
    assert error.remedy == "did you mean openai-compatible?"


def test_a_circle_is_refused(write: Callable[..., Path]) -> None:
    write('name = "a"\nextends = "b"\n', "a.toml")
    error = refusal(write('name = "b"\nextends = "a"\n', "b.toml").parent)
    assert "a -> b -> a" in error.what


def test_a_provider_that_extends_itself_is_refused(write: Callable[..., Path]) -> None:
    assert "mine -> mine" in refusal(write('name = "mine"\nextends = "mine"\n')).what


def test_what_no_parent_gives_is_missing(write: Callable[..., Path]) -> None:
    path = write('name = "mine"\nextends = "openai-compatible"\n')
    assert str(refusal(path)).startswith(f"{path}:2: base_url is missing")


# Deviations


def test_a_deviation_says_which_line_to_remove(write: Callable[..., Path]) -> None:
    path = write(MINIMAL + DEVIATION + DEVIATION)
    assert [each.where for each in load_providers(path)["mine"].deviations] == [f"{path}:6", f"{path}:12"]


def test_a_deviation_is_limited_to_its_models_and_dialect(write: Callable[..., Path]) -> None:
    path = write(MINIMAL + DEVIATION + 'models = ["llama-*"]\ndialect = "openai-chat"\n')
    deviation = load_providers(path)["mine"].deviations[0]
    assert deviation.applies_to("llama-3", "openai-chat")
    assert not deviation.applies_to("Llama-3", "openai-chat")
    assert not deviation.applies_to("llama-3", "openai-responses")


def test_a_deviation_covers_findings_of_its_rule_pointer_and_probe(write: Callable[..., Path]) -> None:
    path = write(MINIMAL + DEVIATION + 'pointer = "/choices/*/delta"\nprobes = ["chat.*"]\n')
    deviation = load_providers(path)["mine"].deviations[0]
    known = Finding("/choices/0/delta", "is missing", "an object", rule="sse.done_terminator")
    assert deviation.covers(known, "chat.stream")
    assert not deviation.covers(replace(known, rule="sse.framing"), "chat.stream")
    assert not deviation.covers(replace(known, pointer="/choices/0"), "chat.stream")
    assert not deviation.covers(known, "errors.bad_key")
    assert not deviation.covers(known, None)


def test_a_deviation_covers_findings_of_its_message_status_and_request_alone(write: Callable[..., Path]) -> None:
    path = write(
        MINIMAL + DEVIATION + 'message = ["*on_demand*"]\nstatuses = [200]\nasks = ["tools", "stream: true"]\n'
    )
    deviation = load_providers(path)["mine"].deviations[0]
    asks = frozenset({"tools", "stream: true", "stop"})
    known = Finding("", "is 'on_demand'", "auto", rule="sse.done_terminator", status=200, asks=asks)
    assert deviation.covers(known, None)
    assert not deviation.covers(replace(known, received="is 'premium'"), None)
    assert not deviation.covers(replace(known, status=422), None)
    assert not deviation.covers(replace(known, asks=frozenset({"tools"})), None)


def test_a_deviation_holds_on_its_last_day() -> None:
    deviation = PROVIDERS["cerebras"].deviations[0]
    assert not deviation.expired(deviation.expires)
    assert deviation.expired(date.max)


# Targets


def test_a_target_names_provider_model_and_dialect() -> None:
    target = parse_target("openai/gpt-5.2@openai-responses", PROVIDERS)
    assert (target.provider.name, target.model, target.dialect) == ("openai", "gpt-5.2", "openai-responses")
    assert str(target) == target.id == "openai/gpt-5.2@openai-responses"


def test_a_target_keeps_the_slashes_and_colons_of_its_model() -> None:
    target = parse_target("huggingface/openai/gpt-oss-120b:groq", PROVIDERS)
    assert (target.model, target.dialect) == ("openai/gpt-oss-120b:groq", "openai-chat")
    assert target.id == "huggingface/openai/gpt-oss-120b:groq"


@pytest.mark.parametrize("model", ["@cf/meta/llama-3", "claude@20240620", "openai-chat", "m@x@y"])
def test_an_at_sign_or_a_dialects_word_may_be_part_of_a_model(model: str) -> None:
    assert parse_target(f"groq/{model}", PROVIDERS).model == model


@given(model=st.text(min_size=1) | st.from_regex(r"[a-z0-9/:@.-]{1,24}", fullmatch=True), data=st.data())
def test_the_id_of_a_target_reads_back_as_that_target(model: str, data: st.DataObject) -> None:
    provider = data.draw(st.sampled_from(CONCRETE))
    target = Target(provider, model, data.draw(st.sampled_from(provider.dialects)))
    again = parse_target(target.id, PROVIDERS)
    assert again == target
    assert hash(again) == hash(target)
    assert again.id == target.id


@given(st.text())
def test_any_text_is_a_target_or_refused_on_one_line(text: str) -> None:
    try:
        target = parse_target(text, PROVIDERS)
    except UnusableInputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert parse_target(target.id, PROVIDERS) == target


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ("grok/x", "provider 'grok' is unknown", "did you mean groq?"),
        ("openai-compatible/x", "is abstract", "known are"),
        ("groq", "names no model", "write groq/openai/gpt-oss-120b"),
        ("groq/", "names no model", "write groq/openai/gpt-oss-120b"),
        ("openai/@openai-chat", "names no model", "write openai/"),
        ("openai/gpt-5.2@openai-respones", "dialect 'openai-respones' is unknown", "did you mean openai-responses?"),
        ("groq/x@gemini", "groq does not speak gemini", "add it to `dialects`"),
    ],
)
def test_a_target_that_cannot_be_used_says_why(text: str, what: str, remedy: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        parse_target(text, PROVIDERS)
    assert what in caught.value.what
    assert remedy in str(caught.value.remedy)


def test_a_model_that_is_not_listed_has_the_providers_capabilities() -> None:
    target = parse_target("groq/some/new-model", PROVIDERS)
    assert target.known is None
    assert target.capabilities == PROVIDERS["groq"].capabilities
    assert target.price is None


def test_a_listed_model_adds_to_the_providers_capabilities_and_takes_away() -> None:
    target = parse_target("openai/gpt-5.2", PROVIDERS)
    assert "reasoning" in target.capabilities - target.provider.capabilities
    assert "stop" in target.provider.capabilities - target.capabilities
    assert {"max_tokens", "temperature"} <= target.unsupported_params


def test_a_target_has_the_deviations_that_are_about_it() -> None:
    chat, responses = (parse_target(f"openai/gpt-5.2@{each}", PROVIDERS) for each in PROVIDERS["openai"].dialects[:2])
    assert "error.unknown_model_status" not in {each.rule for each in chat.deviations}
    assert "error.unknown_model_status" in {each.rule for each in responses.deviations}


def test_a_provider_alone_stands_for_its_default_models() -> None:
    assert [each.id for each in default_targets(PROVIDERS["groq"])] == ["groq/openai/gpt-oss-120b"]


def test_an_error_case_is_found_by_its_word_and_dialect() -> None:
    errors = PROVIDERS["openai"].errors
    statuses = [getattr(errors.find("unknown_model", each), "status", None) for each in dialect_names()[:2]]
    assert statuses == [404, 400]
    assert errors.find("loading") is None
