"""Looks whether a deployment of Mailwarden is wired: readings of it, and a judgment of each."""

import sys
from pathlib import Path

# The readings and rules of the package itself are used: it is not installed, but read where it is.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "layers" / "core"))
