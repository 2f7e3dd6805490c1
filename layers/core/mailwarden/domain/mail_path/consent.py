"""Consent: whether an identity's owner has opened it to a pool, so that whoever may edit a pool gains nothing by us."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.domain.readings import Identity, IdentityReading
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.policy import Document, cognito_service, grants_naming_pool

CONSENT_TAG = "mailwarden:cognito"
WHOLE_ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The owner opened the identity to this pool; ``by`` says where that is written."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOpened:
    """Nothing says that the owner wants this pool to send as the identity."""

    reason: str


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
        return Opened(by="the settings list the identity for this pool")
    if not isinstance(identity, Identity):
        return NotOpened(reason="the identity could not be read")
    by_tag = consent_by_tag(identity.tags, pool)
    if by_tag is not None:
        return by_tag
    by_policy = None if principal is None else consent_by_policy(ref, identity.policies, pool, principal=principal)
    if by_policy is not None:
        return by_policy
    return NotOpened(
        reason="the identity has no tag mailwarden:cognito for this pool, the settings do not list it, and no "
        "Allow statement names this pool",
    )


def consent_by_tag(tags: Mapping[str, str], pool: PoolRef) -> Opened | None:
    """Read the identity tag ``mailwarden:cognito`` = ``account`` or pool ids, separated by spaces.

    The ids are separated by spaces because SES tag values admit letters, digits, spaces and ``_.:/=+-@`` only.
    """
    if CONSENT_TAG not in tags:
        return None
    words = tags[CONSENT_TAG].split()
    if WHOLE_ACCOUNT in words:
        return Opened(by=f"tag {CONSENT_TAG}={WHOLE_ACCOUNT} on the identity")
    if pool.pool_id in words:
        return Opened(by=f"tag {CONSENT_TAG} on the identity names {pool.pool_id}")
    return None


def consent_by_policy(
    ref: IdentityRef, policies: Mapping[str, Document], pool: PoolRef, *, principal: str
) -> Opened | None:
    """Find an Allow statement that names *pool* in ``aws:SourceArn`` and fails only on its principal or its actions.

    Its owner meant this pool to send, and wrote the statement for another service principal, or for half of the calls
    (MW403, MW408). A statement that fails on anything else, or that cannot be decided, is no consent.
    """
    needed = cognito_service(principal=principal, pool_arn=pool.arn, identity_arn=ref.arn)
    for grant in grants_naming_pool(policies, needed):
        if grant.fails_only_on_principal_or_action:
            return Opened(by=f"{grant.ref} already names this pool")
    return None
