"""The interpreter searches for cycles seldom while an audit runs, and as before afterwards."""

import gc

import pytest

from mailwarden_command.garbage import rare_searches


def test_the_search_is_as_before_afterwards_also_after_an_error() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()

    with pytest.raises(ZeroDivisionError), rare_searches():
        within = gc.get_threshold()
        assert gc.get_freeze_count() > frozen
        raise ZeroDivisionError

    assert within[0] > before[0]
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, frozen)
