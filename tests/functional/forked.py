"""Runs something in a forked process, so that what it imports and sets ends with it."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import IO


def forked(run: Callable[[], None], *, out: IO[str], err: IO[str]) -> bool:
    """Let a child do it, with its standard output and error in these files; whether it ended without an error."""
    child = os.fork()
    if child == 0:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        status = 0
        try:
            run()
        except BaseException:  # noqa: BLE001 - the parent reads it
            traceback.print_exc()
            status = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    _, status = os.waitpid(child, 0)
    for file in (out, err):
        file.seek(0)
    return status == 0
