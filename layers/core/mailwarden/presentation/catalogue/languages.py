"""The languages there are catalogues for; alerts and answers are in one of them."""

from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.english import (
    account,
    alerts,
    authorization,
    configuration_set,
    decisions,
    feedback,
    headlines,
    identity,
    monitoring,
    operator,
    policies,
    region,
    sender,
    words,
    writes,
)
from mailwarden.presentation.catalogue.english.errors import documents, failures, orders, settings

ENGLISH = Catalogue(
    language="en",
    templates={
        **words.TEXTS,
        **decisions.TEXTS,
        **operator.TEXTS,
        **documents.TEXTS,
        **orders.TEXTS,
        **settings.TEXTS,
        **failures.TEXTS,
        **policies.TEXTS,
        **sender.TEXTS,
        **region.TEXTS,
        **identity.TEXTS,
        **authorization.TEXTS,
        **account.TEXTS,
        **configuration_set.TEXTS,
        **feedback.TEXTS,
        **monitoring.TEXTS,
        **writes.TEXTS,
        **headlines.TEXTS,
        **alerts.TEXTS,
    },
    comma=", ",
    joiners={"and": " and ", "or": " or ", "semicolon": "; ", "then": "; then "},
)

# The language of alerts and answers.
DEFAULT = ENGLISH

_BY_LANGUAGE = {catalogue.language: catalogue for catalogue in (ENGLISH,)}


def catalogue_of(language: str) -> Catalogue:
    """The catalogue of a language, by its code (ISO 639-1); raises KeyError where there is none."""
    return _BY_LANGUAGE[language]
