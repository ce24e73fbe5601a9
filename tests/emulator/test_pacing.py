"""The waits of a stream keep their sum, however late each timer is."""

from __future__ import annotations

import asyncio

import pytest

from conformance.emulator.pacing import Pacing


def test_late_timers_do_not_add_up() -> None:
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds + 0.001  # as late as a busy event loop is

    async def paced() -> None:
        pacing = Pacing(sleep, lambda: now)
        for _ in range(500):
            await pacing.wait(0.005)

    asyncio.run(paced())
    assert now == pytest.approx(2.5, abs=0.002)


def test_a_wait_that_is_over_already_is_not_waited_for() -> None:
    slept: list[float] = []
    now = 0.0

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def paced() -> None:
        nonlocal now
        pacing = Pacing(sleep, lambda: now)
        now = 1.0  # writing took a second
        await pacing.wait(0.1)
        await pacing.wait(0.1)

    asyncio.run(paced())
    assert slept == [0.1]
