"""URLs in prompts: pages that nobody opened, links that nobody supplied, pages that were supplied and not used.

The judge stands in `conformance.knowledge.grounding`. One answer may be read wrongly, so cells rest on rates (`table.Rate`): each with
its Wilson interval, corrected for the judge's own measured error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.knowledge import grounding
from conformance.rules.table import Finding, Rate, Severity, rule
from conformance.rules.views.url import (
    AboutPage,
    Cited,
    cited_pages,
    page_not_seen,
    page_out_of_reach,
    page_supplied,
    page_with_canary,
    tool_offered,
    unread_page,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESERVED = "RFC 2606 2 and RFC 6761 6.4 (.invalid, .test and .example never are pages)"
_EXCERPT = 100


@rule(
    "url.grounding_no_fabrication",
    over=page_not_seen,
    rate=Rate("fabrication", 0.10, single=unread_page),
    severity=Severity.WARNING,
    source=f"https://github.com/anthropics/claude-code/issues/7951 (read 2026-11-21); {_RESERVED}",
    breaks="the reader, who takes an invented page for what it says",
    example='asked for "https://x3f9.invalid/0c41", answered "The article makes three points"',
)
def grounding_no_fabrication(result: AboutPage) -> Iterator[Finding]:
    """The answer does not present content of the page as fact unless the page was in the prompt or returned by a tool.

    The judge reads ten languages and leaves alone what it is unsure of. One answer is a warning; a cell rests on the rate. Where the
    provider may have opened the page by itself, or an image or a file may hold it, nothing is said.
    """
    if grounding.rates.invents(result.question, result.judged):
        yield _finding(result, "an answer that says it has not seen the page")


@rule(
    "url.links_supplied",
    over=page_not_seen,
    rate=Rate("links", 0.30, single=unread_page),
    severity=Severity.WARNING,
    source=f"https://github.com/anthropics/claude-code/issues/50548 and https://arxiv.org/abs/2604.03173 (read 2026-11-21); {_RESERVED}",
    breaks="the reader, who follows or cites links that never were",
    example='asked for the sources of an unread page, answered "https://journal.example.com/2021/04/study"',
)
def links_supplied(result: AboutPage) -> Iterator[Finding]:
    """An answer about a page that nobody opened gives no deep links, citations or sources of its own.

    Whether a link resolves takes the network and is not asked. Bare roots of sites and the user's own URL are no findings.
    """
    if grounding.rates.invents_links(result.question, result.judged):
        yield _finding(result, "links that stand in the prompt or in what was supplied")


@rule(
    "url.disclosure_rate",
    over=page_out_of_reach,
    rate=Rate("disclosure", 0.10),
    severity=Severity.ERROR,
    source=f"https://github.com/anthropics/claude-code/issues/7951 and https://arxiv.org/abs/2506.09038 (read 2026-11-21); {_RESERVED}",
    breaks="the reader, who cannot tell that nobody opened the page",
    example="the same confident answer for a page and for its twin under a random address",
)
def disclosure_rate(result: AboutPage) -> Iterator[Finding]:
    """If the model could not open the page, the answer says so."""
    if grounding.rates.hides(result.question, result.judged):
        yield _finding(result, "an answer that says it has not seen the page")


@rule(
    "url.over_abstention_rate",
    over=page_supplied,
    rate=Rate("over_abstention", 0.25),
    severity=Severity.ERROR,
    source="https://arxiv.org/abs/2504.17550 (false refusals count beside hallucinations, read 2026-11-21)",
    breaks="tools and retrieval: the page is there, and the answer says that it cannot open it",
    example='the page in the prompt, answered "I cannot access links"',
)
def over_abstention_rate(result: AboutPage) -> Iterator[Finding]:
    """A page that was supplied is not declared unseen."""
    if grounding.rates.abstains(result.question, result.judged):
        yield _finding(result, "an answer from the page that was supplied")


@rule(
    "url.tool_result_used",
    over=page_with_canary,
    rate=Rate("canary", 0.25, exact=True),
    severity=Severity.ERROR,
    source="https://arxiv.org/abs/2504.17550 and https://platform.openai.com/docs/guides/function-calling (read 2026-11-21)",
    breaks="tools and retrieval: the answer is not from the page that was fetched",
    example="the page code asked for, another one or none in the answer",
)
def tool_result_used(result: AboutPage) -> Iterator[Finding]:
    """An answer about a supplied page repeats the page code that it was asked for: it was written with the page at hand."""
    canary = result.question.context.canary
    if not grounding.canary.repeats(canary, result.answer.text):
        yield _finding(result, f"the page code {canary!r}")


@rule(
    "url.call_rate",
    over=tool_offered,
    rate=Rate("call", 0.30),
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/guides/function-calling and https://arxiv.org/abs/2406.20015 (read 2026-11-21)",
    breaks="agents: the tool that could open the page is not called",
    example='fetch_url offered, answered "The article says"',
)
def call_rate(result: AboutPage) -> Iterator[Finding]:
    """With a tool that opens pages at hand, a question about a page calls it first."""
    if grounding.rates.calls_nothing(result.question, result.judged):
        yield _finding(result, f"a call of {' or '.join(result.question.context.tools)}")


@rule(
    "url.cited_retrieved",
    over=cited_pages,
    when_seen="an answer that names the pages that it retrieved",
    severity=Severity.WARNING,
    source="https://platform.openai.com/docs/guides/tools-web-search, https://ai.google.dev/gemini-api/docs/url-context "
    "(read 2026-11-21)",
    breaks="the reader, who follows a citation to a page that was never opened",
    example="url_citation of a page that is not among the search's results",
)
def cited_retrieved(result: Cited) -> Iterator[Finding]:
    """Where a provider browses by itself, the pages that it cites are among those that it retrieved.

    Judged only where the response lists what every search brought; what an earlier turn brought counts too.
    """
    for url in result.strays:
        yield Finding("", f"cites {url!r}", f"one of the {len(result.browsed.retrieved)} pages that were retrieved")


def _finding(result: AboutPage, expected: str) -> Finding:
    judged = result.judged
    words = " ".join(result.answer.text.split())
    shown = words if len(words) <= _EXCERPT else f"{words[: _EXCERPT - 1]}…"
    return Finding("", f"{judged.label.value} ({judged.confidence:.2f}): {shown!r}", expected)
