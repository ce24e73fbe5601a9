"""Heat maps: a square says its figure in words, and a missing measurement is no zero."""

from __future__ import annotations

from conformance.knowledge.field import Entry, FieldRecord
from conformance.report.glance import clients_map, field_map
from conformance.report.plots.heat import Square, heat


def test_a_share_stands_in_words_and_is_shaded() -> None:
    plot = heat("t", "n", ["a", "b"], {"row": {"a": Square(0.5, "1/2")}}, "-")
    assert plot is not None
    assert (">1/2<" in plot.svg, ">-<" in plot.svg) == (True, True)
    assert plot.svg.count("fill-opacity") == 1


def test_without_rows_there_is_no_plot() -> None:
    assert heat("t", "n", ["a"], {}) is None
    assert field_map(FieldRecord()) is None


def test_of_two_protocols_the_one_with_more_recordings_is_drawn_and_nothing_is_added_up() -> None:
    few = Entry("acme", "*", "openai-chat", "tool calls", 4, 4, None, None, 1)
    many = Entry("acme", "*", "openai-responses", "tool calls", 10, 1, None, None, 1)
    plot = field_map(FieldRecord.of([few, many]))
    assert plot is not None
    assert ">1/10<" in plot.svg
    assert ">4/4<" not in plot.svg


def test_the_client_matrix_is_drawn_with_every_capability_that_breaks_one() -> None:
    plot = clients_map()
    assert plot is not None
    assert ">tool calls<" in plot.svg
