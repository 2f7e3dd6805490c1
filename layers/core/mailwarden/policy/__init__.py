"""Sending-authorization policies by meaning: parsed once, evaluated in three-valued logic, explained.

The functions for rules:

- ``cognito_service(principal=…, pool_arn=…, identity_arn=…)`` and ``service_linked_role(account=…,
  identity_arn=…)`` make a ``SendingCaller``: who calls SES, and which condition keys are known of the call.
- ``decide_sending(policies, sender)`` answers for SendEmail and SendRawEmail together: ``.decision`` is an
  ``Allowed``, ``Denied``, ``NotAllowed`` or ``Undecidable``, each with the statements, the reasons as values
  and a ``.sentence`` (addresses masked); ``.by_action`` has the two answers.
- ``blocking_denies(policies, sender)`` finds the Deny statements that stop the sender, certainly or possibly.
- ``grants_naming_pool(policies, sender)`` finds the Allow statements that name the sender's pool itself;
  ``.fails_only_on_principal_or_action`` is consent that was given before.
- ``statements_naming_pools(policies)``: every Allow statement that names user pools by their full ARN.
- ``unconditioned_cognito_trust(policies, identity_arn=…, account=…)``: the pool of any AWS customer could send.
- ``public_or_cross_account(policies, identity_arn=…, account=…)``: anyone, or other accounts, could send.
- ``trusted_cognito_principals(policies)``: global, regional and legacy principals that are named.
- ``grant_pools(policies, identity_arn=…, account=…, grants=…)`` and ``revoke_pools`` plan the writes to our own
  policies: a ``GrantPlan`` with ``.before`` and ``.after``, or ``GrantImpossible``.
- ``narrower_words(policies, sender)`` finds what such a grant would override, ``edited_own_policies`` which of our
  policies their owner edited.
- ``evaluate(policies, Request(sender=…, action=…))`` for one action; ``parse(document)`` for the value of a
  document, ``.problems`` and all.

*policies* always means all named policies of one identity: a mapping from name to JSON text, to parsed JSON,
or to a parsed ``Policy``. No function here raises because of the contents of a document.
"""

from mailwarden.policy.document.model import Policy, Problem, Statement, StatementEffect
from mailwarden.policy.document.naming import NamingStatement, PoolValues, statements_naming_pools
from mailwarden.policy.document.parse import PolicySource, parse
from mailwarden.policy.evaluation.decision import (
    ActionMismatch,
    Allowed,
    ConditionMismatch,
    Denied,
    Doubt,
    Mismatch,
    NotAllowed,
    PolicyDecision,
    PrincipalMismatch,
    Reading,
    ResourceMismatch,
    StatementRef,
    Undecidable,
)
from mailwarden.policy.evaluation.evaluate import evaluate, read_policies
from mailwarden.policy.evaluation.exposure import (
    Exposure,
    OpenTrust,
    OutsideGrant,
    public_or_cross_account,
    unconditioned_cognito_trust,
)
from mailwarden.policy.evaluation.sender import (
    GLOBAL_PRINCIPAL,
    LEGACY_PRINCIPAL,
    SEND_ACTIONS,
    SERVICE_LINKED_ROLE,
    Request,
    RoleSession,
    SendingCaller,
    ServicePrincipal,
    cognito_service,
    regional_principal,
    service_linked_role,
)
from mailwarden.policy.evaluation.sending import Denials, SendingDecision, blocking_denies, decide_sending
from mailwarden.policy.evaluation.trust import (
    NamedGrant,
    PrincipalKind,
    TrustedPrincipal,
    grants_naming_pool,
    kind_of,
    trusted_cognito_principals,
)
from mailwarden.policy.grant.grant import (
    LEFT_TO_THE_OWNER,
    MAX_POLICIES,
    Grant,
    GrantImpossible,
    GrantPlan,
    PolicyWrite,
    edited_own_policies,
    grant_pools,
    is_own_name,
    own_grants,
    revoke_pools,
)
from mailwarden.policy.grant.grant_document import MAX_BYTES
from mailwarden.policy.grant.owner_words import NarrowerWords, narrower_words
from mailwarden.policy.matching.three_valued import Truth

__all__ = [
    "GLOBAL_PRINCIPAL",
    "LEFT_TO_THE_OWNER",
    "LEGACY_PRINCIPAL",
    "MAX_BYTES",
    "MAX_POLICIES",
    "SEND_ACTIONS",
    "SERVICE_LINKED_ROLE",
    "ActionMismatch",
    "Allowed",
    "ConditionMismatch",
    "Denials",
    "Denied",
    "Doubt",
    "Exposure",
    "Grant",
    "GrantImpossible",
    "GrantPlan",
    "Mismatch",
    "NamedGrant",
    "NamingStatement",
    "NarrowerWords",
    "NotAllowed",
    "OpenTrust",
    "OutsideGrant",
    "Policy",
    "PolicyDecision",
    "PolicySource",
    "PolicyWrite",
    "PoolValues",
    "PrincipalKind",
    "PrincipalMismatch",
    "Problem",
    "Reading",
    "Request",
    "ResourceMismatch",
    "RoleSession",
    "SendingCaller",
    "SendingDecision",
    "ServicePrincipal",
    "Statement",
    "StatementEffect",
    "StatementRef",
    "TrustedPrincipal",
    "Truth",
    "Undecidable",
    "blocking_denies",
    "cognito_service",
    "decide_sending",
    "edited_own_policies",
    "evaluate",
    "grant_pools",
    "grants_naming_pool",
    "is_own_name",
    "kind_of",
    "narrower_words",
    "own_grants",
    "parse",
    "public_or_cross_account",
    "read_policies",
    "regional_principal",
    "revoke_pools",
    "service_linked_role",
    "statements_naming_pools",
    "trusted_cognito_principals",
    "unconditioned_cognito_trust",
]
