"""Model names in files: every form of file, whose a name is, and what is no name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import UnusableInputError
from conformance.knowledge.lifecycle.context import nearest, told_by
from conformance.knowledge.lifecycle.lookup import in_place_of
from conformance.knowledge.lifecycle.scan.files import LARGEST, find_files, literals_of, read
from conformance.knowledge.lifecycle.scan.mention import mention
from tests.knowledge.lifecycle.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.knowledge.lifecycle.scan.mention import Mention

    Scan = Callable[..., list[Mention]]

#: What a document of mid-2025 names, with the day each is gone since, and what takes its place today.
GONE = {
    ("groq", "llama-3.3-70b-versatile"): "2026-08-16",
    ("groq", "deepseek-r1-distill-llama-70b"): "2025-10-02",
    ("cerebras", "llama-4-scout"): "2025-11-03",
    ("cerebras", "llama-4-maverick"): "2025-10-15",
    ("cerebras", "llama-3.1-8b"): "2026-05-27",
    ("cerebras", "llama-3.1-70b"): "2025-01-17",
}
DOCUMENTS = {
    "table.md": """
| Provider | Model |
|---|---|
| Groq | llama-3.3-70b-versatile |
| Groq | `deepseek-r1-distill-llama-70b` |
| Cerebras | llama-4-scout, llama-4-maverick |
| Cerebras | `llama-3.1-8b` or `llama-3.1-70b` |
""",
    "columns.md": """
| Groq | Cerebras |
|------|----------|
| llama-3.3-70b-versatile, deepseek-r1-distill-llama-70b | llama-4-scout, llama-4-maverick, llama-3.1-8b, llama-3.1-70b |
""",
    "headings.md": """
# Models

## Groq

We run llama-3.3-70b-versatile
and deepseek-r1-distill-llama-70b.

Cerebras
--------

- llama-4-scout and llama-4-maverick
- llama-3.1-8b
  or llama-3.1-70b
""",
    "sentence.txt": """
We use llama-3.3-70b-versatile and deepseek-r1-distill-llama-70b for Groq and llama-4-scout, llama-4-maverick,
llama-3.1-8b and llama-3.1-70b for Cerebras.
""",
    "leading.md": "Groq: llama-3.3-70b-versatile, deepseek-r1-distill-llama-70b; Cerebras: llama-4-scout, llama-4-maverick, "
    "llama-3.1-8b, llama-3.1-70b.",
    "captions.md": """
On Groq:

* llama-3.3-70b-versatile
* deepseek-r1-distill-llama-70b

On Cerebras:

1. llama-4-scout
2. llama-4-maverick
3. llama-3.1-8b
4. llama-3.1-70b
""",
    "fenced.md": """
```yaml
groq: [llama-3.3-70b-versatile, deepseek-r1-distill-llama-70b]
cerebras: [llama-4-scout, llama-4-maverick, llama-3.1-8b, llama-3.1-70b]
```
""",
    "clients.py": """
from groq import Groq
from openai import OpenAI

client = Groq()
fast = OpenAI(base_url="https://api.cerebras.ai/v1")


def ask(model: str = "llama-3.3-70b-versatile") -> str:
    return client.chat.completions.create(model=model)


GROQ_MODELS = ["deepseek-r1-distill-llama-70b"]
fast.chat.completions.create(model="llama-4-scout")
fast.chat.completions.create(model="llama-4-maverick")
BY_SIZE = {"cerebras": {"small": "llama-3.1-8b", "large": "llama-3.1-70b"}}
""",
    "config.yaml": """
providers:
  - name: groq
    models: [llama-3.3-70b-versatile, deepseek-r1-distill-llama-70b]
  - name: fast
    base_url: https://api.cerebras.ai/v1
    models:
      - llama-4-scout
      - llama-4-maverick
      - llama-3.1-8b
      - llama-3.1-70b
""",
    "config.json": """{
\t"groq": {"model": "llama-3.3-70b-versatile", "reasoner": "deepseek-r1-distill-llama-70b"},
\t"cerebras": {"models": ["llama-4-scout", "llama-4-maverick", "llama-3.1-8b", "llama-3.1-70b"]}
}""",
    "config.toml": """
