"""Makes sentences from messages: one catalogue holds the texts of one language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, override

from mailwarden.message import Argument, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Plural:
    """A text that depends on a number: ``one`` where the argument ``count`` is 1, else ``other``."""

    one: str
    other: str


# Several sentences, not several words: the joiner stands between all of them.
_SENTENCES = frozenset({"semicolon", "then"})

type Template = str | Plural
"""A text with the names of its arguments in braces: ``{region}``. Several values are joined by the catalogue's comma,
or by its last word where the text says so: ``{regions:and}``, ``{regions:or}``. In a language whose particles depend on
the word before them, the two forms of one follow: ``{pool:을/를}``, ``{regions:and:을/를}``."""

_OF_PARTICLE = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The texts of one language by message id.

    ``joiners`` holds the words before the last of several values. ``inflect`` makes a text and the forms of a particle
    into one text, in a language that has such particles. ``is_ascii`` says whether its own words are plain ASCII.
    """

    language: str
    templates: Mapping[str, Template]
    comma: str
    joiners: Mapping[str, str]
    inflect: Callable[[str, str], str] | None = None
    is_ascii: bool = True

    def text(self, argument: Argument) -> str:
        """The sentence of a message, or an argument as it is shown.

        A message without a text is shown with its id and its arguments: an alert is never lost for want of a word.
        """
        match argument:
            case Message(id=id_, args=args):
                values = dict(args)
                template = self.templates.get(id_)
                if template is None:
                    return self._unknown(id_, values)
                chosen = _chosen(template, values)
                return _Sentences(self).vformat(chosen, (), values)
            case tuple():
                return self.joined(argument, "")
            case float():
                return f"{argument:g}"
            case _:
                return str(argument)

    def joined(self, arguments: tuple[Argument, ...], word: str) -> str:
        """Several arguments in a row, with the joiner of *word* before the last one; empty: commas throughout."""
        texts = [self.text(each) for each in arguments]
        if not word or len(texts) < 2:
            return self.comma.join(texts)
        if word in _SENTENCES:
            return self.joiners[word].join(texts)
        return f"{self.comma.join(texts[:-1])}{self.joiners[word]}{texts[-1]}"

    def _unknown(self, id_: str, values: Mapping[str, Argument]) -> str:
        shown = self.comma.join(f"{name}={self.text(value)}" for name, value in values.items())
        return f"{id_} ({shown})" if shown else id_


def _chosen(template: Template, values: Mapping[str, Argument]) -> str:
    match template:
        case Plural(one=one, other=other):
            return one if values.get("count") == 1 else other
        case _:
            return template


class _Sentences(Formatter):
    """Puts arguments into a text: each is made into a text of the same catalogue first."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue

    @override
    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        # A text that asks for what the message does not hold shows the name: see Catalogue.text.
        return kwargs.get(str(key), f"{{{key}}}")

    @override
    def format_field(self, value: Any, format_spec: str) -> str:
        word, _, forms = format_spec.rpartition(":") if _OF_PARTICLE in format_spec else (format_spec, "", "")
        catalogue = self._catalogue
        text = catalogue.joined(value, word) if isinstance(value, tuple) else catalogue.text(value)
        return catalogue.inflect(text, forms) if forms and catalogue.inflect else text
