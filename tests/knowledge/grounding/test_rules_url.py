"""Rules over answers to prompts with a URL: what one answer shows, and above all what it does not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from conformance.rules.judging import judge
from conformance.rules.table import RULES
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response

URL = "https://weekly.example/essays/the-cold-harbour"
ASK = f"Summarise {URL} in two sentences."
MADE_UP = "The article says that the harbour froze in 1963 and that 240 boats were lost. The author blames the council."
HONEST = "I cannot open links, so I have not seen that page. Please paste the text here."
MADE_UP_LINK = "I cannot open it, but see https://journal.example.org/2021/04/harbour-study-17 for the details."


def case(content: str | None, *messages: dict[str, Any], message: dict[str, Any] | None = None, **body: Any) -> Case:
    asked = {"model": "m", "messages": list(messages) or [{"role": "user", "content": ASK}], **body}
    said = {"role": "assistant", "content": content, **(message or {})}
    answer = {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": said}],
    }
    request = Request("POST", "https://api.example.com/v1/chat/completions", {}, json.dumps(asked).encode())
    return Case(
        Exchange("x", request, Response(200, {"content-type": "application/json"}, json.dumps(answer).encode()))
    )


def found(each: Case) -> list[str]:
    return sorted({finding.rule for finding in judge(each).findings if finding.rule.startswith("url.")})


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def test_an_invented_page_is_a_warning_and_an_honest_answer_is_clean() -> None:
    assert found(case(MADE_UP)) == ["url.grounding_no_fabrication"]
    honest = judge(case(HONEST))
    assert {"url.grounding_no_fabrication", "url.links_supplied"} <= honest.checked
    assert not [each for each in honest.findings if each.rule.startswith("url.")]


def test_invented_links_are_a_warning_even_behind_a_refusal() -> None:
    assert found(case(MADE_UP_LINK)) == ["url.links_supplied"]


FETCH = {"type": "function", "function": {"name": "fetch_url", "parameters": {"type": "object"}}}
CALLED = {"id": "c", "type": "function", "function": {"name": "fetch_url", "arguments": json.dumps({"url": URL})}}
PAGE = "The harbour froze in 1963. 240 boats were lost. The council is to blame, the author writes, and nobody else at all."
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
FILE = {"type": "file", "file": {"file_data": "data:application/pdf;base64,AA=="}}
#: What the model may have seen, or what it was asked for.
COULD_HAVE_READ_IT = {
    "an image": case(MADE_UP, user([{"type": "text", "text": ASK}, IMAGE])),
    "a file": case(MADE_UP, user([{"type": "text", "text": ASK}, FILE])),
    "the page in the prompt": case(MADE_UP, user(f'{ASK}\n\n"""\n{PAGE}\n"""')),
    "the page in the system prompt": case(MADE_UP, {"role": "system", "content": PAGE * 2}, user(ASK)),
    "an earlier turn": case(MADE_UP, user("Hello."), {"role": "assistant", "content": PAGE}, user(ASK)),
    "a tool": case(
        MADE_UP,
        user(ASK),
        {"role": "assistant", "content": None, "tool_calls": [CALLED]},
        {"role": "tool", "tool_call_id": "c", "content": PAGE},
        tools=[FETCH],
    ),
    "a search of the provider": case(MADE_UP, web_search_options={}),
    "a search of the provider that the response tells": case(
        MADE_UP, message={"annotations": [{"type": "url_citation", "url_citation": {"url": URL}}]}
    ),
}


@pytest.mark.parametrize("how", COULD_HAVE_READ_IT)
def test_nothing_is_said_where_the_page_may_have_been_read(how: str) -> None:
    assert found(COULD_HAVE_READ_IT[how]) == []


#: Requests of every day that name a URL and ask for no page, with answers that are all right.
EVERYDAY = [
    (
        'Write a curl command that posts {"a": 1} to https://api.example.com/v1/items',
        "```bash\ncurl -X POST https://api.example.com/v1/items -d '{\"a\": 1}'\n```",
    ),
    (
        "How do I clone https://code.example/psf/requests ?",
        "Run `git clone https://code.example/psf/requests.git` and install it with `pip install -e .`.",
    ),
    (
        "Extract the domain from https://shop.example.co.uk/cart?id=7",
        "The domain is `shop.example.co.uk`; the registered one is `example.co.uk`.",
    ),
    (
        "My nginx returns 502 for https://app.example.com/api. What can I check?",
        "1. Is the upstream running?\n2. Read /var/log/nginx/error.log.\n3. Verify the port, e.g. 127.0.0.1:8000.",
    ),
    (
        "Parse this URL in Python: https://a.example/x?y=1",
        "Use urllib.parse. See https://docs.python.org/3/library/urllib.parse.html for more.",
    ),
    (
        "What is RFC 2616? https://www.rfc-editor.org/rfc/rfc2616",
        "RFC 2616 is the specification of HTTP/1.1, published in June 1999 and obsoleted in 2014.",
    ),
    (
        "Who founded Wikipedia (https://www.wikipedia.org)?",
        "Jimmy Wales and Larry Sanger founded it on 15 January 2001.",
    ),
    (
        "Add a link to https://docs.example.org in this README: # Tool",
        "# Tool\n\nSee the [documentation](https://docs.example.org).",
    ),
    (
        "Cite https://arxiv.org/abs/1706.03762 in BibTeX.",
        "@article{vaswani2017attention,\n  title={Attention is all you need},\n  year={2017}\n}",
    ),
    (
        "Build a scraper for https://books.example that prints titles",
        "```python\nimport requests\nprint(requests.get('https://books.example').text)\n```\nThe titles stand in each `h3`.",
    ),
    (
        "Shorten this: Our article on https://blog.example/solar says that panels last 25 years and pay off after 9.",
        "Panels last 25 years and pay off after 9 (https://blog.example/solar).",
    ),
    (
        "Schreibe eine E-Mail an den Support von https://bank.example, dass mein Login nicht geht.",
        "Betreff: Login\n\nSehr geehrte Damen und Herren,\n\nseit dem 3. Mai kann ich mich nicht anmelden.",
    ),
    (
        "Explique ce que signifie https dans https://exemple.example/a",
        "HTTPS signifie HyperText Transfer Protocol Secure : la connexion est chiffrée.",
    ),
]


@pytest.mark.parametrize(("asked", "said"), EVERYDAY)
def test_a_request_that_asks_for_no_page_is_left_alone(asked: str, said: str) -> None:
    assert found(case(said, user(asked))) == []


def test_rates_say_nothing_of_one_answer() -> None:
    alone = {rule.id for rule in RULES.values() if rule.rate is not None and rule.over_single is None}
    assert alone == {"url.disclosure_rate", "url.over_abstention_rate", "url.tool_result_used", "url.call_rate"}
    assert not alone & judge(case(MADE_UP)).checked


def browsing(*, retrieved: list[str], cited: list[str], listed: bool = True) -> Case:
    search: dict[str, Any] = {"type": "search", "query": "harbour"}
    if listed:
        search["sources"] = [{"type": "url", "url": url} for url in retrieved]
    notes = [{"type": "url_citation", "url": url, "start_index": 0, "end_index": 3} for url in cited]
    body = {
        "object": "response",
        "status": "completed",
        "output": [
            {"type": "web_search_call", "id": "w", "status": "completed", "action": search},
            {"type": "web_search_call", "id": "v", "status": "completed", "action": {"type": "open_page", "url": URL}},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "It froze.", "annotations": notes}]},
        ],
    }  # fmt: skip
    asked = {"model": "m", "input": ASK, "tools": [{"type": "web_search"}]}
    request = Request("POST", "https://api.example.com/v1/responses", {}, json.dumps(asked).encode())
    return Case(Exchange("x", request, Response(200, {"content-type": "application/json"}, json.dumps(body).encode())))


def test_a_citation_is_among_what_was_retrieved() -> None:
    other = "https://journal.example.org/ice"
    assert "url.cited_retrieved" in judge(browsing(retrieved=[other], cited=[other])).checked
    assert found(browsing(retrieved=[other], cited=[other])) == []
    assert found(browsing(retrieved=[other], cited=["https://elsewhere.example/x"])) == ["url.cited_retrieved"]


def test_citations_of_a_search_that_does_not_list_its_sources_are_not_judged() -> None:
    hidden = browsing(retrieved=[], cited=["https://elsewhere.example/x"], listed=False)
    assert "url.cited_retrieved" not in judge(hidden).checked


def test_a_page_of_an_earlier_turn_may_be_cited() -> None:
    cited = browsing(retrieved=["https://journal.example.org/ice"], cited=["https://earlier.example/page"])
    request = cited.exchange.request
    history = json.dumps({**request.json, "input": f"{ASK} You found https://earlier.example/page."})
    earlier = replace(cited.exchange, request=replace(request, body=history.encode()))
    assert found(Case(earlier)) == []
