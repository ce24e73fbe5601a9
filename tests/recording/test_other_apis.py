"""Traffic of an API that no dialect has is counted with its reason: neither silent, nor judged as what it is not."""

from __future__ import annotations

import json
import pickle
from dbm import dumb
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli import main
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.runs.whose import why_skipped
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from pathlib import Path

_PIPELINE = {"module_configurations": {"llm_module_config": {"model_name": "m"}}}


def why(path: str, asked: dict[str, Any], answered: Any) -> str | None:
    request = Request("POST", f"https://llm.example{path}", {}, json.dumps(asked).encode())
    return why_skipped(Case(Exchange("x", request, Response(200, {}, json.dumps(answered).encode()))))


@pytest.mark.parametrize(
    ("path", "asked", "answered"),
    [
        (
            "/v1/complete",
            {"model": "m", "prompt": "\n\nHuman: hi\n\nAssistant:"},
            {"completion": "Hi", "stop_reason": "stop_sequence"},
        ),
        ("/generate", {"inputs": "hi"}, {"generated_text": "hi there"}),
        ("/models/org/m", {"inputs": "hi"}, [{"generated_text": "hi there"}]),
        ("/v2/inference/deployments/d1/completion", {"orchestration_config": _PIPELINE}, {"orchestration_result": {}}),
        ("/v2/inference/deployments/d1/v2/completion", {"config": {"modules": {}}}, {"final_result": {}}),
    ],
)
def test_another_api_is_skipped_and_named(path: str, asked: dict[str, Any], answered: Any) -> None:
    reason = why(path, asked, answered)
    assert reason is not None
    assert reason.endswith("no dialect")


@pytest.mark.parametrize(
    "asked", [{"prompt": "hi"}, {"prompt": "hi", "config": {"n": 1}}, {"model": "m"}, {"config": "fast"}, {}]
)
@pytest.mark.parametrize("path", ["/completion", "/v1/completions"])
def test_a_completion_stays_one(path: str, asked: dict[str, Any]) -> None:
    assert why(path, asked, {"content": "hi", "stop": True}) is None


def shelve(folder: Path, value: object) -> None:
    with dumb.open(str(folder / "node_cache.shelve"), "n") as file:
        file[b"k"] = pickle.dumps(value)


@pytest.mark.parametrize(
    "value",
    [
        {"output": "x", "output_type": "ChatCompletion"},
        {"choices": [{"finish_reason": "stop"}]},
        [{"generated_text": "x"}],
    ],
)
def test_pickled_answers_are_counted_and_never_loaded(
    value: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelve(tmp_path, value)
    (path,) = find_files([tmp_path])
    (item,) = read_exchanges(path, named=False)
    assert isinstance(item, Unreadable)
    assert item.passed_over == "of pickled objects, which are never loaded"
    assert main(["audit", str(tmp_path)]) == 2  # nothing was judged
    assert "1 file of pickled objects, which are never loaded" in capsys.readouterr().err
    assert main(["audit", str(tmp_path), "--strict"]) == 3


def test_other_pickled_objects_are_no_recording(tmp_path: Path) -> None:
    shelve(tmp_path, {"rows": [1, 2, 3]})
    assert list(find_files([tmp_path])) == [tmp_path]


@pytest.mark.parametrize("body", ['[{"generated_text": "hi"}]', '{"completion": "Hi", "stop_reason": "stop_sequence"}'])
def test_a_body_of_another_api_is_counted(body: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answer.json").write_text(body)
    assert main(["audit", str(tmp_path)]) == 2  # nothing was judged
    assert "passed over, although they look like recordings: 1 file" in capsys.readouterr().err
