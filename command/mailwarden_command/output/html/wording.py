"""The page's own sentences, and the sentences of the core: both in the language that this process speaks."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState
from mailwarden.masking import masked
from mailwarden.message import Argument, message
from mailwarden.presentation.catalogue.catalogue import Catalogue, Template
from mailwarden.presentation.catalogue.language import Language
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import one_line
from mailwarden_command.output.html import english, korean

_SENTENCE = 800

TEXTS: Mapping[Language, Mapping[str, Template]] = {Language.ENGLISH: english.TEXTS, Language.KOREAN: korean.TEXTS}


class NoSuchText(LookupError):
    """The page asks for a sentence that its catalogue does not have."""


def say(id_: str, **args: Argument) -> str:
    """A sentence of the page; raises NoSuchText, so that no page shows an id."""
    catalogue = _page_catalogue(Language(spoken().language))
    if id_ not in catalogue.templates:
        raise NoSuchText(id_)
    return catalogue.text(message(id_, **args))


def shown(said: Argument, longest: int = _SENTENCE) -> str:
    """A sentence of the core, or a text from outside: on one line, with every address masked, of bounded length."""
    return one_line(masked(spoken().text(said)), longest)


def evidence_name(name: str) -> str:
    """The name of an observed value, as alerts show it."""
    id_ = f"evidence.{name}"
    return spoken().text(message(id_)) if id_ in spoken().templates else name


def configured(text: str, longest: int) -> str:
    """An identity, a FROM or another value of the configuration, which operators need to act: no address is masked."""
    return one_line(text, longest)


def key_of(word: Answer | LinkState | Link) -> str:
    """A word of the core as a part of an id or of a class."""
    return word.value.replace(" ", "-")


@cache
def _page_catalogue(language: Language) -> Catalogue:
    """The sentences of the page, joined and inflected as those of the core."""
    return replace(catalogue_of(language), templates=TEXTS[language])
