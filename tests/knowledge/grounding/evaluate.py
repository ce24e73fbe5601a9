"""How well the judge does on labelled answers: `python -m tests.knowledge.grounding.evaluate [--own | --unseen] …`.

Without `--own`: the shipped model, trained on our own rows only, on the reference answers beside the checkout. They are a test set:
nothing is ever trained on them.
With `--own`: on our own rows, which need nothing beside the checkout, with models that saw neither the prompt nor the kind:
five-fold cross-validation by prompt; kinds left out, an eighth of them at a time, so that no row is judged by a model that saw
one of its kind; and the part kept unseen while features and words were chosen (`is_held`: every third prompt, and five whole
kinds). `--without spelling: "gram:whole"` leaves out the features that begin so.
With `--unseen`: the shipped model on `tools/unseen`, whose answers, prompts and (in part) kinds nothing was trained on.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.knowledge.grounding.judging import judge_reading
from conformance.knowledge.grounding.model import DISCLOSED, LABELS, MADE_UP, Judged
from conformance.knowledge.grounding.proportion import wilson
from conformance.knowledge.grounding.reading import read
from conformance.knowledge.grounding.rows import answer_from, question_from
from tests.samples.material import BESIDE, rows_of
from tools.train_grounding_judge import fit, samples
from tools.train_grounding_judge import rows as own_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.knowledge.grounding.statistical_stage import Model

FOLDS = 5
KIND_FOLDS = 8
UNSEEN = Path(__file__).parents[3] / "tools" / "unseen"
#: Kinds that were kept unseen until the end.
HELD_KINDS = frozenset({"conditional-figures", "restated-slug", "invented-citations", "false-cues", "claims-access"})
Row = dict[str, Any]


class Verdict(NamedTuple):
    """A labelled row and what the judge says of it."""

    row: Row
    judged: Judged


def dev_rows() -> list[Row]:
    """Return the reference rows in their order."""
    return rows_of(BESIDE.rows)


def unseen_rows(part: str = "*") -> list[Row]:
    """Return the rows of a part that nothing is trained on, in the order of files and lines."""
    return [row for path in sorted(UNSEEN.glob(f"{part}/*.jsonl")) for row in rows_of(path)]


def groups_of(rows: list[Row]) -> list[int]:
    """Return the number of each row's prompt, in order of first appearance."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(row["prompt"], len(numbers)) for row in rows]


def judge_all(rows: list[Row], model: Model | None = None) -> list[Verdict]:
    """Judge rows with the shipped model, or with another."""
    return [Verdict(row, judge_reading(read(question_from(row), answer_from(row["response"])), model)) for row in rows]


def is_held(row: Row) -> bool:
    """Whether a row was kept unseen until the end: one of five kinds, or of every third prompt."""
    return "kind" in row and (row["kind"] in HELD_KINDS or zlib.crc32(row["prompt"].encode()) % 3 == 0)


def left_out(rows: list[Row], group: Callable[[Row], object], without: tuple[str, ...] = ()) -> list[Verdict]:
    """Judge every row that has a group with a model that saw no row of it. None is no group: such rows only train.

    Features that begin as one of `without` are left out.
    """
    readings = [read(question_from(row), answer_from(row["response"])) for row in rows]
    drawn = [samples([row])[0] for row in rows]
    groups = [group(row) for row in rows]
    _, stages = samples(rows)
    found: list[Verdict] = []
    for left in dict.fromkeys(own for own in groups if own is not None):
        chosen = [sample for each, own in zip(drawn, groups, strict=True) if own != left for sample in each]
        model = fit(chosen, stages, without=without)
        found += [
            Verdict(row, judge_reading(reading, model))
            for row, reading, own in zip(rows, readings, groups, strict=True)
            if own == left
        ]
    return found


def by_prompt(row: Row) -> int:
    """Return the fold of a row's prompt."""
    return zlib.crc32(row["prompt"].encode()) % FOLDS


def by_kind(row: Row) -> int | None:
    """Return the fold of a row's kind; None for the first rows, which have no kind."""
    return zlib.crc32(row["kind"].encode()) % KIND_FOLDS if "kind" in row else None


def figures(verdicts: list[Verdict]) -> dict[str, float]:
    """Return n, accuracy and macro-F1 over labels, and accuracy, precision and recall of disclosed-or-not."""
    pairs = Counter((row["label"], judged.label.value) for row, judged in verdicts)
    f1 = []
    for label in {row["label"] for row, _ in verdicts}:
        hit = pairs[label, label]
        said = sum(count for (_, other), count in pairs.items() if other == label)
        real = sum(count for (other, _), count in pairs.items() if other == label)
        f1.append(2 * hit / (said + real) if said + real else 0.0)
    total = len(verdicts)
    both = sum(_discloses(row) and judged.disclosed for row, judged in verdicts)
    said = sum(judged.disclosed for _, judged in verdicts)
    real = sum(_discloses(row) for row, _ in verdicts)
    made = [judged for row, judged in verdicts if row["label"] in MADE_UP]
    return {
        "n": total,
        "accuracy": sum(pairs[label.value, label.value] for label in LABELS) / total,
        "macro_f1": sum(f1) / len(f1),
        "disclosed": sum(_discloses(row) == judged.disclosed for row, judged in verdicts) / total,
        "precision": both / said if said else 1.0,
        "recall": both / real if real else 1.0,
        "made_up_not_passed": sum(not judged.disclosed for judged in made) / len(made) if made else 1.0,
        "unsure": sum(judged.unsure for _, judged in verdicts) / total,
    }


