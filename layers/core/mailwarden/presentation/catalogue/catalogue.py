"""Makes sentences from messages: one catalogue holds the texts of one language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    """The texts of one language by message id; there is one of each language, and it equals itself only.

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
                return self._filled(_chosen(template, values), values)
            case tuple():
                return self.joined(argument, "")
            case float():
                return f"{argument:g}"
            case _:
                return str(argument)

    def _filled(self, template: str, values: Mapping[str, Argument]) -> str:
        """A text with the arguments in their places, each made into a text of the same catalogue first."""
        # A text that asks for what the message does not hold shows the name: see ``text``.
        return "".join(
            [
                literal if name is None else literal + self._placed(values.get(name, f"{{{name}}}"), spec)
                for literal, name, spec in _parts(template)
            ]
        )

    def _placed(self, value: Argument, spec: str) -> str:
        if not spec:
            return self.text(value)
        word, _, forms = spec.rpartition(":") if _OF_PARTICLE in spec else (spec, "", "")
        text = self.joined(value, word) if isinstance(value, tuple) else self.text(value)
        return self.inflect(text, forms) if forms and self.inflect else text

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


@cache
def _parts(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """The literal texts of a template, each with the name of the argument behind it and how several are joined."""
    return tuple((literal, name, spec or "") for literal, name, spec, _ in Formatter().parse(template))
