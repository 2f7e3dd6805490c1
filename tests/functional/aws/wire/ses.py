"""SES v2 in memory: identities with their policies, and the account of each region."""

import json
from dataclasses import dataclass, field
from urllib.parse import unquote

from .wire import Answer, Request, refusal

IDENTITIES = "/v2/email/identities/"


@dataclass(slots=True)
class StoredIdentity:
    """What GetEmailIdentity shows; ``members`` are put in place of the usual ones."""

    policies: dict[str, str] = field(default_factory=dict)
    members: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Ses:
    """Identities by region and name; accounts by region."""

    identities: dict[tuple[str, str], StoredIdentity] = field(default_factory=dict)
    accounts: dict[str, dict[str, object]] = field(default_factory=dict)

    def put(self, name: str, *, region: str = "us-east-1", **policies: str) -> StoredIdentity:
        stored = StoredIdentity(policies={key.replace("_", "-"): text for key, text in policies.items()})
        self.identities[region, name] = stored
        return stored

    def answer(self, request: Request) -> Answer:
        if request.operation == "GetAccount":
            return Answer(body=self.accounts.get(request.region, {}))
        name, *rest = request.path.removeprefix(IDENTITIES).split("/")
        stored = self.identities.get((request.region, unquote(name)))
        if stored is None:
            return refusal("NotFoundException", f"Email identity {unquote(name)} does not exist.", status=404)
        if request.operation == "GetEmailIdentity":
            return Answer(body=_shown(stored))
        return _write(stored, request, policy=rest[1])


def _shown(stored: StoredIdentity) -> dict[str, object]:
    sound = {
        "IdentityType": "EMAIL_ADDRESS",
        "VerifiedForSendingStatus": True,
        "VerificationStatus": "SUCCESS",
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
