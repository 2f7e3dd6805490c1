"""Checks in a scratch account of AWS the facts that Mailwarden is built on, and removes what it made."""

import sys
from pathlib import Path

# The readers and writers of the package itself are used: it is not installed, but read where it is.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "layers" / "core"))
