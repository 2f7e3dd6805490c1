"""The senders of a pool's mail, the Cognito service and its service-linked role, and their condition keys.

Each condition key is known, present, absent or unknown. The source of each choice is cited beside it;
"keys" is docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html. A key that is not
listed is unknown, and a condition on it is undecidable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mailwarden.policy.matching.context import ABSENT, FALSE, PRESENT, TRUE, UNKNOWN, Context, known
from mailwarden.policy.matching.glob import ARN_SEGMENTS

if TYPE_CHECKING:
    from mailwarden.policy.matching.context import KeyState

SEND_ACTIONS: Final = ("ses:SendEmail", "ses:SendRawEmail")
GLOBAL_PRINCIPAL: Final = "email.cognito-idp.amazonaws.com"
LEGACY_PRINCIPAL: Final = "cognito-idp.amazonaws.com"
SERVICE_LINKED_ROLE: Final = "AWSServiceRoleForAmazonCognitoIdpEmailService"
_ROLE_PATH: Final = "aws-service-role/email.cognito-idp.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePrincipal:
    """An AWS service calling with its own authority, such as ``email.cognito-idp.amazonaws.com``."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSession:
    """A session of a role of ``account``, with an undocumented session name."""

    partition: str
    account: str
    role_path_and_name: str

    @property
    def name(self) -> str:
        """The name to show in messages."""
        return self.role_arn

    @property
    def role_name(self) -> str:
        """The name without the path."""
        return self.role_path_and_name.rpartition("/")[2]

    @property
    def role_arn(self) -> str:
        """The ARN of the role, path included."""
        return f"arn:{self.partition}:iam::{self.account}:role/{self.role_path_and_name}"


type Principal = ServicePrincipal | RoleSession


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingCaller:
    """A caller, the identity it wants to send from (an ARN), and the condition keys of the call.

    ``pool_arn`` is the pool on whose behalf a service principal calls; None where the call carries no source.
    """

    principal: Principal
    identity_arn: str
    pool_arn: str | None
    context: Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One action of one sender."""

    sender: SendingCaller
    action: str


def partition_of(arn: str) -> str:
    """The partition of an ARN, such as ``aws-us-gov``."""
    return arn.partition(":")[2].partition(":")[0]


def regional_principal(pool_region: str) -> str:
    """The principal of pools whose region is an Alternate Region (Cognito guide, "Email settings")."""
    return f"cognito-idp.{pool_region}.amazonaws.com"


def cognito_service(
    *,
    principal: str,
    pool_arn: str,
    identity_arn: str,
    from_address: str | None = None,
    from_display_name: str | None = None,
) -> SendingCaller:
    """Cognito calling SES as the service *principal* on behalf of a pool.

    ``from_address`` is the bare address of the pool's FROM and ``from_display_name`` the name before it, each
    None where it is not known.
    """
    segments = pool_arn.split(":")
    keys: dict[str, KeyState] = {
        # Cognito guide, "Email settings": the documented policy relies on both.
        "aws:sourceaccount": known(segments[4]) if len(segments) == ARN_SEGMENTS else UNKNOWN,
        "aws:sourcearn": known(pool_arn),
        # keys: true when "the call to your resource is being made directly by an AWS service principal".
        "aws:principalisawsservice": TRUE,
        "aws:principalservicename": known(principal),
        # keys: false "when the principal makes the call directly".
        "aws:viaawsservice": FALSE,
        # keys: "included … only if the principal is a member of an organization"; a service is not
        # (whitepaper "Building a data perimeter on AWS", service principals).
        "aws:principalorgid": ABSENT,
        "aws:principalorgpaths": ABSENT,
    }
    return SendingCaller(
        principal=ServicePrincipal(name=principal),
        identity_arn=identity_arn,
        pool_arn=pool_arn,
        context=Context(
            keys=keys | _of_any_send(identity_arn, from_address, from_display_name),
            # keys: only for an IAM user or role with tags, or a session with session tags.
            families={"aws:principaltag/": ABSENT},
        ),
    )


def service_linked_role(
    *,
    account: str,
    identity_arn: str,
    from_address: str | None = None,
    from_display_name: str | None = None,
) -> SendingCaller:
    """Cognito calling SES as its service-linked role in *account*.

    The role's own policy allows both actions, so only the Deny statements of an identity's policy matter to it.
    """
    role = RoleSession(
        partition=partition_of(identity_arn),
        account=account,
        role_path_and_name=f"{_ROLE_PATH}/{SERVICE_LINKED_ROLE}",
    )
    keys: dict[str, KeyState] = {
        # keys: "only available when the call to your resource is made directly by an AWS service principal".
        "aws:sourceaccount": ABSENT,
        "aws:sourcearn": ABSENT,
        "aws:sourceorgid": ABSENT,
        "aws:sourceorgpaths": ABSENT,
        # keys: the role's ARN, "not the ARN of the user that assumed the role".
        "aws:principalarn": known(role.role_arn),
        "aws:principalaccount": known(account),
        "aws:principaltype": known("AssumedRole"),
        # keys: false, and the two names absent, where a service uses a service-linked role.
        "aws:principalisawsservice": FALSE,
        "aws:principalservicename": ABSENT,
        "aws:principalservicenameslist": ABSENT,
        # keys: false "if the service uses a service role or service-linked role".
        "aws:viaawsservice": FALSE,
        # keys: "requests that are made using … IAM roles do not include this key".
        "aws:username": ABSENT,
        # keys: present for temporary credentials; the values belong to the session.
        "aws:tokenissuetime": PRESENT,
        "aws:userid": PRESENT,
    }
    return SendingCaller(
        principal=role,
        identity_arn=identity_arn,
        pool_arn=None,
        context=Context(keys=keys | _of_any_send(identity_arn, from_address, from_display_name), families={}),
    )


def _of_any_send(identity_arn: str, from_address: str | None, from_display_name: str | None) -> dict[str, KeyState]:
    """The condition keys of every call to SES, for any caller."""
    keys: dict[str, KeyState] = {
        # SES guide, "Amazon SES API requests": "Amazon SES doesn't support HTTP requests."
        "aws:securetransport": TRUE,
        # keys: always present; their values are the current time.
        "aws:currenttime": PRESENT,
        "aws:epochtime": PRESENT,
        # keys: absent "if the service uses a service role or service-linked role to make a call on the
        # principal's behalf", nor "when the principal makes the call directly".
        "aws:calledvia": ABSENT,
        "aws:calledviafirst": ABSENT,
        "aws:calledvialast": ABSENT,
        # keys: "not included for programmatic requests".
        "aws:referer": ABSENT,
    }
    segments = identity_arn.split(":", ARN_SEGMENTS - 1)
    if len(segments) == ARN_SEGMENTS and segments[3] not in {"", "*"}:
        # keys: the region that was called; SES is regional, and the identity lives in the called region.
        keys["aws:requestedregion"] = known(segments[3])
    # SES guide, "Sending authorization policies": the address and the display name of the From header.
    if from_address is not None:
        keys["ses:fromaddress"] = known(from_address)
    if from_display_name is not None:
        keys["ses:fromdisplayname"] = known(from_display_name)
    return keys
