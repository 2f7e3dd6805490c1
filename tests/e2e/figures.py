"""Where tests note what they measured; it is shown at the end of the session."""

import pytest

FIGURES = pytest.StashKey[list[str]]()
