"""Consent: whether an identity's owner opened it to a pool, so that editing a pool alone never yields a grant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.domain.mail_path.owner_tags import CONSENT_TAG, misspelled_key
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.message import Message, message
from mailwarden.region_names import REGION_NAME

WHOLE_ACCOUNT = "account"
# Cognito API reference, UserPoolId: "[\w-]+_[0-9a-zA-Z]+", of which the first part is the region.
_POOL_ID = re.compile(rf"{REGION_NAME}_[0-9A-Za-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The owner opened the identity to this pool; ``by`` names the source of the consent."""

    by: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOpened:
    """No source gives the owner's consent for this pool; ``reason`` explains why."""

    reason: Message


type Consent = Opened | NotOpened


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentSettings:
    """The identities opened in the settings document: identity ARN → ``account`` or pool ids."""

    identities: Mapping[str, tuple[str, ...]]

    def allows(self, identity: IdentityRef, pool: PoolRef) -> bool:
        """Whether the operator's settings open *identity* to *pool*."""
        opened = self.identities.get(identity.arn, ())
        return WHOLE_ACCOUNT in opened or pool.pool_id in opened


def consent_by_tag(tags: Mapping[str, str], pool: PoolRef) -> Consent | None:
    """Read the identity tag ``mailwarden:cognito`` = ``account``, or pool ids separated by spaces or commas.

    Anything else, and a key in other letters, opens nothing, with the reason; None where no such tag is about *pool*.
    """
    flaw = unreadable_consent(tags)
    if flaw is not None:
        return NotOpened(reason=flaw)
    if CONSENT_TAG not in tags:
        return None
    words = _words(tags[CONSENT_TAG])
    if words == [WHOLE_ACCOUNT]:
        return Opened(by=message("consent.tag-account", tag=CONSENT_TAG, value=WHOLE_ACCOUNT))
    if pool.pool_id in words:
        return Opened(by=message("consent.tag-pool", tag=CONSENT_TAG, pool=pool.pool_id))
    return None


def unreadable_consent(tags: Mapping[str, str]) -> Message | None:
    """Why the consent that *tags* mean cannot be read; None if it can, or if they mean none."""
    key = misspelled_key(tags, CONSENT_TAG)
    if key is not None:
        return message("consent.tag-key", tag=CONSENT_TAG, key=key)
    if CONSENT_TAG not in tags:
        return None
    words = _words(tags[CONSENT_TAG])
    if words == [WHOLE_ACCOUNT] or (words and all(map(_POOL_ID.fullmatch, words))):
        return None
    return message("consent.tag-unreadable", tag=CONSENT_TAG, value=tags[CONSENT_TAG])


def _words(value: str) -> list[str]:
    return value.replace(",", " ").split()
