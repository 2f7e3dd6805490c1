"""Finds Chromium for the tests in a browser, and installs it where it may; standard library only.

    .venv/bin/python tools/browser/chromium.py

Prints the path. Without Chromium, the superuser of a Debian system gets it from the package manager; others get one
line on the error stream and no path. Exit status: 0; 1 if there is none and CI=true, so that nothing is left out there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

# The first has no window and is the smallest.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ("chromium-headless-shell", "chromium")
# Without fonts of any kind a page has no text.
_FONTS = "fonts-dejavu-core"
_LEFT_OUT = (
    "Left out: the tests of the HTML report in a browser. Put Chromium on the PATH (Debian: apt-get install {package}) "
    "and run `make pages`."
)


def find() -> str | None:
    """The path of the first browser on the PATH."""
    return next((path for path in map(shutil.which, NAMES) if path is not None), None)


def install() -> bool:
    """Install the first package that there is; False where this is not possible."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    print("Installing Chromium for the tests of the HTML report.", file=sys.stderr, flush=True)
    # One archive that does not answer does not decide: the package may be in another.
    _apt_get("update")
    return any(_apt_get("install", "--yes", "--no-install-recommends", package, _FONTS) for package in PACKAGES)


def _apt_get(*words: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *words)
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - fixed words
    return done.returncode == 0


def main(*, look: Callable[[], str | None] = find, get: Callable[[], bool] = install) -> int:
    """Print the path, or one line about what was left out."""
    path = look() or (look() if get() else None)
    if path is not None:
        print(path)
        return 0
    print(_LEFT_OUT.format(package=PACKAGES[0]), file=sys.stderr)
    return int(os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main())
