"""How each call names its resources.

Most calls have no public record: parameters may be null, hidden or truncated, and names come in several spellings
(CloudTrail record contents; API references of Amazon Cognito user pools, Amazon SES and Amazon SES v2). So every member
may be missing or of any type.
"""

from dataclasses import dataclass
from re import compile as pattern
from urllib.parse import unquote

from mailwarden.documents.reader import JsonObject, object_in
from mailwarden.domain.findings.changes import EMAIL_SERVICE, EMAIL_SERVICE_ROLE
from mailwarden.domain.refs.call_records import visible_text_in
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import (
    ConfigurationSetHint,
    EverywhereHint,
    Hint,
    IdentityHint,
    PoolHint,
    RegionHint,
    SesAccountHint,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef, is_pool_id
from mailwarden.region_names import is_region

_ARN = pattern(r"arn:[a-z-]+:(?P<service>[a-z-]+):[^:]*:(?P<account>[0-9]{12}):(?P<kind>[a-z-]+)/(?P<name>.+)")
_CONFIGURATION_SET = pattern(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_IDENTITY = 320

type Found = tuple[Hint, ...] | None
"""The name in a call; None if it contains none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A successful call: its region, from the envelope, and its own members."""

    partition: str
    account: str
    region: str
    parameters: JsonObject
    answer: JsonObject
    cause: Cause | None

    def text(self, member: str) -> str | None:
        """A parameter, if it is a text that is not hidden."""
        return visible_text_in(self.parameters, member)


def anything_of(call: Call, source: str) -> Hint:
    """All resources that a call could concern, by its event source."""
    match source:
        case "aws.ses":
            return _ses_account(call)
        case "aws.iam":
            return EverywhereHint(cause=call.cause)
        case _:
            return RegionHint(region=call.region, cause=call.cause)


def _pool(call: Call, pool_id: str, *, region: str) -> PoolHint:
    pool = PoolRef(partition=call.partition, region=region, account=call.account, pool_id=pool_id)
    return PoolHint(pool=pool, cause=call.cause)


def _identity(call: Call, name: str) -> IdentityHint:
    identity = IdentityRef(partition=call.partition, region=call.region, account=call.account, name=name)
    return IdentityHint(identity=identity, cause=call.cause)


def _configuration_set(call: Call, name: str) -> ConfigurationSetHint:
    ref = ConfigurationSetRef(partition=call.partition, region=call.region, account=call.account, name=name)
    return ConfigurationSetHint(configuration_set=ref, cause=call.cause)


def _ses_account(call: Call) -> SesAccountHint:
    account = SesAccountRef(partition=call.partition, region=call.region, account=call.account)
    return SesAccountHint(account=account, cause=call.cause)


def named_pool(call: Call) -> Found:
    """The pool in ``userPoolId``."""
    pool_id = call.text("userPoolId")
    return None if pool_id is None or not is_pool_id(pool_id) else (_pool(call, pool_id, region=call.region),)


def new_pool(call: Call) -> Found:
    """The pool in the response of ``CreateUserPool``."""
    pool_id = visible_text_in(object_in(call.answer, "userPool"), "id")
    return None if pool_id is None or not is_pool_id(pool_id) else (_pool(call, pool_id, region=call.region),)


def pool_and_replica(call: Call) -> Found:
    """The pool, and its replica where the call names the replica's region."""
    named = named_pool(call)
    region = call.text("regionName")
    pool_id = call.text("userPoolId")
    if named is None or pool_id is None or region is None or not is_region(region):
        return named
    return *named, _pool(call, pool_id, region=region)


def tagged_pool(call: Call) -> Found:
    """The pool in ``resourceArn``."""
    match _resource(call, "resourceArn"):
        case ("cognito-idp", "userpool", pool_id) if is_pool_id(pool_id):
            return (_pool(call, pool_id, region=call.region),)
        case _:
            return None


def named_identity(call: Call) -> Found:
    """v1 names an identity by name or ARN, or as ``emailAddress`` or ``domain``; v2 as ``emailIdentity``."""
    for member in ("emailIdentity", "identity", "emailAddress", "domain"):
        given = call.text(member)
        if given is not None:
            return _identities(call, given)
    return None


def tagged_in_ses(call: Call) -> Found:
    """The identity or configuration set in ``resourceArn``."""
    return _resource_of_ses(call, "resourceArn")


def _resource_of_ses(call: Call, member: str) -> Found:
    """The identity or configuration set that a member names; nothing for what no user pool's mail passes through."""
    match _resource(call, member):
        case ("ses", "identity", name):
            return _identities(call, name)
        case ("ses", "configuration-set", name):
            return _configuration_sets(call, name)
        case ("ses", _, _):
            # A template, a contact list, a tenant.
            return ()
        case _:
            return None


def named_configuration_set(call: Call) -> Found:
    """v1 ``CreateConfigurationSet`` wraps the name in an object; all other calls of v1 and v2 have a plain name."""
    wrapped = object_in(call.parameters, "configurationSet")
    name = visible_text_in(wrapped, "name") if wrapped else call.text("configurationSetName")
    return None if name is None else _configuration_sets(call, name)


def whole_ses_account(call: Call) -> Found:
    """The SES account of the region."""
    return (_ses_account(call),)


def email_role(call: Call) -> Found:
    """Ignores roles of other services; an unreadable name may be that of Cognito's e-mail role."""
    name = call.text("roleName")
    return None if name is None or name.casefold() == EMAIL_SERVICE_ROLE.casefold() else ()


def new_email_role(call: Call) -> Found:
    """``CreateServiceLinkedRole`` names a service, in the odd casing of published records."""
    service = call.text("aWSServiceName")
    return None if service is None or service.casefold() == EMAIL_SERVICE else ()


def imported_suppressions(call: Call) -> Found:
    """An import of suppressed addresses concerns the account; one of contacts concerns no user pool."""
    destination = object_in(call.parameters, "importDestination")
    contacts_only = "contactListDestination" in destination and "suppressionListDestination" not in destination
    return () if contacts_only else None


def reputation_entity(call: Call) -> Found:
    """The resource of a reputation entity, by ARN; Cognito's mail belongs to no tenant."""
    return _resource_of_ses(call, "reputationEntityReference")


def _identities(call: Call, given: str) -> Found:
    """The identity as given: the reverse index knows it in every case."""
    name = _decoded(given)
    if name.startswith("arn:"):
        arn = _ARN.fullmatch(name)
        if arn is None or (arn["service"], arn["account"], arn["kind"]) != ("ses", call.account, "identity"):
            return None
        name = arn["name"]
    if "." not in name or " " in name or not name.isprintable() or len(name) > _LONGEST_IDENTITY:
        return None
    return (_identity(call, name),)


def _configuration_sets(call: Call, name: str) -> Found:
    return None if _CONFIGURATION_SET.fullmatch(name) is None else (_configuration_set(call, name),)


def _resource(call: Call, member: str) -> tuple[str, str, str] | None:
    """Service, kind and name of the ARN in a member, if it belongs to our account."""
    given = call.text(member)
    arn = None if given is None else _ARN.fullmatch(_decoded(given))
    if arn is None or arn["account"] != call.account:
        return None
    return arn["service"], arn["kind"], arn["name"]


def _decoded(text: str) -> str:
    """Decodes identities and ARNs: SES v2 has them in the URL's path, so a record may contain them URL-encoded.

    A percent sign in an address with a plain ``@``, or in a readable ARN, is part of the name.
    """
    return text if "@" in text or text.startswith("arn:") else unquote(text)
