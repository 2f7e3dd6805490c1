"""Where an owner's consent may come from: the settings, the identity's tag, or a statement that names the pool.

Apart from ``consent``, because only this needs the evaluation of policies.
"""

from collections.abc import Mapping

from mailwarden.domain.mail_path.consent import (
    Consent,
    ConsentSettings,
    NotOpened,
    Opened,
    consent_by_tag,
)
from mailwarden.domain.mail_path.owner_tags import CONSENT_TAG
from mailwarden.domain.readings import Identity, IdentityReading
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.message import message
from mailwarden.policy import cognito_service, grants_naming_pool, narrower_words


def consent_of(
    ref: IdentityRef,
    identity: IdentityReading,
    pool: PoolRef,
    *,
    principal: str | None,
    settings: ConsentSettings,
) -> Consent:
    """Whether *identity* is opened to *pool*: by the settings, by its tag, or by a live Allow that names the pool.

    The first of the three that opens it is returned; a tag that cannot be read closes it, because its owner may
    have meant to. *principal* is the service as which Cognito sends for the pool's
    region, None where the region table has no row for it.
    """
    by_tag = consent_by_tag(identity.tags, pool) if isinstance(identity, Identity) else None
    if isinstance(by_tag, NotOpened):
        return by_tag
    if settings.allows(ref, pool):
        return Opened(by=message("consent.settings"))
    if not isinstance(identity, Identity):
        return NotOpened(reason=message("consent.identity-unreadable"))
    if by_tag is not None:
        return by_tag
    by_policy = None if principal is None else consent_by_policy(ref, identity.policies, pool, principal=principal)
    if by_policy is not None:
        return by_policy
    return NotOpened(reason=message("consent.none", tag=CONSENT_TAG))


def consent_by_policy(ref: IdentityRef, policies: Mapping[str, str], pool: PoolRef, *, principal: str) -> Opened | None:
    """Find an Allow statement that names *pool* in ``aws:SourceArn`` and fails only on its principal or its actions.

    Its owner meant this pool to send, and wrote the statement for another service principal, or for half of the calls
    (MW403, MW408). A statement that fails on anything else, that cannot be decided, or that sets a condition which the
    grant would not repeat, is no consent.
    """
    needed = cognito_service(principal=principal, pool_arn=pool.arn, identity_arn=ref.arn)
    narrower = {words.ref for words in narrower_words(policies, needed)}
    for grant in grants_naming_pool(policies, needed):
        if grant.fails_only_on_principal_or_action and grant.ref not in narrower:
            return Opened(by=message("consent.statement", statement=grant.ref.message))
    return None
