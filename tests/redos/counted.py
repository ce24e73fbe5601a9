"""A backtracking matcher that counts its steps: what Python's own engine does with an expression, in work and not in seconds.

It walks the tree of `re._parser`, tries alternatives and repeats in the order of the engine, and asks the engine only whether one
character fits one class. A repeat with a bound of at most 1,024 is counted with a bound of 4: its cost a character is a constant.
"""

from __future__ import annotations

import re
import re._compiler as compiler  # type: ignore[import-not-found]
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import sys
from copy import copy
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Then: TypeAlias = "Callable[[int], bool]"
Step: TypeAlias = "Callable[[int, Then], bool]"

#: Repeats with a higher bound count as endless; a lower bound is counted as this few.
ENDLESS: Final = 1024
#: Steps after which counting ends.
MOST_STEPS: Final = 200_000
_FEW: Final = 4
#: Alternatives from which on each is counted alone: all of them at once take their sum.
_MANY: Final = 20
_DEEP: Final = 100_000
ONE_CHARACTER: Final = frozenset({codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY, codes.ANY_ALL})
REPEATS: Final = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_WORD: Final = re.compile(r"\w")


class TooManyStepsError(Exception):
    """The budget of steps is used up."""


class Counter:
    """An expression that counts the steps of a search."""

    def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
        text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
        self.tree = parser.parse(text, flags & ~re.UNICODE | (re.ASCII if isinstance(pattern, bytes) else 0))
        self.flags = self.tree.state.flags
        self.text, self.steps, self.most = "", 0, 0
        self.groups: dict[int, tuple[int, int]] = {}
        self._begun: dict[int, int] = {}
        self._run = self._sequence(self.tree.data)

    def alternatives(self) -> list[Counter]:
        """Return a counter of each alternative where an expression is a long list of them, such as words; else this one alone."""
        items = self.tree.data
        if len(items) != 1 or items[0][0] is not codes.BRANCH or len(items[0][1][1]) < _MANY:
            return [self]
        result = []
        for branch in items[0][1][1]:
            part = copy(self)
            part.tree, part._run = branch, part._sequence(branch.data)
            result.append(part)
        return result

    def count(self, text: str, *, search: bool, most: int = MOST_STEPS) -> int:
        """Return the steps of all searches of a text, one behind the other, or of one match at its beginning; at most `most`."""
        self.text, self.steps, self.most = text, 0, most
        at, before = 0, sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, _DEEP))
        try:
            while at <= len(text):
                self.groups, ends = {}, [-1]
                self._run(at, lambda place, ends=ends: ends.__setitem__(0, place) or True)  # type: ignore[misc]
                if not search:
                    break
                at = max(at + 1, ends[0])
        except TooManyStepsError:
            return most
        finally:
            sys.setrecursionlimit(before)
        return self.steps

    def _tick(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooManyStepsError

    def _sequence(self, items: list[tuple[Any, Any]]) -> Step:
        steps = [self._step(*item) for item in items]

        def run(at: int, then: Then, index: int = 0) -> bool:
            if index == len(steps):
                return then(at)
            return steps[index](at, lambda place: run(place, then, index + 1))

        return steps[0] if len(steps) == 1 else run

    def _first(self, run: Step, at: int) -> int | None:
        ends = [-1]
        return ends[0] if run(at, lambda place: ends.__setitem__(0, place) or True) else None

    def _step(self, op: Any, value: Any) -> Step:  # noqa: C901 - a table of the parser's operations
        if op in ONE_CHARACTER:
            return self._character(op, value)
        if op in REPEATS:
            return self._repeat(op, *value)
        if op is codes.SUBPATTERN:
            return self._group(value[0], self._sequence(value[3].data))
        if op is codes.BRANCH:
            branches = [self._sequence(branch.data) for branch in value[1]]

            def either(at: int, then: Then) -> bool:
                for branch in branches:  # noqa: SIM110 - `any` would use the stack of C
                    if branch(at, then):
                        return True
                return False

            return either
        if op is codes.ATOMIC_GROUP:
            inner = self._sequence(value.data)

            def atomic(at: int, then: Then) -> bool:
                end = self._first(inner, at)
                return end is not None and then(end)

            return atomic
        if op in {codes.ASSERT, codes.ASSERT_NOT}:
            inner, wanted = self._sequence(value[1].data), op is codes.ASSERT
            back = value[1].getwidth()[0] if value[0] < 0 else 0
            return lambda at, then: ((at >= back and self._first(inner, at - back) is not None) is wanted) and then(at)
        if op is codes.AT:
            return lambda at, then: self._stands(value, at) and then(at)
        if op is codes.GROUPREF:
            return self._reference(value)
        if op is codes.GROUPREF_EXISTS:
            yes = self._sequence(value[1].data)
            no = self._sequence(value[2].data if value[2] else [])
            return lambda at, then: (yes if value[0] in self.groups else no)(at, then)
        assert op is codes.FAILURE, op
        return lambda _, __: False

    def _character(self, op: Any, value: Any) -> Step:
        fits = self._fits(op, value)

        def one(at: int, then: Then) -> bool:
            self._tick()
            return at < len(self.text) and fits(self.text[at]) and then(at + 1)

        return one

    def _fits(self, op: Any, value: Any) -> Callable[[str], bool]:
        single = compiler.compile(parser.SubPattern(self.tree.state, [(op, value)]), self.flags)
        known: dict[str, bool] = {}

        def fits(character: str) -> bool:
            if character not in known:
                known[character] = single.match(character) is not None
            return known[character]

        return fits

    def _repeat(self, op: Any, least: int, most: int, body: Any) -> Step:
        if most <= ENDLESS:
            least, most = min(least, _FEW), min(most, _FEW)
        least = min(least, _FEW)
        if len(body.data) == 1 and body.data[0][0] in ONE_CHARACTER and op is not codes.MIN_REPEAT:
            return self._run_of(self._fits(*body.data[0]), least, most, possessive=op is codes.POSSESSIVE_REPEAT)
        inner = self._sequence(body.data)

        def greedy(at: int, then: Then, count: int = 0) -> bool:
            self._tick()
            more = count < most and inner(
                at, lambda place: (place != at or count < least) and greedy(place, then, count + 1)
            )
            return more or (count >= least and then(at))

        def lazy(at: int, then: Then, count: int = 0) -> bool:
            self._tick()
            if count >= least and then(at):
                return True
            return count < most and inner(
                at, lambda place: (place != at or count < least) and lazy(place, then, count + 1)
            )

        def possessive(at: int, then: Then) -> bool:
            count = 0
            while count < most:
                self._tick()
                end = self._first(inner, at)
                if end is None or (end == at and count >= least):
                    break
                at, count = end, count + 1
            return count >= least and then(at)

        return {codes.MAX_REPEAT: greedy, codes.MIN_REPEAT: lazy, codes.POSSESSIVE_REPEAT: possessive}[op]

    def _run_of(self, fits: Callable[[str], bool], least: int, most: int, *, possessive: bool) -> Step:
        def run(at: int, then: Then) -> bool:
            end, last = at, min(len(self.text), at + most)
            while end < last and fits(self.text[end]):
                self._tick()
                end += 1
            self._tick()
            if possessive:
                return end - at >= least and then(end)
            for place in range(end, at + least - 1, -1):
                self._tick()
                if then(place):
                    return True
            return False

        return run

    def _group(self, number: int | None, inner: Step) -> Step:
        if number is None:
            return inner

        def group(at: int, then: Then) -> bool:
            before = self.groups.get(number)

            def close(place: int) -> bool:
                old = self.groups.get(number)
                self.groups[number] = (at, place)
                if then(place):
                    return True
                self.groups.pop(number)
                if old is not None:
                    self.groups[number] = old
                return False

            if inner(at, close):
                return True
            if before is not None:
                self.groups[number] = before
            return False

        return group

    def _reference(self, number: int) -> Step:
        def reference(at: int, then: Then) -> bool:
            self._tick()
            if number not in self.groups:
                return False
            start, stop = self.groups[number]
            words = self.text[start:stop]
            self.steps += len(words)
            return self.text.startswith(words, at) and then(at + len(words))

        return reference

    def _stands(self, place: Any, at: int) -> bool:
        self._tick()
        size = len(self.text)
        if place is codes.AT_BEGINNING_STRING or (place is codes.AT_BEGINNING and not self.flags & re.MULTILINE):
            return at == 0
        if place is codes.AT_BEGINNING:
            return at == 0 or self.text[at - 1] == "\n"
        if place is codes.AT_END_STRING:
            return at == size
        if place is codes.AT_END:
            multiline = self.flags & re.MULTILINE
            return at == size or (self.text[at] == "\n" and (bool(multiline) or at == size - 1))
        before = at > 0 and _WORD.match(self.text[at - 1]) is not None
        after = at < size and _WORD.match(self.text[at]) is not None
        return (before != after) is (place is codes.AT_BOUNDARY)
