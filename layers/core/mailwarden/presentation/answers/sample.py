"""The result of an order to send a sample alert, as a versioned JSON document with a text in it."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.operator.sample import SampleSent
from mailwarden.masking import masked
from mailwarden.message import Message, message
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import one_line

KIND = "sample alert"
VERSION = 1
_SENTENCE = 800


def sample_document(sent: SampleSent) -> JsonDocument:
    """The whole document; ``failed`` has the error of each channel that did not take the alert."""
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "sent" if not sent.failed else "partly sent" if sent.sent else "not sent",
        "text": one_line(masked(spoken().text(_said(sent))), _SENTENCE),
        "alert_id": sent.alert_id,
        "sent": list(sent.sent),
        "failed": {
            channel: one_line(masked(spoken().text(error)), _SENTENCE) for channel, error in sent.failed.items()
        },
    }


def _said(sent: SampleSent) -> Message:
    channels = tuple(message(f"sample.{channel}") for channel in sent.sent)
    failures = tuple(
        message("sample.failed", channel=message(f"sample.{channel}"), error=error)
        for channel, error in sent.failed.items()
    )
    if not failures:
        return message("sample.sent", channels=channels)
    if not channels:
        return message("sample.not-sent", failures=failures)
    return message("sample.partly-sent", channels=channels, failures=failures)