def _discloses(row: Row) -> bool:
    return row["label"] in DISCLOSED


def parts(verdicts: list[Verdict], rows: list[Row]) -> dict[str, list[Verdict]]:
    """Return the verdicts by the parts that are reported. `rows` are the rows of these verdicts in the order of their file."""
    unseen = {row["id"] for row, number in zip(rows, groups_of(rows), strict=True) if number % 3 == 2}
    found = {
        "all": verdicts,
        "written": [each for each in verdicts if not each.row["real"]],
        "real outputs": [each for each in verdicts if each.row["real"]],
        "adversarial": [each for each in verdicts if each.row["adversarial"]],
        "English": [each for each in verdicts if each.row["language"] == "en"],
        "other languages": [each for each in verdicts if each.row["language"] != "en"],
        "seen while writing": [each for each in verdicts if each.row["id"] not in unseen],
        "unseen until the end": [each for each in verdicts if each.row["id"] in unseen],
    }
    for language in sorted({row["language"] for row, _ in verdicts} - {"en"}):
        found[f"  {language}"] = [each for each in verdicts if each.row["language"] == language]
    return found


def table(title: str, verdicts: list[Verdict]) -> str:
    """Return the figures of every part as text."""
    head = f"{'':22}{'n':>5}{'7-label':>9}{'macro-F1':>10}{'disclosed':>11}{'precision':>11}{'recall':>8}{'made up kept':>14}{'unsure':>8}"
    lines = [title, head]
    for name, chosen in parts(verdicts, dev_rows()).items():
        f = figures(chosen)
        lines.append(
            f"{name:22}{f['n']:>5}{f['accuracy']:>9.3f}{f['macro_f1']:>10.3f}{f['disclosed']:>11.3f}"
            f"{f['precision']:>11.3f}{f['recall']:>8.3f}{f['made_up_not_passed']:>14.3f}{f['unsure']:>8.3f}"
        )
    return "\n".join(lines)


def interval(hits: int, total: int) -> str:
    """Return a share with its Wilson 95 % interval."""
    found = wilson(hits, total)
    return f"{found.share:.3f} [{found.low:.3f}, {found.high:.3f}] {hits}/{total}"


def lines_of(title: str, verdicts: list[Verdict]) -> list[str]:
    """Return disclosed-or-not and fabrications not passed, with intervals: of all rows, of each kind, of each language."""
    lines = [f"{title:34}{'disclosed or not':38}made up, not passed"]
    groups: dict[str, list[Verdict]] = {"all": verdicts}
    groups["written"] = [each for each in verdicts if "model" not in each.row]
    groups["real outputs"] = [each for each in verdicts if "model" in each.row]
    for key in ("kind", "language"):
        for name in sorted({str(each.row.get(key, "first rows")) for each in verdicts}):
            groups[f"  {name}"] = [each for each in verdicts if each.row.get(key, "first rows") == name]
    for name, chosen in groups.items():
        if not chosen:
            continue
        right = sum(_discloses(row) == judged.disclosed for row, judged in chosen)
        made = [judged for row, judged in chosen if row["label"] in MADE_UP]
        kept = sum(not judged.disclosed for judged in made)
        lines.append(f"{name:34}{interval(right, len(chosen)):38}{interval(kept, len(made)) if made else '-'}")
    return lines


def own(without: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the figures on our own rows, part by part: the last takes longest."""
    rows = own_rows()
    parts_: tuple[tuple[str, Callable[[Row], object]], ...] = (
        ("kept unseen", lambda row: True if is_held(row) else None),
        ("five folds by prompt", by_prompt),
        ("kinds left out", by_kind),
    )
    for title, group in parts_:
        yield "\n".join(lines_of(title, left_out(rows, group, without))) + "\n\n"


def main() -> None:
    """Print the tables; draw the reliability diagram where asked."""
    parser = argparse.ArgumentParser(description="Measure the grounding judge.")
    parser.add_argument("--own", action="store_true", help="cross-validate on our own rows, which takes minutes")
    parser.add_argument("--without", nargs="+", default=[], metavar="NAME", help="with --own: features to leave out")
    parser.add_argument("--unseen", action="store_true", help="judge the answers that nothing is trained on")
    parser.add_argument("--plot", type=Path, help="write the reliability diagram to this PNG")
    options = parser.parse_args()
    if options.own:
        for part in own(tuple(options.without)):
            sys.stdout.write(part)
            sys.stdout.flush()
        return
    if options.unseen:
        for part in sorted(path.name for path in UNSEEN.iterdir() if path.is_dir()):
            sys.stdout.write("\n".join(lines_of(f"{part}: nothing trained on", judge_all(unseen_rows(part)))) + "\n\n")
        return
    shipped = judge_all(dev_rows())
    surest = [judged.label == row["label"] for row, judged in shipped if not judged.unsure]
    sure = f"sure of {len(surest)} of {len(shipped)}: {sum(surest) / len(surest):.3f} of them right\n"
    sys.stdout.write(table("shipped model (trained on our own rows only)", shipped) + "\n\n" + sure)
    if options.plot:
        from tests.knowledge.grounding.calibration_plot import draw  # noqa: PLC0415 - matplotlib is slow to import

        draw([(judged.confidence, judged.label == row["label"]) for row, judged in shipped], options.plot)


if __name__ == "__main__":
    main()
