"""A foreign language: every text of English with its letters replaced, so that a word that was left is seen."""

from collections.abc import Mapping
from string import Formatter, ascii_lowercase, ascii_uppercase

from mailwarden.presentation.catalogue.catalogue import Catalogue, Plural, Template
from mailwarden.presentation.catalogue.languages import ENGLISH

_GEORGIAN = {
    **{ord(letter): chr(ord("ა") + place) for place, letter in enumerate(ascii_lowercase)},
    **{ord(letter): chr(ord("Ა") + place) for place, letter in enumerate(ascii_uppercase)},
}


def foreign_text(text: str) -> str:
    """The text in foreign letters, with its arguments in place."""
    parts = []
    for literal, name, spec, _ in Formatter().parse(text):
        parts.append(literal.translate(_GEORGIAN))
        if name is not None:
            parts.append(f"{{{name}:{spec}}}" if spec else f"{{{name}}}")
    return "".join(parts)


def foreign(template: Template) -> Template:
    """A template in foreign letters."""
    match template:
        case Plural(one=one, other=other):
            return Plural(one=foreign_text(one), other=foreign_text(other))
        case _:
            return foreign_text(template)


def _joiners() -> Mapping[str, str]:
    return {word: joiner.translate(_GEORGIAN) for word, joiner in ENGLISH.joiners.items()}


FOREIGN = Catalogue(
    language="ka",
    templates={id_: foreign(template) for id_, template in ENGLISH.templates.items()},
    comma=ENGLISH.comma,
    joiners=_joiners(),
)
