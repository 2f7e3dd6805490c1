"""The Korean catalogue. It is a module of its own because a stack that speaks English must not load it."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Catalogue, Template
from mailwarden.presentation.catalogue.korean import (
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
from mailwarden.presentation.catalogue.korean.errors import documents, failures, orders, settings
from mailwarden.presentation.catalogue.korean.reports import topic
from mailwarden.presentation.catalogue.language import Language
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.catalogue.particles import with_particle

KOREAN_TEXTS: Mapping[str, Template] = {
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
}

# A text that Korean does not have yet is shown in English: an alert is never lost for want of a word.
KOREAN = Catalogue(
    language=Language.KOREAN,
    templates={**ENGLISH.templates, **KOREAN_TEXTS},
    comma=", ",
    joiners={"and": " 및 ", "or": " 또는 ", "semicolon": "; ", "then": "; 그다음 "},
    inflect=with_particle,
    is_ascii=False,
)
