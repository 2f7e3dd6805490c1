"""What the tag ``mailwarden`` asks for, as the table says it."""

from collections.abc import Mapping
from datetime import date

import pytest

from mailwarden.domain.mail_path.exemption import Exemption, NotExempt, exemption_of
from mailwarden.domain.readings import Unreadable
from tests.builders import unread
from tests.tables import Row, table

TODAY = date(2026, 3, 2)


def tags_of(value: str) -> Mapping[str, str] | Unreadable:
    match value:
        case "⟨unreadable⟩":
            return unread("ses:ListTagsForResource")
        case "⟨none⟩":
            return {"team": "mail", "Mailwarden": "off"}
        case "⟨empty⟩":
            return {"mailwarden": ""}
        case _:
            return {"team": "mail", "mailwarden": value}


def says(exemption: Exemption, words: str) -> bool:
    """Whether the exemption gives these words as its reason; one that does not hold gives none."""
    if isinstance(exemption, NotExempt):
        return not words
    return exemption.because == words if words.endswith((")", "report", "off")) else words in exemption.because


@pytest.mark.parametrize("row", table("exemption", "The tag mailwarden").rows, ids=lambda row: row.conditions["value"])
def test_the_tag_asks_for(row: Row) -> None:
    exemption = exemption_of(tags_of(row.conditions["value"]), today=TODAY)

    assert type(exemption).__name__ == row.outcome["exemption"]
    assert says(exemption, row.outcome["says"])
