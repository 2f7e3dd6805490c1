"""Consent: whether an identity's owner opened it to a pool, so that editing a pool alone never yields a grant."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.domain.readings import Identity, IdentityReading
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.message import Message, message
from mailwarden.policy import cognito_service, grants_naming_pool

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


def consent_of(
    ref: IdentityRef,
    identity: IdentityReading,
    pool: PoolRef,
    *,
    principal: str | None,
    settings: ConsentSettings,
) -> Consent:
    """Whether *identity* is opened to *pool*: by the settings, by its tag, or by a live Allow that names the pool.

    The first of the three that opens it is told. *principal* is the service as which Cognito sends for the pool's
    region, None where the region table has no row for it.
    """
    if settings.allows(ref, pool):
        return Opened(by=message("consent.settings"))
    if not isinstance(identity, Identity):
        return NotOpened(reason=message("consent.identity-unreadable"))
    by_tag = consent_by_tag(identity.tags, pool)
    if by_tag is not None:
        return by_tag
    by_policy = None if principal is None else consent_by_policy(ref, identity.policies, pool, principal=principal)
    if by_policy is not None:
        return by_policy
    return NotOpened(reason=message("consent.none", tag=CONSENT_TAG))


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


def consent_by_policy(ref: IdentityRef, policies: Mapping[str, str], pool: PoolRef, *, principal: str) -> Opened | None:
    """Find an Allow statement that names *pool* in ``aws:SourceArn`` and fails only on its principal or its actions.

    Its owner meant this pool to send, and wrote the statement for another service principal, or for half of the calls
    (MW403, MW408). A statement that fails on anything else, or that cannot be decided, is no consent.
    """
    needed = cognito_service(principal=principal, pool_arn=pool.arn, identity_arn=ref.arn)
    for grant in grants_naming_pool(policies, needed):
        if grant.fails_only_on_principal_or_action:
            return Opened(by=message("consent.statement", statement=str(grant.ref)))
    return None
