"""After the whole session: no recipient, no secret and no actor's address is in anything that the stack wrote down."""

import pytest

from tests.e2e.box import FUNCTIONS
from tests.e2e.evidence import Evidence
from tests.e2e.privacy import leaks

ADDRESS, URL = "minji+1@customer.example", "https://hooks.slack.example/services/T0/B0/secret"
UNWANTED = {ADDRESS: "recipient", URL: "secret"}


@pytest.mark.after_everything
def test_nothing_that_was_written_down_has_a_recipient_or_a_secret(evidence: Evidence) -> None:
    found = sorted(": ".join(fact) for fact in evidence.leaked)

    assert {("actor",), ("recipient",), ("secret",)} <= evidence.unwanted
    assert evidence.searched == {
        *((place,) for place in ("topic", "chat", "LedgerTable", "JournalTable", "metrics")),
        *((f"log of {function}",) for function in FUNCTIONS),
    }
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "written",
    [
        f'{{"reason": "mailbox of {ADDRESS} is full"}}',
        "to=Minji+1@Customer.Example",
        "address=minji%2B1%40customer.example",
        f'{{"url": "{URL}"}}',
    ],
)
def test_a_planted_one_is_found_with_its_place(written: str) -> None:
    assert [place for place, _, _ in leaks([("log of slack", "sound"), ("chat", written)], UNWANTED)] == ["chat"]


def test_a_masked_one_is_none() -> None:
    assert not list(leaks([("chat", "the mailbox of m***@customer.example was full")], UNWANTED))
