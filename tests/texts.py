"""Messages as an English reader gets them."""

import re
from collections.abc import Callable

from mailwarden.message import Argument, ExplainedError
from mailwarden.presentation.catalogue.languages import ENGLISH


def english(said: Argument | None) -> str:
    """The sentence of a message; empty where there is none."""
    return "" if said is None else ENGLISH.text(said)


def sentence(error: BaseException) -> str:
    """The sentence of an error that has a message, and the text of any other."""
    return english(error.said) if isinstance(error, ExplainedError) else str(error)


def says(pattern: str) -> Callable[[BaseException], bool]:
    """For ``pytest.raises(…, check=…)``: whether the sentence of an error matches somewhere."""
    return lambda error: re.search(pattern, sentence(error)) is not None
