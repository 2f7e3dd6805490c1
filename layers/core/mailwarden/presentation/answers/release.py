"""Answers about repairs that wait or are stopped, as versioned JSON documents with a text in them."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.repair.limits import Stop
from mailwarden.message import Message, message
from mailwarden.presentation.catalogue.spoken import spoken

KIND = "release"
VERSION = 1


def release_document(said: Message, *, released: int) -> JsonDocument:
    """The whole document; ``released`` is the number of repairs that waited."""
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "released" if released else "nothing waited",
        "text": spoken().text(said),
        "released": released,
    }


def busy_document(said: Message) -> JsonDocument:
    """The answer if a repair of the pool is under way: the order is to be given again."""
    return {"mailwarden": KIND, "version": VERSION, "answer": "busy", "text": spoken().text(said), "released": 0}


def switch_document(action: str, said: Message) -> JsonDocument:
    """The answer to an order of the emergency stop: ``stop`` or ``start``."""
    return {"mailwarden": action, "version": VERSION, "answer": "done", "text": spoken().text(said)}


def stop_document(stop: Stop | None) -> JsonDocument:
    """The answer to whether an operator stopped repairs; ``by`` and ``since`` are null if nobody did."""
    return {
        "mailwarden": "stopped",
        "version": VERSION,
        "answer": "not stopped" if stop is None else "stopped",
        "text": spoken().text(message("switch.no-stop") if stop is None else stop.message),
        "by": None if stop is None else stop.by,
        "since": None if stop is None else stop.since.isoformat(timespec="seconds"),
    }
