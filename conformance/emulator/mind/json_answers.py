"""An answer that is JSON: an instance of the schema that was asked for, or an object with the keys that the prompt names."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from conformance.emulator.mind.json_instances.generate import instance
from conformance.emulator.mind.json_instances.hints import Hints, names_in
from conformance.emulator.mind.prose import one_word_answer, say
from conformance.emulator.mind.small_world import KINDS

if TYPE_CHECKING:
    from random import Random

    from conformance.emulator.mind.conversation import Conversation
    from conformance.emulator.mind.request import AnswerRequest

_KEYS = re.compile(r"\b(?:keys?|fields?|members?|propert(?:y|ies))\s+(?:(?:named|called)\s+)?(.+)", re.IGNORECASE)
_LIST_BORDER = re.compile(r",?\s+(?:and|or)\s+|,\s*")


def json_answer(request: AnswerRequest, rng: Random) -> str:
    """Return JSON text for a request whose answer has a JSON form.

    Raises:
        NoInstanceError: the schema allows no value.
    """
    talk = request.talk
    if request.form == "json_schema":
        known = one_word_answer(talk.asked)
        value = instance(request.schema, rng, lambda: Hints(talk.asked, names_in(talk.asked), known))
    else:
        value = _with_keys(talk, rng)
    return json.dumps(value, ensure_ascii=False)


def _with_keys(talk: Conversation, rng: Random) -> dict[str, str]:
    """Return an object with the keys that the prompt names after the word `key` or its like; else one key, `answer`."""
    named = _KEYS.search(talk.asked)
    first = re.split(r"[.;:!?\n]", named[1])[0] if named else ""
    keys = [part.strip(" '\"`") for part in _LIST_BORDER.split(first)]
    usable = [key for key in keys if re.fullmatch(r"\w+", key)]
    if not usable:
        return {"answer": say(talk, rng)}
    return {key: rng.choice(KINDS[key]) if key in KINDS else one_word_answer(talk.asked) or "unknown" for key in usable}
