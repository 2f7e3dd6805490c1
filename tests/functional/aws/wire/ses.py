"""SES v2 in memory: identities with their policies, configuration sets, accounts and suppression lists by region."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, unquote

from .wire import Answer, Request, refusal

IDENTITIES = "/v2/email/identities/"
SETS = "/v2/email/configuration-sets/"
SUPPRESSED = "/v2/email/suppression/addresses/"
IP_POOLS = "/v2/email/dedicated-ip-pools/"


SANDBOX: dict[str, object] = {
    "EnforcementStatus": "HEALTHY",
    "ProductionAccessEnabled": False,
    "SendQuota": {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 0.0},
    "SendingEnabled": True,
    "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
}


@dataclass(slots=True)
class StoredIdentity:
    """The response of GetEmailIdentity; ``members`` replace the usual ones."""

    policies: dict[str, str] = field(default_factory=dict)
    members: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class StoredSet:
    """The response of GetConfigurationSet, and the event destinations."""

    members: dict[str, object] = field(default_factory=dict)
    destinations: list[dict[str, object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a suppression list."""

    address: str
    reason: str
    at: datetime


@dataclass(slots=True)
class Ses:
    """Identities and configuration sets by region and name; accounts and suppression lists by region."""

    identities: dict[tuple[str, str], StoredIdentity] = field(default_factory=dict)
    sets: dict[tuple[str, str], StoredSet] = field(default_factory=dict)
    accounts: dict[str, dict[str, object]] = field(default_factory=dict)
    listed: dict[str, list[Listed]] = field(default_factory=dict)
    suppressed: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)
    ip_pools: set[tuple[str, str]] = field(default_factory=set)

    def put(self, name: str, *, region: str = "us-east-1", **policies: str) -> StoredIdentity:
        stored = StoredIdentity(policies={key.replace("_", "-"): text for key, text in policies.items()})
        self.identities[region, name] = stored
        return stored

    def put_set(self, name: str, *destinations: dict[str, object], **members: object) -> StoredSet:
        stored = StoredSet(members=members, destinations=list(destinations))
        self.sets["us-east-1", name] = stored
        return stored

    def suppress(self, address: str, *, region: str = "us-east-1", **members: object) -> None:
        entry = {"EmailAddress": address, "Reason": "BOUNCE", "LastUpdateTime": 1_772_400_000.5}
        self.suppressed[region, address] = entry | members

    def answer(self, request: Request) -> Answer:
        if request.operation == "GetAccount":
            return Answer(body=self.accounts.get(request.region, SANDBOX))
        if request.operation == "ListSuppressedDestinations":
            return self._list(request)
        if request.path.startswith(SETS):
            return self._set(request)
        if request.path.startswith(SUPPRESSED):
            return self._suppressed(request)
        if request.path.startswith(IP_POOLS):
            return self._ip_pool(request)
        name, *rest = request.path.removeprefix(IDENTITIES).split("/")
        stored = self.identities.get((request.region, unquote(name)))
        if stored is None:
            return refusal("NotFoundException", f"Email identity {unquote(name)} does not exist.", status=404)
        if request.operation == "GetEmailIdentity":
            return Answer(body=shown(stored))
        return _write(stored, request, policy=rest[1])

    def _list(self, request: Request) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(request.query).items()}
        start, end = (
            datetime.fromisoformat(asked[name]) if name in asked else None for name in ("StartDate", "EndDate")
        )
        entries = [
            each
            for each in self.listed.get(request.region, ())
            # Both ends are exclusive: a reader that relies on them finds too little.
            if (start is None or each.at > start) and (end is None or each.at < end)
        ]
        first = int(asked.get("NextToken", "0").removeprefix("page-"))
        last = first + int(asked.get("PageSize", "100"))
        shown = [
            {"EmailAddress": each.address, "Reason": each.reason, "LastUpdateTime": each.at.timestamp()}
            for each in entries[first:last]
        ]
        more = {"NextToken": f"page-{last}"} if last < len(entries) else {}
        return Answer(body={"SuppressedDestinationSummaries": shown, **more})

    def _set(self, request: Request) -> Answer:
        name = unquote(request.path.removeprefix(SETS).split("/")[0])
        stored = self.sets.get((request.region, name))
        if stored is None:
            return refusal("NotFoundException", f"Configuration set <{name}> does not exist.", status=404)
        if request.operation == "GetConfigurationSetEventDestinations":
            return Answer(body={"EventDestinations": stored.destinations})
        return Answer(body={"ConfigurationSetName": name, "SendingOptions": {"SendingEnabled": True}} | stored.members)

    def _ip_pool(self, request: Request) -> Answer:
        name = unquote(request.path.removeprefix(IP_POOLS))
        if (request.region, name) not in self.ip_pools:
            return refusal("NotFoundException", f"Dedicated IP pool <{name}> does not exist.", status=404)
        return Answer(body={"DedicatedIpPool": {"PoolName": name, "ScalingMode": "STANDARD"}})

    def _suppressed(self, request: Request) -> Answer:
        address = unquote(request.path.removeprefix(SUPPRESSED))
        entry = self.suppressed.get((request.region, address))
        if entry is None:
            return refusal("NotFoundException", f"{address} is not on the suppression list.", status=404)
        if request.operation == "GetSuppressedDestination":
            return Answer(body={"SuppressedDestination": entry})
        if request.operation != "DeleteSuppressedDestination":
            raise AssertionError(f"{request.operation} is not expected here")
        del self.suppressed[request.region, address]
        return Answer(body={})


def shown(stored: StoredIdentity) -> dict[str, object]:
    sound = {
        "IdentityType": "EMAIL_ADDRESS",
        "VerifiedForSendingStatus": True,
        "FeedbackForwardingStatus": True,
        "VerificationStatus": "SUCCESS",
        "DkimAttributes": {"SigningEnabled": False, "Status": "NOT_STARTED"},
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "Policies": dict(stored.policies),
        "Tags": [],
    }
    return sound | stored.members


def _write(stored: StoredIdentity, request: Request, *, policy: str) -> Answer:
    match request.operation:
        case "CreateEmailIdentityPolicy":
            if policy in stored.policies:
                return refusal("AlreadyExistsException", f"Policy {policy} exists.")
            stored.policies[policy] = json.loads(request.body)["Policy"]
        case "UpdateEmailIdentityPolicy":
            # Answers with success although there is nothing to update.
            if policy in stored.policies:
                stored.policies[policy] = json.loads(request.body)["Policy"]
        case "DeleteEmailIdentityPolicy":
            stored.policies.pop(policy, None)
        case other:
            raise AssertionError(f"{other} is not expected here")
    return Answer(body={})
