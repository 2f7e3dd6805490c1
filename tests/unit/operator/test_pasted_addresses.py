"""An address is taken as a person pastes it, and two of them, or none, are refused."""

import pytest

from mailwarden.domain.operator.addresses import plain_address

JANE = "jane@corp.example"


@pytest.mark.parametrize(
    "pasted",
    [
        JANE,
        f" {JANE}\r\n",
        f"\u200b{JANE}\ufeff",
        f"\u00a0{JANE}",
        f"<{JANE}>",
        f"Jane Doe <{JANE}>",
        f'"Doe, Jane" <{JANE}>',
        f"mailto:{JANE}",
        f"{JANE}.",
    ],
    ids=repr,
)
def test_what_is_around_an_address_is_dropped(pasted: str) -> None:
    assert plain_address(pasted) == JANE


@pytest.mark.parametrize("pasted", ["jane@bücher.example", "Jane <jane@BÜCHER.example>", "mailto:jane@bücher.example"])
def test_a_domain_in_other_letters_is_written_in_punycode(pasted: str) -> None:
    assert plain_address(pasted) == "jane@xn--bcher-kva.example"


def test_the_letter_case_of_an_address_stays() -> None:
    assert plain_address(" Jane@Corp.example") == "Jane@Corp.example"


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "@",
        "<>",
        "jane",
        "jane@corp",
        "jané@corp.example",
        "jane@@corp.example",
        f"{JANE}, joe@corp.example",
        f"{JANE} joe@corp.example",
        f"{JANE};",
        '"jane doe"@corp.example',
    ],
)
def test_no_address_and_several_are_refused(pasted: str) -> None:
    assert plain_address(pasted) is None
