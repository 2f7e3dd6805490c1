"""Recognizes the last line that a function writes, so that there is no waiting for another one.

The emulator waits 50 ms for a function that wrote nothing, and looks every millisecond at one that did.
"""

import contextlib
import queue
import threading
import time
from typing import IO, Any

_MOST_SECONDS = 1.0
_MARK = "\x1eend of an invocation"
_END = object()

BOOTSTRAP = f"""
def _mark_the_last_line():
    import sys

    class Answers:
        def __init__(self, answers):
            self.answers, self.is_ready = answers, False

        def write(self, text):
            # What the module wrote while it was imported belongs to the first invocation.
            if self.is_ready:
                print({_MARK!r}, file=sys.stderr, flush=True)
            self.is_ready = True
            return self.answers.write(text)

        def flush(self):
            self.answers.flush()

    sys.stdout = Answers(sys.stdout)

_mark_the_last_line()
"""
"""Runs before the emulator's own bootstrap, which keeps the standard output for its answers."""


def install() -> None:
    """Replace `lambda_runtime.Worker._drain_stderr_bounded` and `_drain_stderr`."""
    from ministack.core import lambda_runtime

    lambda_runtime.Worker._drain_stderr_bounded = until_the_end
    lambda_runtime.Worker._drain_stderr = _until_now


def listen(worker: Any, stream: IO[str]) -> None:  # noqa: ANN401 - the emulator's `Worker`, which has no types
    """Put the lines of a new process into the worker's queue, and the end of each invocation."""
    lines = worker._stderr_queue = queue.Queue()

    def read() -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in stream:
                lines.put(_END if line.rstrip("\n") == _MARK else line.rstrip("\n"))
        lines.put(_END)

    worker._stderr_thread = threading.Thread(target=read, daemon=True)
    worker._stderr_thread.start()


def until_the_end(worker: Any) -> str:  # noqa: ANN401
    """The lines that an invocation wrote, to its last one or to the end of its process."""
    lines: list[str] = []
    end = time.monotonic() + _MOST_SECONDS
    with contextlib.suppress(queue.Empty):
        while (line := worker._stderr_queue.get(timeout=max(0.0, end - time.monotonic()))) is not _END:
            lines.append(line)
    return "\n".join(lines)


def _until_now(worker: Any) -> str:  # noqa: ANN401
    lines: list[str] = []
    with contextlib.suppress(queue.Empty):
        while True:
            line = worker._stderr_queue.get_nowait()
            lines += () if line is _END else (line,)
    return "\n".join(lines)
