"""Ends the command after Ctrl-C."""

import os
import signal
import threading
from types import FrameType

# As shells report a program that SIGINT ended.
INTERRUPTED = 130
# Enough to store what an audit recorded.
_PATIENCE_SECONDS = 4.0


def end_when_interrupted() -> None:
    """Let SIGINT raise KeyboardInterrupt, and end the process some seconds later if that was lost.

    Python drops an exception that is raised in a callback, for example of the garbage collector. A process that must
    ignore SIGINT, as under ``nohup``, goes on ignoring it.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # A second interruption is not waited for.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    watch = threading.Timer(_PATIENCE_SECONDS, os._exit, (INTERRUPTED,))
    watch.daemon = True
    watch.start()
    raise KeyboardInterrupt
