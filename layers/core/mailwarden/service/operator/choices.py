"""A person's order as the choice of the values that it sets: a value that it gives up is not lost."""

from dataclasses import replace

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration, ReplaceRiskConfiguration, WrittenChange
from mailwarden.domain.known_good.origin import chosen
from mailwarden.domain.known_good.risk_configuration import notices_in
from mailwarden.domain.refs.call_words import NoticesWord
from mailwarden.domain.refs.causes import Cause


def as_choice(order: Cause, change: WrittenChange) -> Cause:
    """*order* as a call that names what *change* sets: a sender, or a sender of notices and the wish for none."""
    match change:
        case ReplaceEmailConfiguration(after=email):
            return chosen(order, email)
        case ReplaceRiskConfiguration(after=risk):
            word = NoticesWord.NONE if notices_in(risk) is None else NoticesWord.SENDER
            return replace(order, notices=word)
        case _:
            return order
