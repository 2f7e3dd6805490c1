"""Answers the reads of a mail path from a source: the ports of the service, without AWS.

A resource that the source does not have is unreadable, never missing: the account may have it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailwarden.domain.readings import (
    ConfigurationSet,
    ConfigurationSetReading,
    DedicatedIpPool,
    Dkim,
    EventDestination,
    Identity,
    IdentityReading,
    Missing,
    PoolReading,
    RoleReading,
    SesAccountReading,
    Unreadable,
    VerificationStatus,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef
from mailwarden.ports.mail_path.pools import PoolPage
from mailwarden_command.checking.absence import not_in_source
from mailwarden_command.checking.pool_members import pool_of
from mailwarden_command.checking.source.declared import (
    Case,
    DeclaredResource,
    ResourceKind,
    flag_of,
    part,
    parts_of,
    plain,
    text_of,
    texts_of,
)
from mailwarden_command.checking.source.deployment import UNKNOWN_REGION
from mailwarden_command.checking.source.holes import holes_in
from mailwarden_command.checking.source.nodes import Members, every_text

_OF_IDENTITIES = ("ConfigurationSetAttributes", "FeedbackAttributes", "DkimAttributes")
_OF_SETS = ("DeliveryOptions", "SendingOptions", "SuppressionOptions")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReadings:
    """Implements ``Pools``, ``Accounts`` and the other ports of a mail path with one case of a source."""

    case: Case

    def pool(self, ref: PoolRef) -> DeclaredResource | None:
        """The pool of the source that a reference means."""
        return next((each for each in self.case.of_kind(ResourceKind.POOL) if each.pool_id == ref.pool_id), None)

    def identity(self, ref: IdentityRef) -> DeclaredResource | None:
        """The identity of the source, in the region of the reference."""
        found = [
            each
            for each in self.case.of_kind(ResourceKind.IDENTITY)
            if each.where.region == ref.region
            and (text_of(each.members, "EmailIdentity") or "").lower() == ref.name.lower()
        ]
        return min(found, key=lambda each: each.is_deleted, default=None)

    def policies(self, identity: DeclaredResource) -> tuple[DeclaredResource, ...]:
        """The sending policies of an identity that the source has."""
        name = (text_of(identity.members, "EmailIdentity") or "").lower()
        return tuple(
            each
            for each in self.case.of_kind(ResourceKind.IDENTITY_POLICY)
            if _region_named(each) in {identity.where.region, UNKNOWN_REGION}
            and not each.is_deleted
            and _identity_named(text_of(each.members, "EmailIdentity") or "").lower() == name
        )

    def configuration_set(self, ref: ConfigurationSetRef) -> DeclaredResource | None:
        """The configuration set of the source, in the region of the reference."""
        found = [
            each
            for each in self.case.of_kind(ResourceKind.CONFIGURATION_SET)
            if each.where.region == ref.region and (text_of(each.members, "Name") or each.name) == ref.name
        ]
        return min(found, key=lambda each: each.is_deleted, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePools:
    """Implements ``Pools``."""

    source: SourceReadings

    def read(self, pool: PoolRef) -> PoolReading:
        """The pool as the source declares it; raises NotKnown."""
        found = self.source.pool(pool)
        return Missing(arn=pool.arn) if found is None else pool_of(found, pool, self.source.case)

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:  # noqa: ARG002 - no pool is listed
        """None is listed."""
        return not_in_source("cognito-idp:ListUserPools", region)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceIdentities:
    """Implements ``Identities``: one of the source counts as verified, because nothing before AWS decides it."""

    source: SourceReadings

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:  # noqa: ARG002 - nothing is cached
        """The identity with its policies; Missing if the deployment deletes it."""
        found = self.source.identity(identity)
        if found is None:
            return not_in_source("ses:GetEmailIdentity", identity.region)
        if found.is_deleted:
            return Missing(arn=identity.arn)
        policies = self._policies(found)
        if policies is None or _has_holes(found, *_OF_IDENTITIES):
            return not_in_source("ses:GetEmailIdentity", identity.region)
        sets = part(found.members, "ConfigurationSetAttributes")
        feedback = part(found.members, "FeedbackAttributes")
        dkim = part(found.members, "DkimAttributes")
        return Identity(
            ref=identity,
            is_domain=not identity.is_address,
            verified_for_sending=True,
            verification_status=VerificationStatus.SUCCESS,
            policies=policies,
            tags={},
            configuration_set=text_of(sets, "ConfigurationSetName"),
            dkim=Dkim(signing_enabled=flag_of(dkim, "SigningEnabled", absent=True), status="SUCCESS"),
            feedback_forwarding=flag_of(feedback, "EmailForwardingEnabled", absent=True),
        )

    def _policies(self, identity: DeclaredResource) -> Mapping[str, str] | None:
        """The policies by name; None if there may be others, or if one is not known.

        An identity that exists may have policies that the source does not manage; if it manages one, it is assumed to
        manage all of them.
        """
        found = {each.name: _document(each) for each in self.source.policies(identity)}
        may_have_others = identity.was_there or self.source.case.has_custom_resources
        if any(holes_in(text) for text in found.values()) or (not found and may_have_others):
            return None
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfigurationSets:
    """Implements ``ConfigurationSets``."""

    source: SourceReadings

    def read(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> ConfigurationSetReading:  # noqa: ARG002 - nothing is cached
        """The set with its destinations; Missing if the deployment deletes it."""
        found = self.source.configuration_set(configuration_set)
        if found is None:
            return not_in_source("ses:GetConfigurationSet", configuration_set.region)
        if found.is_deleted:
            return Missing(arn=configuration_set.arn)
        if _has_holes(found, *_OF_SETS):
            return not_in_source("ses:GetConfigurationSet", configuration_set.region)
        delivery = part(found.members, "DeliveryOptions")
        suppression = part(found.members, "SuppressionOptions")
        reasons = texts_of(suppression, "SuppressedReasons")
        pool = text_of(delivery, "SendingPoolName")
        return ConfigurationSet(
            ref=configuration_set,
            sending_enabled=flag_of(part(found.members, "SendingOptions"), "SendingEnabled", absent=True),
            tls_required=(text_of(delivery, "TlsPolicy") or "").upper() == "REQUIRE",
            suppressed_reasons=None if reasons is None else frozenset(reasons),
            destinations=self._destinations(found, configuration_set.name),
            ip_pool=None
            if pool is None
            else DedicatedIpPool(name=pool, exists=not_in_source("ses:GetDedicatedIpPool", configuration_set.region)),
        )

    def _destinations(self, found: DeclaredResource, name: str) -> tuple[EventDestination, ...] | Unreadable:
        unknown = not_in_source("ses:GetConfigurationSetEventDestinations", found.where.region)
        declared: list[EventDestination] = []
        for each in self.source.case.of_kind(ResourceKind.EVENT_DESTINATION):
            if each.where.region != found.where.region or each.is_deleted:
                continue
            its_set = text_of(each.members, "ConfigurationSetName") or ""
            if holes_in(its_set):
                return unknown
            if its_set == name:
                declared += _destinations_of(each)
        may_have_others = not declared and found.was_there
        is_open = any(holes_in(text) for each in declared for text in each.event_types)
        return unknown if may_have_others or is_open else tuple(declared)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAccounts:
    """Implements ``SesAccounts``: a source does not have the account."""

    def read(self, account: SesAccountRef, *, fresh: bool) -> SesAccountReading:  # noqa: ARG002 - nothing is cached
        """Not read."""
        return not_in_source("ses:GetAccount", account.region)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRole:
    """Implements ``EmailServiceRole``: a source does not have the role."""

    def read(self, *, fresh: bool) -> RoleReading:  # noqa: ARG002 - nothing is cached
        """Not read."""
        return not_in_source("iam:GetRole", UNKNOWN_REGION)


def _has_holes(resource: DeclaredResource, *names: str) -> bool:
    """Whether one of the members has a value that is not known."""
    parts = (resource.members.get(name) for name in names)
    return any(holes_in(text) for each in parts if each is not None for text in every_text(each))


def _document(policy: DeclaredResource) -> str:
    written = policy.members.get("Policy")
    value = None if written is None else plain(written)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _region_named(policy: DeclaredResource) -> str:
    """The region of the identity that a policy is of: that of its ARN, or else that of the policy's provider."""
    parts = (text_of(policy.members, "EmailIdentity") or "").split(":")
    return parts[3] if len(parts) > 5 else policy.where.region


def _identity_named(text: str) -> str:
    """The name of an identity that is named by its ARN or its name."""
    return text.rpartition(":identity/")[2]


def _open_flag(destination: Members) -> tuple[str, ...]:
    enabled = text_of(destination, "Enabled") or ""
    return (enabled,) if holes_in(enabled) else ()


def _destinations_of(resource: DeclaredResource) -> Iterator[EventDestination]:
    for each in parts_of(resource.members, "EventDestination"):
        yield EventDestination(
            name=text_of(each, "Name") or resource.name,
            enabled=flag_of(each, "Enabled", absent=False),
            # CloudFormation has the names in either case. A hole in the flag leaves the types open, too.
            event_types=frozenset(
                event.upper() for event in (*(texts_of(each, "MatchingEventTypes") or ()), *_open_flag(each))
            ),
        )