[groq]
model = "llama-3.3-70b-versatile"  # llama-3.1-70b
fallback = "deepseek-r1-distill-llama-70b"

[cerebras]
models = [
  "llama-4-scout",
  "llama-4-maverick",
]
small = "llama-3.1-8b"
large = "llama-3.1-70b"
""",
    ".env": """
GROQ_MODEL=llama-3.3-70b-versatile
GROQ_REASONER="deepseek-r1-distill-llama-70b"
export CEREBRAS_MODEL=llama-4-scout
CEREBRAS_OTHER='llama-4-maverick'
CEREBRAS_SMALL=llama-3.1-8b # fast
CEREBRAS_LARGE=llama-3.1-70b
""",
    "app.ts": """
// llama-3.1-70b is a comment
const groq = new Groq();
await groq.chat.completions.create({ model: "llama-3.3-70b-versatile" });
const groqReasoner: string = 'deepseek-r1-distill-llama-70b';
const models = { cerebras: { models: ["llama-4-scout", "llama-4-maverick"], fast: `llama-3.1-8b` } };
const large = createCerebras({ apiKey })("llama-3.1-70b");
""",
    "main.go": """
package main

func main() {
	client := groq.NewClient(key)
	client.Chat(ctx, groq.Request{Model: "llama-3.3-70b-versatile", Fallback: "deepseek-r1-distill-llama-70b"})
	fast := openai.New(option.WithBaseURL("https://api.cerebras.ai/v1"))
	fast.Chat(ctx, Request{Models: []string{"llama-4-scout", "llama-4-maverick", "llama-3.1-8b", "llama-3.1-70b"}})
}
""",
    "client.rb": """
# llama-3.1-70b in a comment
groq = Groq::Client.new(model_id: "llama-3.3-70b-versatile")
GROQ = %w[x] + ["deepseek-r1-distill-llama-70b"]
cerebras.chat(model: "llama-4-scout", fallbacks: ["llama-4-maverick", "llama-3.1-8b", "llama-3.1-70b"])
""",
    "Client.java": """
