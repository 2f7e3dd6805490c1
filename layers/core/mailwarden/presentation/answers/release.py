"""The result of releasing repairs that wait, as a versioned JSON document with a text in it."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.message import Message
from mailwarden.presentation.catalogue.languages import ENGLISH

KIND = "release"
VERSION = 1


def release_document(said: Message, *, released: int) -> JsonDocument:
    """The whole document; ``released`` is the number of repairs that waited."""
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "released" if released else "nothing waited",
        "text": ENGLISH.text(said),
        "released": released,
    }


def switch_document(action: str, said: Message) -> JsonDocument:
    """The answer to an order of the emergency stop: ``stop`` or ``start``."""
    return {"mailwarden": action, "version": VERSION, "answer": "done", "text": ENGLISH.text(said)}
