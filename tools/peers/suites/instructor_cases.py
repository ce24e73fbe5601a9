"""instructor: a Pydantic model as the answer, in each of its modes over an OpenAI client."""

from __future__ import annotations

import instructor
import openai
from cases import BASE_URL, KEY, MODEL, UNKNOWN_MODEL, Cases, refused
from pydantic import BaseModel

case = Cases()
asked = [{"role": "user", "content": "Extract: Ada Lovelace is 36 years old."}]


class Person(BaseModel):
    name: str
    age: int


def client(mode: instructor.Mode) -> instructor.Instructor:
    return instructor.from_openai(openai.OpenAI(base_url=BASE_URL, api_key=KEY, max_retries=0), mode=mode)


def extracted(mode: instructor.Mode) -> None:
    person = client(mode).create(model=MODEL, messages=asked, response_model=Person, max_retries=0)
    assert isinstance(person, Person)


@case("tools", "tool_choice_named")
def tools() -> None:
    extracted(instructor.Mode.TOOLS)


@case("json_object")
def json() -> None:
    extracted(instructor.Mode.JSON)


@case("json_schema")
def json_schema() -> None:
    extracted(instructor.Mode.JSON_SCHEMA)


@case()
def md_json() -> None:
    extracted(instructor.Mode.MD_JSON)


@case("tools", "tool_choice_named")
def partial() -> None:
    parts = list(
        client(instructor.Mode.TOOLS).create_partial(model=MODEL, messages=asked, response_model=Person, max_retries=0)
    )
    Person.model_validate(parts[-1].model_dump())


@case("tools", "tool_choice_named")
def iterable() -> None:
    people = list(
        client(instructor.Mode.TOOLS).create_iterable(model=MODEL, messages=asked, response_model=Person, max_retries=0)
    )
    assert people
    assert all(isinstance(person, Person) for person in people)


@case()
def error_model() -> None:
    mode = instructor.Mode.JSON
    error = refused(
        lambda: client(mode).create(model=UNKNOWN_MODEL, messages=asked, response_model=Person, max_retries=0)
    )
    assert "404" in str(error) or "400" in str(error) or "model" in str(error).lower(), repr(error)


if __name__ == "__main__":
    case.run()
