"""Claims about plots: what their titles say, that they stand by themselves, and that no text overlaps another."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.asking.latency.files import write_run, write_sweep
from conformance.knowledge.latency.claims import Claim
from conformance.knowledge.latency.compare import compare
from conformance.knowledge.latency.knee import find_knee
from conformance.knowledge.latency.runs import RUNS, samples_of
from conformance.knowledge.latency.sweeps import SWEEPS, Sweep, read_sweeps
from conformance.knowledge.latency.throughput import Level
from conformance.report.latency_plots import stream_plots, target_plots
from conformance.report.plots.curve import curve
from conformance.report.plots.ecdf import ecdf
from conformance.report.plots.frame import Axis, axis_over
from conformance.report.plots.history import Point, history
from conformance.report.plots.stated import stated
from conformance.report.plots.svg import WIDTH, sheet, text
from conformance.report.plots.timeline import stalls, timeline
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, Timing
from tests.knowledge.latency.recorded import new, past

if TYPE_CHECKING:
    from collections.abc import Sequence

    from world import World

    from conformance.report.plots.svg import Plot

SVG = "{http://www.w3.org/2000/svg}"
DAY = datetime(2026, 11, 1, tzinfo=UTC)


def texts(plot: Plot) -> list[tuple[float, float, float, str]]:
    """Return (left, right, baseline, words) of every text of a plot, as wide as a usual font makes it."""
    root = ET.fromstring(plot.svg)  # noqa: S314 - our own text
    found = []
    for group in root.iter():
        shift = float((re.findall(r"translate\(0 ([\d.]+)\)", group.get("transform", "")) or ["0"])[0])
        for each in group.findall(f"{SVG}text"):
            size = 18 if "title" in each.get("class", "") else 13
            wide = 0.54 * size * len(each.text or "")
            x = float(each.get("x", 0)) - {"end": wide, "middle": wide / 2}.get(each.get("text-anchor", ""), 0)
            found.append((x, x + wide, float(each.get("y", 0)) + shift, each.text or ""))
    return found


def assert_readable(plot: Plot) -> None:
    placed = texts(plot)
    assert placed
    for left, right, _, words in placed:
        assert left >= 0, words
        assert right <= WIDTH, words
    for (left, right, y, words), (other_left, other_right, other_y, other) in itertools.combinations(placed, 2):
        apart = right <= other_left or other_right <= left or abs(y - other_y) >= 11
        assert apart, f"{words!r} overlaps {other!r}"


def stream(arrivals: Sequence[float], evidence: str = "recorded") -> Exchange:
    choice = b'{"index":0,"delta":{"content":"w "},"finish_reason":null}'
    event = b'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[%b]}\n\n' % choice
    timing = Timing(sent=0.0, end=arrivals[-1], chunks=tuple((at, len(event)) for at in arrivals))
    return Exchange(
        "x",
        Request("POST", "https://fake.example/v1/chat/completions", {}, b'{"model":"m","messages":[],"stream":true}'),
        Response(200, {"content-type": "text/event-stream"}, event * len(arrivals), "clean"),
        timing,
        dialect="openai-chat",
        evidence=evidence,  # type: ignore[arg-type]
    )


def drawn(arrivals: Sequence[float]) -> Plot:
    plot = timeline(Case(stream(arrivals)), "fake/m, plain")
    assert plot is not None
    return plot


def points(*said: str) -> list[Point]:
    return [
        Point(DAY + timedelta(days=at), 0.9, 2.0 if each == "regression" else 1.0, 2.2, each)  # type: ignore[arg-type]
        for at, each in enumerate(said)
    ]


def levels(*tps: float) -> list[Level]:
    return [Level(2**at, 20, 0, tps=each) for at, each in enumerate(tps)]


def claim(verdict: str, measured: float | None = 480.0) -> Claim:
    ci = (0.9 * measured, 1.1 * measured) if measured else None
    return Claim("x", verdict, "why", 500.0, measured, ci, "tokens/s", higher_is_better=True)  # type: ignore[arg-type]


def every_plot() -> dict[str, Plot]:
    base, slow, same = (samples_of(each) for each in (past(), new(factor=2), new()))
    found = {}
    for name, other in (("slow", slow), ("same", same)):
        sides = tuple([value for each in side if (value := each.figure("ttft")) is not None] for side in (base, other))
        found[f"ecdf {name}"] = ecdf("fake/m short", "ttft", (sides[0], sides[1]), compare(base, other)["ttft"])
    found["stream"] = drawn([0.3 + 0.02 * at for at in range(100)])
    found["stall"] = drawn([0.01 * at + (2 if at > 30 else 0) + (1 if at > 32 else 0) for at in range(1, 60)])
    found["burst"] = drawn([3.0] * 40)
    found["early"] = drawn([*(0.001 * at for at in range(1, 90)), 5.0])
    found["history"] = history(
        "fake/m short", "e2e", points(*["baseline", *["ok"] * 28, "inconclusive", "regression"]), delta=0.2
    )
    found["one run"] = history("fake/m short", "e2e", points("baseline"), delta=0.2)
    full, rising = levels(60, 118, 231, 470, 482, 480), levels(60, 118, 231, 470, 940, 1800)
    for name, each in (("knee", full), ("rising", rising)):
        plot = curve("fake/m short", each, find_knee([(level.streams, level.tps or 0) for level in each]))
        assert plot is not None
        found[name] = plot
    long = "a-provider-with-a-long-name/an-organisation/a-model-with-a-very-long-name-indeed@openai-chat short"
    found["stated"] = stated(
        [(long, claim("holds", 560)), ("fake/m", claim("does not hold", 100)), ("fake/n", claim("inconclusive", None))]
    )
    return found


PLOTS = every_plot()


@pytest.mark.parametrize("name", PLOTS)
def test_no_text_overlaps_another_or_leaves_the_sheet(name: str) -> None:
    assert_readable(PLOTS[name])


def test_texts_that_overlap_would_be_seen() -> None:
    body = [text(100, 50, "one label"), text(120, 55, "another label")]
    with pytest.raises(AssertionError, match="overlaps"):
        assert_readable(sheet("a title", "", 100, body))


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_stands_by_itself_in_light_and_dark(name: str) -> None:
    svg = PLOTS[name].svg
    assert "prefers-color-scheme:dark" in svg
    assert not re.search(r"<script|href|@import|url\(", svg)
    assert ET.fromstring(svg).get("aria-label") == PLOTS[name].title  # noqa: S314 - our own text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("ecdf slow", "ttft: a regression, +"),
        ("ecdf same", "ttft: no"),
        ("stream", "First output after 300 ms, then 50 pieces a second without a stall"),
        ("stall", "2 stalls of up to 2.01 s"),
        ("burst", "Nothing until 3 s, then 40 pieces at once"),
        ("history", "e2e: the newest run regressed, 2 s against 1 s before"),
        ("one run", "e2e: one run, median 1 s"),
        ("knee", "Throughput stops growing at about 8.1 streams: 480 tokens/s"),
        ("rising", "Throughput still grows at 32 streams"),
        ("stated", "1 of 3 stated figures hold, 1 does not, 1 not decided"),
    ],
)
def test_a_title_says_the_result(name: str, title: str) -> None:
    assert title in PLOTS[name].title


@pytest.mark.parametrize("most", [0.5, 100, 130, 199, 200])
def test_an_axis_always_says_its_unit(most: float) -> None:
    plot = stated([("fake/m", claim("holds", 5 * most))])
    assert "% of what was stated" in plot.svg
    assert_readable(plot)


def test_a_providers_words_stay_words() -> None:
    plot = stated([('<script>alert("x")</script>', claim("holds"))])
    assert "<script" not in plot.svg
    assert_readable(plot)


def test_a_pause_is_a_stall_only_where_it_is_long_and_unusual() -> None:
    assert stalls([0.0, 0.1, 0.2, 1.2]) == [(0.2, 1.2)]
    assert stalls([0.0, 0.01, 0.02, 0.2]) == []  # short
    assert stalls([0.0, 1.0, 2.0, 3.5]) == []  # usual
    assert stalls([1.0]) == []


def test_nothing_is_drawn_of_an_emulated_stream() -> None:
    assert stream_plots("fake/m, ", [Case(stream([0.1 * at for at in range(1, 20)], evidence="emulated"))]) == []


def test_the_stream_of_the_most_reads_is_drawn() -> None:
    short, longer = ([0.1 * at for at in range(1, count)] for count in (10, 30))
    (plot,) = stream_plots("fake/m, ", [Case(stream(short)), Case(stream(longer))])
    assert "29 pieces" in plot.svg


@given(st.lists(st.floats(1e-4, 1e4), min_size=1, max_size=40))
def test_an_axis_shows_all_of_its_values(values: list[float]) -> None:
    axis = axis_over(values, 0, 100)
    assert all(-1e-6 <= axis.at(value) <= 100 + 1e-6 for value in values)


@given(st.floats(0, 1e5), st.floats(1e-3, 1e5))
def test_ticks_are_few_and_on_the_axis(low: float, span: float) -> None:
    axis = Axis(low, low + span, 0, 100)
    assert len(axis.ticks) <= 8
    assert all(-1e-6 <= axis.at(tick) <= 100 + 1e-6 for tick in axis.ticks)


@given(st.lists(st.floats(0.001, 5), min_size=1, max_size=60))
def test_no_stream_makes_a_timeline_whose_texts_overlap(gaps: list[float]) -> None:
    assert_readable(drawn(list(itertools.accumulate(gaps))))


@given(st.lists(st.floats(0.5, 1e5), min_size=1, max_size=6))
def test_no_sweep_makes_a_curve_whose_texts_overlap(tps: list[float]) -> None:
    swept = levels(*tps)
    plot = curve("fake/m short", swept, find_knee([(each.streams, each.tps or 0) for each in swept]))
    assert plot is not None
    ET.fromstring(plot.svg)  # noqa: S314 - our own text


def test_a_target_with_nothing_measured_has_no_plot(world: World) -> None:
    assert target_plots(world.target, world.folder / "reports", {}) == []


def test_recorded_runs_are_drawn_as_distribution_and_history(world: World) -> None:
    for run in (*past(), *new(factor=2)):
        write_run(world.folder / "reports" / RUNS, run)
    titles = [plot.title for plot in target_plots(world.target, world.folder / "reports", {})]
    assert [title.partition(":")[0] for title in titles] == ["ttft", "ttft", "tpot", "tpot", "e2e", "e2e"]
    assert titles[4].startswith("e2e: a regression")
    assert titles[5].startswith("e2e: the newest run regressed")


def test_a_sweep_is_read_as_it_was_written_and_drawn(world: World) -> None:
    swept = levels(60, 118, 231, 470, 482, 480)
    sweep = Sweep("fake/m", "short", DAY, tuple(swept), find_knee([(each.streams, each.tps or 0) for each in swept]))
    write_sweep(world.folder / "reports" / SWEEPS, sweep)
    assert read_sweeps(world.folder / "reports" / SWEEPS) == [sweep]
    (plot,) = target_plots(world.target, world.folder / "reports", {})
    assert "stops growing" in plot.title


def test_the_page_shows_what_was_measured(world: World) -> None:
    for run in (*past(), *new()):
        write_run(world.folder / "reports" / RUNS, run)
    world.cassette()
    world.run("-k", "choice.message_role")
    page = (world.folder / "reports/index.html").read_text("utf-8")
    _, _, latency = page.partition('<section class="latency" id="latency">')
    assert latency.partition("</section>")[0].count("<svg ") == 6


def test_a_page_without_data_has_no_latency_section(world: World) -> None:
    world.cassette()
    world.run("-k", "choice.message_role")
    assert 'id="latency"' not in (world.folder / "reports/index.html").read_text("utf-8")


def test_a_latency_cell_shows_its_runs_in_allure(world: World) -> None:
    for run in (*past(), *new(factor=2)):
        write_run(world.folder / "reports" / RUNS, run)
    world.cassette()
    assert world.run("-k", "timing.regression", "--alluredir", "allure").code == 1
    drawn_plots = [path for path in (world.folder / "allure").iterdir() if path.suffix == ".svg"]
    assert len(drawn_plots) == 6
    assert all(ET.parse(path) for path in drawn_plots)  # noqa: S314 - our own text
