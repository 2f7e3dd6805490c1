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
from mailwarden.presentation.catalogue.english.reports import topic
from mailwarden.presentation.catalogue.language import Language

ENGLISH = Catalogue(
    language=Language.ENGLISH,
    templates={
        **words.TEXTS,
        **decisions.TEXTS,
        **operator.TEXTS,
        **topic.TEXTS,
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

# The language of alerts and answers where none was chosen.
DEFAULT = ENGLISH


def catalogue_of(language: Language) -> Catalogue:
    """The catalogue of a language; only the chosen one is loaded."""
    match language:
        case Language.ENGLISH:
            return ENGLISH
        case Language.KOREAN:
            # Nothing of Korean is a part of the cold start of a stack that speaks English.
            from mailwarden.presentation.catalogue.korean_catalogue import KOREAN  # noqa: PLC0415

            return KOREAN
