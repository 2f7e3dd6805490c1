"""Ctrl-C that is not lost: Python drops an exception that is raised in a callback, as of the garbage collector."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import NoReturn


class Interruption:
    """Raises KeyboardInterrupt at once, and again at the next step of the run if that was dropped."""

    def __init__(self) -> None:
        self.was_received = False
        """Whether SIGINT came at all."""
        self._is_pending = False

    def listen(self) -> None:
        """Receive SIGINT from now on, if the process does not have to ignore it."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)

    def end(self) -> None:
        """The interruption has ended the run, and the removal goes on."""
        self._is_pending = False

    def at_each(self, say: Callable[[str], None]) -> Callable[[str], None]:
        """The same function, which begins each step, but it raises KeyboardInterrupt if one was dropped."""

        def step(text: str) -> None:
            if self._is_pending:
                raise KeyboardInterrupt
            say(text)

        return step

    def _interrupt(self, _number: int, _frame: FrameType | None) -> NoReturn:
        self.was_received = self._is_pending = True
        raise KeyboardInterrupt
