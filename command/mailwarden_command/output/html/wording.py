"""The page's own sentences in the languages there are; sentences about findings come from the core's catalogue."""

from collections.abc import Mapping

from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState
from mailwarden.masking import masked
from mailwarden.message import Argument, message
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.languages import ENGLISH as CORE
from mailwarden.presentation.masking import one_line
from mailwarden_command.output.html.english import TEXTS

_SENTENCE = 800

PAGE_ENGLISH = Catalogue(language="en", templates=TEXTS, comma=CORE.comma, joiners=CORE.joiners)

BY_LANGUAGE: Mapping[str, Catalogue] = {catalogue.language: catalogue for catalogue in (PAGE_ENGLISH,)}


class NoSuchText(LookupError):
    """The page asks for a sentence that its catalogue does not have."""


def sentence(catalogue: Catalogue, id_: str, args: Mapping[str, Argument]) -> str:
    """A sentence of the page; raises NoSuchText, so that no page shows an id."""
    if id_ not in catalogue.templates:
        raise NoSuchText(id_)
    return catalogue.text(message(id_, **args))


def shown(said: Argument, longest: int = _SENTENCE) -> str:
    """A sentence of the core, or a text from outside: on one line, with every address masked, of bounded length."""
    return one_line(masked(CORE.text(said)), longest)


def configured(text: str, longest: int) -> str:
    """An identity, a FROM or another value of the configuration, which operators need to act: no address is masked."""
    return one_line(text, longest)


def key_of(word: Answer | LinkState | Link) -> str:
    """A word of the core as a part of an id or of a class."""
    return word.value.replace(" ", "-")
