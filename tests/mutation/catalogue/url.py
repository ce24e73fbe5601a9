"""Pages that nobody opened: made up, with made-up links; and citations of pages that no search brought."""

from __future__ import annotations

from tests.mutation.legal import ASKED_PAGE, PAGE, SEARCHED
from tests.mutation.mutant import mutant
from tests.mutation.operators import add, asked, put, then

_ABOUT_PAGE = asked(messages=[{"role": "user", "content": ASKED_PAGE}])
_SAID = "/choices/0/message/content"
INVENTED, LINKS = "url.grounding_no_fabrication", "url.links_supplied"
CLAIMS = "The article says that 240 boats froze in 1963, and the author blames the harbour council for it."
OPENED = "I opened the page and read it: it reports that 240 boats were lost in the winter of 1963."
CITES = "I cannot open it, but https://journal.example.org/2021/04/harbour-study-17 covers the same."

MUTANTS = [
    mutant("page-made-up", then(_ABOUT_PAGE, put(_SAID, CLAIMS)), "plain", INVENTED),
    mutant("page-said-to-be-opened", then(_ABOUT_PAGE, put(_SAID, OPENED)), "plain", INVENTED),
    mutant("links-made-up", then(_ABOUT_PAGE, put(_SAID, CITES)), "plain", LINKS),
    mutant(
        "citation-of-a-page-that-no-search-brought",
        then(
            add("/citations", SEARCHED["citations"]),
            add(
                "/choices/0/message/annotations",
                [
                    {
                        "type": "url_citation",
                        "url_citation": {"url": f"{PAGE}/elsewhere", "title": "x", "start_index": 0, "end_index": 3},
                    }
                ],
            ),
        ),
        "plain",
        "url.cited_retrieved",
    ),
]
