"""Messages are data with a catalogue: they keep their meaning in storage, and every language can be put in."""

import pytest

from mailwarden.message import Message, NotAMessage, argument_document, message, message_from_document, texts_in
from mailwarden.presentation.catalogue.catalogue import Catalogue, Plural

LANGUAGE = Catalogue(
    language="xx",
    templates={
        "greeting": "Hello {who}, {regions:and} wait",
        "count": Plural(one="one pool", other="{count} pools"),
        "list": "{items}",
        "both": "{sentences:semicolon}",
    },
    comma=", ",
    joiners={"and": " and ", "or": " or ", "semicolon": "; "},
)


def test_the_order_of_the_arguments_does_not_matter() -> None:
    assert message("a", one=1, two=2) == message("a", two=2, one=1)
    assert message("a", one=1) != message("a", one=2)


@pytest.mark.parametrize(
    "said",
    [
        message("plain"),
        message("greeting", who=message("count", count=3), regions=("eu-west-1", "us-east-1")),
        message("numbers", whole=3, part=0.25, nested=(message("a"), ("b", 1))),
    ],
)
def test_a_message_comes_back_from_storage_as_it_was(said: Message) -> None:
    assert message_from_document(argument_document(said)) == said


@pytest.mark.parametrize(
    "document",
    [
        None,
        "text",
        5,
        [],
        {},
        {"id": "a"},
        {"id": 1, "args": {}},
        {"id": "a", "args": []},
        {"id": "a", "args": {"b": None}},
        {"id": "a", "args": {"b": True}},
        {"id": "a", "args": {}, "more": 1},
    ],
)
def test_what_is_no_message_is_refused(document: object) -> None:
    with pytest.raises(NotAMessage):
        message_from_document(document)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (message("greeting", who="Ann", regions=("a", "b", "c")), "Hello Ann, a, b and c wait"),
        (message("greeting", who=message("count", count=1), regions=("a",)), "Hello one pool, a wait"),
        (message("count", count=2), "2 pools"),
        (message("list", items=("a", "b")), "a, b"),
        (message("both", sentences=("a", "b", "c")), "a; b; c"),
        (message("greeting", who="{regions}", regions=()), "Hello {regions},  wait"),
        (message("list", items=0.5), "0.5"),
    ],
)
def test_a_catalogue_makes_sentences(said: Message, sentence: str) -> None:
    assert LANGUAGE.text(said) == sentence


def test_a_message_without_a_text_is_shown_all_the_same() -> None:
    assert LANGUAGE.text(message("unheard-of", region="eu-west-1", pools=("a", "b"))) == (
        "unheard-of (pools=a, b, region=eu-west-1)"
    )
    assert LANGUAGE.text(message("greeting", who="Ann")) == "Hello Ann, {regions} wait"


def test_every_text_in_a_message_can_be_listed() -> None:
    said = message("a", one="x", two=message("b", three=("y", 4)))

    assert set(texts_in(said)) == {"x", "y"}
