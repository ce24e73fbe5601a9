"""An answer that is JSON: an instance of the schema that was asked for, or an object with the keys that the prompt names."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.mind.instructions.json_keys import asked_schema, asks_for_json
from conformance.emulator.mind.instructions.react import react_step
from conformance.emulator.mind.json_instances.generate import NoInstanceError, instance
from conformance.emulator.mind.json_instances.hints import URL, Hints, names_in
from conformance.emulator.mind.prose import one_word_answer, say
from conformance.emulator.mind.small_world import KINDS

if TYPE_CHECKING:
    from random import Random

    from conformance.emulator.mind.conversation import Conversation
    from conformance.emulator.mind.request import AnswerRequest

_PART: Final = re.compile(r"[.!?:](?=\s|$)|[。！？：\n]")  # noqa: RUF001


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
        schema = _schema(talk)
        value = {"answer": say(talk, rng)} if schema is None else _filled(schema, talk, rng)
    return json.dumps(value, ensure_ascii=False)


def text_answer(talk: Conversation, rng: Random) -> str:
    """Return the answer in words, or as JSON text where the prompt asks for JSON with keys and shows no page that nobody opened."""
    unread = URL.search(talk.asked) and not talk.results
    if not unread and react_step(talk) is None and (asks_for_json(talk.asked) or asks_for_json(talk.system)):
        schema = _schema(talk)
        if schema is not None:
            return json.dumps(_filled(schema, talk, rng), ensure_ascii=False)
    return say(talk, rng)


def _schema(talk: Conversation) -> dict[str, Any] | None:
    return asked_schema(talk.asked) or asked_schema(talk.system)


def _filled(schema: dict[str, Any], talk: Conversation, rng: Random) -> Any:  # noqa: ANN401 - any JSON
    """Return an object of a schema: a member is what a tool brought under its name, a thing of the kind that it is called, or drawn.

    A text of which the prompt offers nothing is `unknown`.
    """
    known = one_word_answer(talk.asked)
    texts = [key for key, part in schema.get("properties", {}).items() if part == {"type": "string"}]
    things = {key: rng.choice(KINDS[key]) for key in texts if key in KINDS}
    material = _material(talk.asked)
    offered = tuple(name for name in names_in(material) if name[0].isupper())
    try:
        value = instance(schema, rng, lambda: Hints(material, offered, known))
    except NoInstanceError:
        return {"answer": say(talk, rng)}
    if not isinstance(value, dict):
        return value
    brought = _brought(talk)
    for key, drawn in value.items():
        if key in brought and type(brought[key]) is type(drawn):
            value[key] = brought[key]
        elif key in texts:
            value[key] = things.get(key) or known or (drawn if drawn in offered else "unknown")
    return value


def _material(asked: str) -> str:
    """Return what a prompt says beside its wish for JSON, which names keys and no values."""
    start, end = asked.find("{"), asked.rfind("}")
    parts = _PART.split(asked[:start] + asked[end + 1 :] if -1 < start < end else asked)
    return " ".join(part for part in parts if "json" not in part.lower())


def _brought(talk: Conversation) -> dict[str, Any]:
    """Return the members of the objects that the tools brought."""
    members: dict[str, Any] = {}
    for result in talk.results:
        try:
            value = json.loads(result.text)
        except ValueError:
            continue
        members |= value if isinstance(value, dict) else {}
    return members
