"""An interruption that Python drops is raised again at the next step."""

import signal

import pytest

from tools.screen.interruption import Interruption


def test_an_interruption_that_a_callback_dropped_is_raised_at_the_next_step() -> None:
    said: list[str] = []
    interruption, before = Interruption(), signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    step = interruption.at_each(said.append)
    try:
        interruption.listen()
        step("one")
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            step("two")
        interruption.end()
        step("removing")
    finally:
        signal.signal(signal.SIGINT, before)

    assert said == ["one", "removing"]
    assert interruption.was_received
