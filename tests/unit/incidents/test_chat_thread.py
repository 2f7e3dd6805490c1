"""What the next message of an incident does to its thread: every order of versions, openings and deaths."""

from dataclasses import replace

import pytest

from mailwarden.domain.incidents.chat_thread import ChatThread, IncidentVersion, ThreadStep, step_of
from tests.fakes.examples import MORNING, later

SHOWN = ChatThread(incident="i", opened_at=MORNING, channel="C1", ts="1.1", version=5, told=5, pools=2)
CLAIMED = replace(SHOWN, ts=None, told=0)
UNTOLD = replace(SHOWN, told=4)


@pytest.mark.parametrize(
    ("thread", "version", "opened", "step"),
    [
        (None, 1, 0, ThreadStep.OPEN),
        # The same opening.
        (SHOWN, 6, 0, ThreadStep.UPDATE),
        (SHOWN, 9, 0, ThreadStep.UPDATE),
        (SHOWN, 5, 0, ThreadStep.PASSED),
        (SHOWN, 4, 0, ThreadStep.PASSED),
        # The first message was replaced, and the function died before the reply.
        (UNTOLD, 5, 0, ThreadStep.REPLY),
        (UNTOLD, 6, 0, ThreadStep.UPDATE),
        (UNTOLD, 4, 0, ThreadStep.PASSED),
        # It died before the place of the first message was stored.
        (CLAIMED, 5, 0, ThreadStep.OPEN),
        (CLAIMED, 6, 0, ThreadStep.OPEN),
        (CLAIMED, 4, 0, ThreadStep.PASSED),
        # The incident returned, or its versions began again.
        (SHOWN, 6, 60, ThreadStep.OPEN),
        (SHOWN, 1, 60, ThreadStep.OPEN),
        (SHOWN, 5, 60, ThreadStep.OPEN),
        (SHOWN, 5, -60, ThreadStep.PASSED),
        (SHOWN, 4, -60, ThreadStep.PASSED),
        (CLAIMED, 1, 60, ThreadStep.OPEN),
    ],
)
def test_a_message_takes_the_step_that_is_left(
    thread: ChatThread | None, version: int, opened: int, step: ThreadStep
) -> None:
    moment = IncidentVersion(incident="i", opened_at=later(opened), version=version, pools=2)

    assert step_of(thread, moment) is step
