"""The interpreter searches for cycles seldom while an audit runs, and as before afterwards."""

import gc
from collections.abc import Iterator

import pytest

from mailwarden_command.garbage import rare_searches


@pytest.fixture(autouse=True)
def _usual_search() -> Iterator[None]:
    """As in a program that has not imported a function: that one searches even more seldom until it has started."""
    known = gc.get_threshold()
    gc.set_threshold(2000, 10, 0)
    yield
    gc.set_threshold(*known)


def test_the_search_is_as_before_afterwards_also_after_an_error() -> None:
    before = gc.get_threshold()
    within: list[int] = []

    def fail() -> None:
        with rare_searches():
            within.extend((gc.get_threshold()[0], gc.get_freeze_count()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert within[0] > before[0]
    assert within[1] > 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
