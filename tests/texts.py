"""Messages as an English reader gets them."""

from mailwarden.message import Argument
from mailwarden.presentation.catalogue.languages import ENGLISH


def english(said: Argument | None) -> str:
    """The sentence of a message; empty where there is none."""
    return "" if said is None else ENGLISH.text(said)
