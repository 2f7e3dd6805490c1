"""What the tag ``mailwarden`` asks for, as the table says it."""

from collections.abc import Mapping
from datetime import date

import pytest

from mailwarden.domain.mail_path.exemption import NotExempt, exemption_of, said_exemption
from mailwarden.domain.readings import Unreadable
from mailwarden.message import Message, message
from tests.builders import unread
from tests.tables import Row, table

TODAY = date(2026, 3, 2)


def tags_of(value: str) -> Mapping[str, str] | Unreadable:
    match value:
        case "⟨unreadable⟩":
            return unread("ses:ListTagsForResource")
        case "⟨none⟩":
            return {"team": "mail", "mailwarden:cognito": "account"}
        case "⟨empty⟩":
            return {"mailwarden": ""}
        case "⟨key MAILWARDEN beside an expired one⟩":
            return {"MAILWARDEN": "off", "mailwarden": "off until=2026-03-01"}
        case "⟨key Mailwarden beside off⟩":
            return {"Mailwarden": "report", "mailwarden": "off"}
        case "⟨key with a space⟩":
            return {"mailwarden ": "off"}
        case _ if value.startswith("⟨key "):
            return {value[5:-1]: "off"}
        case _:
            return {"team": "mail", "mailwarden": value}


def reason_in(row: Row, value: str) -> Message | None:
    """The reason as the row says it."""
    id_, word, owners = (row.outcome[name] for name in ("reason", "word", "until or owner's reason"))
    match id_:
        case "":
            return None
        case "exemption.tags-unreadable":
            return message(id_, refusal=unread("ses:ListTagsForResource").message)
        case "exemption.tag":
            return message(id_, tag="mailwarden", word=word)
        case "exemption.tag-with-reason":
            return message(id_, tag="mailwarden", word=word, reason=owners)
        case "exemption.not-a-date":
            return message(id_, tag="mailwarden", until=owners)
        case "exemption.key":
            return message(id_, tag="mailwarden", key="mailwarden " if value == "⟨key with a space⟩" else owners)
        case _:
            return message(id_, tag="mailwarden", value="" if value == "⟨empty⟩" else value)


@pytest.mark.parametrize("row", table("exemption", "The tag mailwarden").rows, ids=lambda row: row.conditions["value"])
def test_the_tag_asks_for(row: Row) -> None:
    value = row.conditions["value"]

    exemption = exemption_of(tags_of(value), today=TODAY)

    assert type(exemption).__name__ == row.outcome["exemption"]
    assert (None if isinstance(exemption, NotExempt) else exemption.reason) == reason_in(row, value)


def test_tags_that_cannot_be_read_say_so_wherever_the_exemption_is_listed() -> None:
    tags = unread("cognito-idp:ListTagsForResource")

    assert said_exemption(tags) == message("exemption.tags-unreadable", refusal=tags.message)
