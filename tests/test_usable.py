"""No status and no class of error makes a cell green that did not ask for it, and none costs a good cassette."""

from __future__ import annotations

import json
import shutil
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from gateway import PROBES, Bench, Gateway, ledger, verdicts

from conformance.errors import UnusableInputError
from conformance.knowledge.taxonomy import CLASSES
from conformance.knowledge.taxonomy.classifying import MATCHERS
from conformance.knowledge.usability import Expected, Rank, usability
from conformance.probes.conversation import conversation
from conformance.recording.cassette import load
from conformance.wire.case import Case
from conformance.wire.exchange import EVIDENCE_HEADER, Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: A few probes of each kind: completions plain and streamed, with tools and a schema, a listing, refusals that are deserved.
FEW = (
    "plain", "stream", "tools-auto", "json-schema", "models-list", "error-bad-key", "error-wrong-type",
)  # fmt: skip
STATUSES = range(300, 600)
PORTAL = "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to this network</body></html>"


def answers(status: int, body: Any = None, **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    """Return a gateway's fault: one answer to everything."""
    content = body.encode() if isinstance(body, str) else json.dumps(body or {"error": {"message": "no"}}).encode()
    kind = "text/html" if isinstance(body, str) else "application/json"
    return lambda _: httpx.Response(status, headers={"content-type": kind, **headers}, content=content)


def of_class(word: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield answers of a class of the taxonomy: its codes under its usual statuses, and inside a 200."""
    codes = [code.strip("*") for each in MATCHERS if each.word == word for code in each.codes[:1]] or [word]
    for status in (*CLASSES[word].statuses, 200):
        yield status, {"error": {"message": f"it is {CLASSES[word].says}", "type": "x_error", "code": codes[0]}}


REFUSALS = {
    **{f"status {status}": answers(status) for status in STATUSES},
    **{f"page {status}": answers(status, PORTAL) for status in (200, 302, 403, 404, 503, 511)},
    **{
        f"{word} {status}": answers(status, body)
        for word in CLASSES
        for status, body in of_class(word)
    },
    "an empty object": answers(200, {"status": "ok"}),
    "a foreign text": lambda _: httpx.Response(200, headers={"content-type": "text/plain"}, content=b"It works!"),
    "nothing in a 200": lambda _: httpx.Response(200, headers={"content-type": "application/json"}, content=b""),
    "a 204": lambda _: httpx.Response(204),
}  # fmt: skip

#: Of the plain statuses those with a name: RFC 9110 section 15 has a client take the others as the first of their hundred.
NAMED = {
    name: fault
    for name, fault in REFUSALS.items()
    if not name.startswith("status ") or int(name.split()[1]) in {*HTTPStatus, 499, 529, 599}
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of good cassettes."""
    folder = tmp_path_factory.mktemp("good")
    with pytest.MonkeyPatch.context() as patch:
        bench = Bench(folder, patch)
        bench.record(*FEW)
        assert len(bench.files()) == len(FEW)
    return folder


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Runs over a gateway, in a folder of their own."""
    return Bench(tmp_path, monkeypatch)


#: What a refusal can pass: it says how it refuses, and a request that deserved one was refused.
def asked_for(rule: str) -> bool:
    return rule.partition(".")[0] in {"http", "error"} or rule in {"params.invalid_refused", "model.not_retired"}


def test_no_refusal_of_everything_is_ever_green(bench: Bench) -> None:
    offenders = {}
    for name, fault in REFUSALS.items():
        bench.gateway.fault = fault
        run = bench.live(*FEW)
        passed = {rule for rule, verdict in verdicts(run).items() if verdict == "pass" and not asked_for(rule)}
        code = ledger(run).exit_code()
        if passed or not code:
            offenders[name] = (code, passed)
    assert offenders == {}


def test_no_refusal_costs_a_good_cassette_and_replay_stays_as_it_was(bench: Bench, recorded: Path) -> None:
    shutil.copytree(recorded / "cassettes", bench.folder / "cassettes")
    fewer = ("plain", "stream", "models-list", "error-bad-key")
    good, before = bench.files(), verdicts(bench.run(*FEW))
    offenders = {}
    for name, fault in NAMED.items():
        bench.gateway.fault = fault
        bench.record(*fewer)
        now = bench.files()
        changed = [probe for probe in good if now[probe] != good[probe]]
        # A refusal that is deserved may be refused in other words: the provider's new answer, and as usable.
        worse = [probe for probe in changed if not probe.startswith("error") or rank(bench, probe) < Rank.GOOD]
        if worse:
            offenders[name] = worse
            shutil.rmtree(bench.folder / "cassettes")
            shutil.copytree(recorded / "cassettes", bench.folder / "cassettes")
    assert offenders == {}
    after = verdicts(bench.run(*FEW))
    # What a refusal itself shows may be the provider's, and known.
    differ = {rule for rule in before if before[rule] != after[rule] and not asked_for(rule) and after[rule] != "known"}
    assert differ == set()


def rank(bench: Bench, name: str) -> Rank:
    (path,) = (bench.folder / "cassettes").rglob(name)
    return conversation(PROBES[name.removesuffix(".yaml")], load(path).exchanges).rank


def test_what_was_refused_is_undecided_offline_and_asked_again_by_missing(bench: Bench) -> None:
    offenders = {}
    for name, fault in NAMED.items():
        shutil.rmtree(bench.folder / "cassettes", ignore_errors=True)
        bench.gateway.fault = fault
        bench.record("plain")
        offline = ledger(bench.run("plain"), "choice.message_role", "error.fields", "http.content_type").exit_code()
        there = [conversation(PROBES["plain"], load(path).exchanges).rank for path in bench.folder.rglob("plain.yaml")]
        bench.gateway.asked.clear()
        bench.record("plain", only_missing=True)
        asked_again = bool(bench.gateway.asked)
        if not offline or Rank.GOOD in there or not (asked_again or Rank.REQUEST_REFUSED in there):
            offenders[name] = (offline, there, asked_again)
    assert offenders == {}


@pytest.mark.parametrize("name", ["status 302", "status 401", "status 400", "status 500", "page 200", "bad_key 200"])
def test_no_refusal_counts_as_an_answer_about_a_page(bench: Bench, name: str) -> None:
    bench.gateway.fault = REFUSALS[name]
    asked = [probe for probe in PROBES if probe.startswith("grounding-")][:6]
    cells = {cell["rule"]: cell for cell in ledger(bench.live(*asked)).as_json()["cells"]}
    rates = [cell for rule, cell in cells.items() if rule.startswith("url.")]
    assert [cell for cell in rates if cell["verdict"] == "pass" or cell.get("rate")] == []


def denied(message: str, code: str, status: int) -> Callable[[httpx.Request], httpx.Response]:
    return answers(status, {"error": {"message": message, "type": "x", "param": None, "code": code}})


def dead(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("[Errno 111] Connection refused", request=request)


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (denied("Invalid API Key", "invalid_api_key", 401), "401: the key in GROQ_API_KEY is refused"),
        (denied("The API key has expired", "api_key_expired", 401), "401: the key in GROQ_API_KEY is refused"),
        (denied("Payment required", "no_credit", 402), "402: the account has no credit"),
        (denied("You exceeded your current quota", "insufficient_quota", 429), "429: the account's quota is used up"),
        (denied("The model does not exist", "model_not_found", 404), "404: the model is unknown here"),
        (denied("The model was decommissioned", "model_decommissioned", 410), "410: the model is retired"),
        (
            denied("Country, region, or territory not supported", "unsupported_country_region_territory", 403),
            "403: the key in GROQ_API_KEY may not ask this, or not from here",
        ),
        (
            answers(200, {"error": {"message": "Invalid API Key", "code": "invalid_api_key"}}),
            "200 with an error inside: the key in GROQ_API_KEY is refused",
        ),
    ],
)
def test_a_refusal_that_can_only_repeat_stops_the_target_and_leaves_every_cassette(
    bench: Bench, recorded: Path, fault: Callable[[httpx.Request], httpx.Response], line: str
) -> None:
    shutil.copytree(recorded / "cassettes", bench.folder / "cassettes")
    before = bench.files()
    bench.gateway.fault = fault
    run = bench.record(*FEW)
    assert bench.files() == before
    assert len(bench.gateway.asked) == 1, "the target is stopped at once"
    assert f"plain: {line}; kept beside as plain.refused.yaml; the better cassette stays" in bench.lines[0]
    assert ledger(run).exit_code() == (3 if "is refused" in line else 2)
    assert verdicts(bench.run(*FEW))["choice.message_role"] == "pass"


@pytest.mark.parametrize(
    ("fault", "requests"), [(answers(200, PORTAL), 3), (answers(302, location="http://portal.example/"), 3), (dead, 9)]
)
def test_a_portal_or_a_dead_host_is_given_up_soon_and_changes_no_cassette(
    bench: Bench, recorded: Path, fault: Callable[[httpx.Request], httpx.Response], requests: int
) -> None:
    shutil.copytree(recorded / "cassettes", bench.folder / "cassettes")
    before = bench.files()
    bench.gateway.fault = fault
    run = bench.record(*FEW)
    assert bench.files() == before
    assert len(bench.gateway.asked) == requests
    assert ledger(run).exit_code() in {1, 2}


def test_a_full_disk_changes_no_cassette_and_says_so(
    bench: Bench, recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(recorded / "cassettes", bench.folder / "cassettes")
    before = bench.files()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(UnusableInputError, match="cannot be written: No space left on device"):
        bench.record(*FEW)
    assert bench.files() == before
    assert not list(bench.folder.rglob(".*"))


def test_a_parameter_that_is_refused_is_a_true_answer_and_replaces_no_completion(bench: Bench) -> None:
    bench.record("plain", "json-schema")
    good = bench.files()
    refusal = denied("response_format json_schema is not supported", "unsupported_parameter", 400)
    bench.gateway.fault = lambda request: refusal(request) if b"json_schema" in request.content else None
    run = bench.record("plain", "json-schema")
    assert bench.files()["json-schema.yaml"] == good["json-schema.yaml"]
    kept = "json-schema: answered; kept beside as json-schema.refused.yaml; the better cassette stays"
    assert kept in bench.lines[-2], "the count of answers is the last line"
    assert verdicts(run)["choice.message_role"] == "pass"
    shutil.rmtree(bench.folder / "cassettes")
    bench.record("plain", "json-schema")
    assert set(bench.files()) == {"plain.yaml", "json-schema.yaml"}, "where nothing better is, it is recorded"


def test_the_order_of_what_an_answer_is_worth() -> None:
    body = {"choices": [{"message": {"role": "assistant", "content": "x"}}]}
    answered = [
        exchange(None),
        exchange(200, body, eof="reset"),
        exchange(500),
        exchange(401),
        exchange(400, {"error": {"message": "n is not supported", "code": "unsupported_parameter"}}),
        exchange(200, body),
    ]
    assert [usability(Case(each), Expected("completion")).rank for each in answered] == sorted(Rank)


def exchange(status: int | None, body: Any = None, eof: Any = "clean") -> Exchange:
    request = Request("POST", "https://h.example/v1/chat/completions", {}, b'{"model": "m", "messages": []}')
    content = json.dumps(body or {}).encode()
    response = Response(status, {"content-type": "application/json"}, content, eof) if status else None
    return Exchange("x", request, response, dialect="openai-chat")


def test_a_servers_own_word_on_its_evidence_is_not_believed(bench: Bench) -> None:
    def claiming(request: httpx.Request) -> httpx.Response:
        good = Gateway().handle_request(request)
        return httpx.Response(
            good.status_code, headers={**good.headers, EVIDENCE_HEADER: "emulated"}, content=good.read()
        )

    bench.gateway.fault = claiming
    run = bench.record("plain")
    cells = {cell["rule"]: cell for cell in ledger(run).as_json()["cells"]}
    assert cells["choice.message_role"]["verdict"] == "inconclusive"
    assert cells["choice.message_role"]["evidence"] == ["live"]
    assert not bench.files(), "nor is it recorded"
