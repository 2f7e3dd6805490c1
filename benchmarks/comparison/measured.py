"""Runs a command and writes what it took: ``python -S measured.py FIGURES COMMAND…``.

A process of its own, and a small one: Linux counts the memory of the process that starts a program as that program's
peak, if it is the larger (``getrusage(2)``, ``ru_maxrss`` survives ``execve``).
"""

import json
import os
import sys
import time
from pathlib import Path

figures, *command = sys.argv[1:]
began = time.monotonic()
_, status, usage = os.wait4(os.posix_spawnp(command[0], command, os.environ), 0)
taken = {
    "wall": time.monotonic() - began,
    "processor": usage.ru_utime + usage.ru_stime,
    "memory": usage.ru_maxrss / 1024,
    "status": os.waitstatus_to_exitcode(status),
}
Path(figures).write_text(json.dumps(taken), encoding="utf-8")