class Client {
  Model groq = GroqChatModel.builder().modelName("llama-3.3-70b-versatile").fallback("deepseek-r1-distill-llama-70b").build();
  static final String CEREBRAS_MODEL = "llama-4-scout";
  Model fast = OpenAiChatModel.builder().baseUrl("https://api.cerebras.ai/v1").modelName("llama-4-maverick")
      .small("llama-3.1-8b").large("llama-3.1-70b").build();
}
""",
    "prefixes.py": "".join(f'completion(model="{provider}/{model}")\n' for provider, model in GONE),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_retired_model_of_a_document_is_told_with_its_day_and_what_takes_its_place(name: str, scan: Scan) -> None:
    said = {
        (provider, each.model.rpartition("/")[2]): each
        for each in scan(name, DOCUMENTS[name])
        for provider in each.providers
    }
    assert {key: each.status.words for key, each in said.items()} == {
        key: f"retired since {day}" for key, day in GONE.items()
    }
    assert all(each.certain and each.status.fails() for each in said.values())
    assert all(in_place_of(provider, each.status.replacement, TODAY) for (provider, _), each in said.items())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_as_of_an_earlier_day_exactly_those_are_gone_that_were_by_then(name: str, scan: Scan) -> None:
    said = scan(name, DOCUMENTS[name], date(2025, 6, 1))
    gone = {each.model.rpartition("/")[2] for each in said if each.status.fails(0)}
    assert gone == {"llama-3.1-70b"}
    assert len({each.model.rpartition("/")[2] for each in said}) == len(GONE)


def test_a_mention_says_its_line(scan: Scan) -> None:
    lines = {each.model: each.line for each in scan("table.md", DOCUMENTS["table.md"])}
    assert (lines["llama-3.3-70b-versatile"], lines["llama-3.1-70b"]) == (4, 7)
    lines = {each.model: each.line for each in scan("fenced.md", DOCUMENTS["fenced.md"])}
    assert (lines["llama-3.3-70b-versatile"], lines["llama-3.1-70b"]) == (3, 4)
    lines = {each.model: each.line for each in scan("headings.md", DOCUMENTS["headings.md"])}
    assert (lines["deepseek-r1-distill-llama-70b"], lines["llama-3.1-70b"]) == (7, 14)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("comment.py", "# gpt-4\nx = 1  # model='gpt-4'\n"),
        ("docstring.py", '"""Once we used gpt-4 here."""\n'),
        ("comment.js", "// 'gpt-4'\n/* \"gpt-4\" */\n"),
        ("comment.yaml", "# model: gpt-4\nmodel_count: 4\n"),
        ("words.py", 'command = "command"\nname = ("ada", "davinci", "o1")\nsubprocess.run(["command", "-v"])\n'),
        ("words.md", "The `command` line and Ada; the curie is a unit.\n"),
        ("text.py", 'print("use gpt-4 for this")\n'),
        ("path.py", 'open("models/gpt-4.json")\nurl = "https://example.com/gpt-4"\n'),
    ],
)
def test_what_is_no_literal_of_its_own_is_not_told(name: str, text: str, scan: Scan) -> None:
    assert scan(name, text) == []


def test_a_word_is_a_model_where_its_key_says_so(scan: Scan) -> None:
    said = scan("a.py", 'import openai\nopenai.chat(model="o1")\nclient.generate(model="davinci")\n')
    assert [(each.model, each.certain) for each in said] == [("o1", True), ("davinci", True)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"cohere": {"models": [{"id": "command-r-plus"}]}}'),
        ("a.ts", "const cohere = { models: [{ id: 'command-r-plus', label: 'Command R+' }] };"),
        ("a.py", 'cohere = {"models": [{"id": "command-r-plus"}]}'),
    ],
)
def test_an_id_below_models_is_the_value_of_a_model(name: str, text: str, scan: Scan) -> None:
    assert [each.model for each in scan(name, text)] == ["command-r-plus"]


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        ('from openai import AzureOpenAI\nAzureOpenAI().create(model="gpt-4-0613")\n', "azure"),
        ('from openai import OpenAI\nOpenAI().create(model="gpt-4-0613")\n', "openai"),
        ('from openai import OpenAI\nc = OpenAI(base_url=URL)\nc.create(model="gpt-4-0613")\n', "openai"),
        ('agent = Agent("openai:gpt-4-0613")\n', "openai"),
        ('import boto3\nclient.converse(modelId="anthropic.claude-sonnet-4-20250514-v1:0")\n', "bedrock"),
        ('x = "claude-3-opus-20240229"\n', "anthropic"),
        ('import vertexai\nx = Model("gemini-2.0-flash")\n', "vertex"),
        ('import google.generativeai as genai\nx = genai.GenerativeModel("models/gemini-2.0-flash")\n', "gemini"),
    ],
)
def test_what_stands_near_tells_whose_it_is(text: str, provider: str, scan: Scan) -> None:
    assert {each.providers for each in scan("a.py", text)} == {(provider,)}


@pytest.mark.parametrize(
    "text",
    [
        'model = "meta-llama/Llama-3.1-8B-Instruct"\n',
        'from transformers import pipeline\npipeline(model="meta-llama/Llama-3.1-8B-Instruct")\n',
        'import ollama\nollama.chat(model="llama3.1:8b")\n',
        'import ollama\nollama.chat(model="llama3.1-8b")\n',
        'model = "llama-3.1-8b"\n',
        'MODELS = ["llama-3.3-70b", "deepseek-r1-distill-llama-70b", "qwen/qwen3-32b", "meta-llama/llama-4-scout-17b-16e-instruct"]\n',
        'client = OpenAI(base_url="https://openrouter.ai/api/v1")\nclient.create(model="meta-llama/llama-4-scout-17b-16e-instruct")\n',
        'client = Client("https://my-vllm.internal/v1")\nclient.create(model="deepseek-ai/DeepSeek-R1-Distill-Llama-70B")\n',
        'import groq\nx = AutoTokenizer.from_pretrained("meta-llama/Llama-3.1-8B-Instruct")\n',
    ],
)
def test_open_weights_elsewhere_are_no_retired_model_of_a_host(text: str, scan: Scan) -> None:
    assert [each for each in scan("a.py", text) if each.certain and each.status.fails()] == []


def test_where_the_provider_is_open_and_the_states_differ_it_is_only_possible(scan: Scan) -> None:
    text = 'import azure.ai\nimport openai\nfrom groq import Groq\nMODELS = ["gpt-4o-2024-05-13"]\n'
    said = scan("a.py", text)
    assert [(each.certain, each.status.state) for each in said if each.certain and each.status.fails()] == []


def test_a_file_that_its_parser_refuses_is_read_all_the_same(scan: Scan) -> None:
    assert [each.model for each in scan("a.py", 'import groq\nprint "x"\nmodel = "llama-3.3-70b-versatile"\n')] == [
        "llama-3.3-70b-versatile"
    ]
    assert [each.model for each in scan("a.yaml", "groq: {{ x }}\nmodel: 'llama-3.3-70b-versatile'\n")] == [
        "llama-3.3-70b-versatile"
    ]


@given(
    st.sampled_from([".py", ".yaml", ".json", ".toml", ".env", ".md", ".ts", ".rb", ".txt"]),
    st.lists(
        st.sampled_from(
            [
                *"{}[]()'\"`#|-:=,. \n\t/*",
                "gpt-4",
                "groq",
                "model",
                "llama-3.1-8b",
                "```yaml\n",
                "|---|\n",
                "## ",
                "def f(",
                "&a ",
                "*a ",
            ]
        )
        | st.text(max_size=5),
        max_size=40,
    ).map("".join),
)
def test_no_text_crashes_a_reader_and_every_literal_has_its_line(kind: str, text: str) -> None:
    for literal in read(kind, text):
        assert 1 <= literal.line <= len(text) + 1
        mention(literal, "a", TODAY, {})


def test_a_folder_is_read_without_what_tells_the_past_or_belongs_to_others(tmp_path: Path) -> None:
    kept, left = (
        ["src/a.py", "b.yaml", ".env"],
        ["node_modules/a.js", "CHANGELOG.md", "uv.lock", "package-lock.json", "x.png", "a.min.js"],
    )
    for name in kept + left:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert sorted(str(path.relative_to(tmp_path)) for path in find_files([tmp_path])) == sorted(kept)
    assert list(find_files([tmp_path / "CHANGELOG.md"])) == [tmp_path / "CHANGELOG.md"], "a file that is named is read"


def test_what_is_no_text_or_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\0" * 10)
    (tmp_path / "b.py").write_bytes(b"#" * (LARGEST + 1))
    assert literals_of(tmp_path / "a.py") is None
    assert literals_of(tmp_path / "b.py") is None


def test_a_path_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="no such file or folder; name a file or folder"):
        list(find_files([tmp_path / "nowhere"]))


@pytest.mark.parametrize(
    ("text", "providers"),
    [
        ("GROQ_API_KEY", {"groq"}),
        ("ChatGroq(", {"groq"}),
        ("https://api.groq.com/openai/v1", {"groq"}),
        ("AzureOpenAI", {"azure"}),
        ("https://generativelanguage.googleapis.com/v1beta", {"gemini"}),
        ("model: mistral-large-2407 of openai/gpt-4", set()),
        ("grok and groqqq", set()),
        ("we work together with fireworks", {"fireworks"}),
        ("label: 'DeepSeek R1 70B', other: 'Gemini 2.5 Flash'", set()),
    ],
)
def test_a_text_tells_a_provider_by_its_words_not_by_its_models(text: str, providers: set[str]) -> None:
    assert told_by(text) == providers


def test_the_nearest_text_decides_and_a_compatible_client_sent_elsewhere_tells_nothing() -> None:
    assert nearest(["", "groq", "cerebras"]) == {"groq"}
    assert nearest(["OpenAI(base_url=URL)", "https://api.cerebras.ai"]) == {"cerebras"}
    assert nearest(["OpenAI()", "groq"]) == {"openai"}
    assert nearest([]) == frozenset()
