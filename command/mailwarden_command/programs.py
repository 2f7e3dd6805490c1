"""The programs of the operator in ``tools``: the command runs them as ``make`` does."""

import sys
from pathlib import Path

# In an installed package they lie beside the command, so that no package of the name ``tools`` is installed.
_INSTALLED = Path(__file__).parent / "_programs"
_CHECKOUT = Path(__file__).parents[2]


def find_programs() -> None:
    """Let Python find them."""
    home = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    if str(home) not in sys.path:
        sys.path.insert(0, str(home))
