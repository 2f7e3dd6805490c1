"""Sets up one virtual environment from pinned requirements, and shows that it moves; standard library only.

    python3.13 tools/environment.py .venv requirements/dev.txt "lint, types, tests"

On a terminal one line moves: the packages found so far, and the seconds. Elsewhere there is a line at the beginning and
one at the end. The output of pip goes into `setup.log` in the environment and is shown only if pip fails.
Exit status: 0 if the environment is complete.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOG = "setup.log"

_PIP = (
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--require-hashes",
    "--no-input",
    "--progress-bar",
    "off",
)
_PINNED = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*==", re.MULTILINE)
_FOUND = re.compile(r"^(?:Collecting|Requirement already satisfied:?) ", re.MULTILINE)
_INSTALLING = "Installing collected packages"
_SHOWN_LINES = 40
_SECONDS_PER_FRAME = 0.2
_CLEAR_LINE = "\r\x1b[K"


def set_up(folder: Path, requirements: Path, purpose: str) -> int:
    """Create the environment and install into it; pip's exit status."""
    title = f"Setting up {folder.name} ({purpose})"
    began = time.monotonic()
    remove(folder)
    pinned = len(_PINNED.findall(requirements.read_text(encoding="utf-8")))
    with _moving(title, lambda: f"{_step(folder / LOG, pinned)}, {time.monotonic() - began:.0f} s"):
        venv.create(folder, with_pip=True)
        with (folder / LOG).open("w", encoding="utf-8") as log:
            status = _install(folder / "bin" / "python", requirements, log.fileno())
    if status == 0:
        print(f"{title}: {pinned} packages, {time.monotonic() - began:.0f} s", flush=True)
        return 0
    lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    print(f"{title}: pip failed. The last lines of {folder.name}/{LOG}:", file=sys.stderr)
    print("\n".join(f"  {line}" for line in lines[-_SHOWN_LINES:]), file=sys.stderr)
    return status


def remove(folder: Path) -> None:
    """Remove what is there, but of a link only the link."""
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _install(python: Path, requirements: Path, log: int) -> int:
    command = [str(python), *_PIP, "-r", str(requirements)]
    process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)  # noqa: S603 - our own words
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise


def _step(log: Path, pinned: int) -> str:
    """The current step of pip, from its log."""
    written = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if _INSTALLING in written:
        return f"installing {pinned} packages"
    found = len(_FOUND.findall(written))
    return f"{min(found, pinned)} of {pinned} packages" if found else "creating it"


@contextmanager
def _moving(title: str, step: Callable[[], str]) -> Iterator[None]:
    """Draw over one line until it is over; without a terminal there is a single line."""
    if not sys.stdout.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        print(f"{title} ...", flush=True)
        yield
        return
    over = threading.Event()

    def draw() -> None:
        while not over.wait(_SECONDS_PER_FRAME):
            line = f"{title}: {step()}"
            sys.stdout.write(_CLEAR_LINE + line[: shutil.get_terminal_size().columns - 1])
            sys.stdout.flush()

    thread = threading.Thread(target=draw, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        sys.stdout.write(_CLEAR_LINE)
        sys.stdout.flush()


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("requirements", type=Path)
    parser.add_argument("purpose", help="what the environment is for, in a few words")
    chosen = parser.parse_args()
    try:
        return set_up(chosen.folder, chosen.requirements, chosen.purpose)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
