"""Consent: whether an identity's owner opened it to a pool, so that editing a pool alone never yields a grant."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.message import Message, message

CONSENT_TAG = "mailwarden:cognito"
WHOLE_ACCOUNT = "account"


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


def consent_by_tag(tags: Mapping[str, str], pool: PoolRef) -> Opened | None:
    """Read the identity tag ``mailwarden:cognito`` = ``account`` or pool ids, separated by spaces.

    Spaces separate the ids because SES tag values allow only letters, digits, spaces and ``_.:/=+-@``.
    """
    if CONSENT_TAG not in tags:
        return None
    words = tags[CONSENT_TAG].split()
    if WHOLE_ACCOUNT in words:
        return Opened(by=message("consent.tag-account", tag=CONSENT_TAG, value=WHOLE_ACCOUNT))
    if pool.pool_id in words:
        return Opened(by=message("consent.tag-pool", tag=CONSENT_TAG, pool=pool.pool_id))
    return None
