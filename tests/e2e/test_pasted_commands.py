"""A reader pastes the commands of pages and alerts: nothing changes but the setting that each one names."""

import json
from dataclasses import dataclass

from tests.e2e.box import Json, unique
from tests.e2e.pasting import AwsCall, call_of, commands, order_of
from tests.e2e.people import Identity, Pool, pools_of, sending_policy
from tests.e2e.stage import Stage
from tests.sandbox.mail.cognito.test_user_pools import KEPT, RESET

PARIS = "eu-west-3"
NO_WRITES = ("get-", "list-", "describe-", "forgot-password")
MOVES_BY_ITSELF = frozenset({"LastModifiedDate", "EstimatedNumberOfUsers", "ResponseMetadata", "SendQuota"})
# The members of a request that name a new thing; the identity or the set of a new part comes before them.
NAMES_OF_NEW = ("PolicyName", "EventDestinationName", "Domain", "PoolName", "EmailIdentity", "ConfigurationSetName")
# Every member of the request; the two forms of the verification message have to be the same.
WHOLE: Json = {member: given for member, (given, _) in RESET.items()} | KEPT | {"EmailVerificationSubject": "Hi"}
# What a call may change of the things that are compared; a call that is not here may change nothing of them.
CHANGES = {
    "CreateEmailIdentityPolicy": {"identity.Policies"},
    "DeleteEmailIdentityPolicy": {"identity.Policies"},
    "UpdateEmailIdentityPolicy": {"identity.Policies"},
    "PutEmailIdentityDkimAttributes": {"identity.DkimAttributes"},
    "PutEmailIdentityMailFromAttributes": {"identity.MailFromAttributes"},
    "PutEmailIdentityConfigurationSetAttributes": {"identity.ConfigurationSetName"},
    "PutConfigurationSetSendingOptions": {"set.SendingOptions"},
    "PutConfigurationSetSuppressionOptions": {"set.SuppressionOptions"},
    "PutAccountSuppressionAttributes": {"account.SuppressionAttributes"},
    "PutAccountSendingAttributes": {"account.SendingEnabled"},
    "PutAccountDetails": {"account.Details", "account.ProductionAccessEnabled"},
    "CreateUserPoolDomain": {"pool.Domain"},
    "TagResource": {"pool.UserPoolTags", "identity.Tags"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """What the commands are pasted against: a pool with every member, its identity, its set, and the SES account."""

    stage: Stage
    pool: Pool
    identity: Identity
    configuration_set: str

    def compared(self) -> dict[str, object]:
        """Every setting by its place, such as ``pool.LambdaConfig``."""
        cognito, ses = (self.stage.box.client(service, PARIS) for service in ("cognito-idp", "sesv2"))
        found = {
            "pool": cognito.describe_user_pool(UserPoolId=self.pool.pool_id)["UserPool"],
            "mfa": cognito.get_user_pool_mfa_config(UserPoolId=self.pool.pool_id),
            "identity": ses.get_email_identity(EmailIdentity=self.identity.name),
            "set": ses.get_configuration_set(ConfigurationSetName=self.configuration_set),
            "account": ses.get_account(),
        }
        return {
            f"{thing}.{name}": value
            for thing, members in found.items()
            for name, value in members.items()
            if name not in MOVES_BY_ITSELF
        }

    def call(self, call: AwsCall) -> None:
        """Make the call; a new thing gets a name of its own."""
        arguments = dict(call.arguments)
        if call.operation.startswith("Create"):
            name = next(each for each in NAMES_OF_NEW if each in arguments)
            arguments[name] = f"{unique('new')}.example" if name == "EmailIdentity" else unique("new")
        getattr(self.stage.box.client(call.service, PARIS), call.method)(**arguments)

    def values(self, service: str) -> dict[str, object]:
        """The values of options, by name."""
        arn = {"cognito-idp": self.pool.arn, "sesv2": self.identity.arn}[service]
        return {
            "--email-identity": self.identity.name,
            "--configuration-set-name": self.configuration_set,
            "--policy-name": "from-the-console",
            "--policy": json.dumps(sending_policy(self.identity, pools_of(self.stage.box, PARIS))),
            "--user-pool-id": self.pool.pool_id,
            "--resource-arn": arn,
            "--tags": {"pasted": "yes"} if service == "cognito-idp" else [{"Key": "pasted", "Value": "yes"}],
            "--mail-from-domain": f"bounce.{self.identity.name}",
            "--pool-name": "ips",
            "--domain": unique("shop"),
            "--event-destination-name": unique("events"),
            "--event-destination": {
                "Enabled": True,
                "MatchingEventTypes": ["BOUNCE"],
                "SnsDestination": {"TopicArn": f"arn:aws:sns:{PARIS}:{self.stage.box.account}:events"},
            },
            "--use-case-description": "codes",
            "--website-url": "https://shop.example",
            "--additional-contact-email-addresses": ["desk@shop.example"],
        }


def test_a_pasted_command_changes_nothing_that_it_does_not_name(stage: Stage) -> None:
    address, other = stage.people.address(PARIS), stage.people.address(PARIS)
    former = {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": address.arn,
        "ReplyToEmailAddress": f"help@{address.name[6:]}",
        "ConfigurationSet": stage.people.configuration_set(PARIS),
    }
    pool = stage.known(stage.people.pool(PARIS, **in_paris(WHOLE | {"EmailConfiguration": former})))
    things = Things(stage=stage, pool=pool, identity=address, configuration_set=former["ConfigurationSet"])
    stage.people.attach(address, sending_policy(address, pools_of(stage.box, PARIS)))
    assert {f"pool.{member}" for member in WHOLE} <= things.compared().keys()
    names = {"POOL": pool.pool_id, "IDENTITY": other.name, "REPLY_TO": f"desk@{address.name[6:]}"}
    written, called = [], set()

    for pasted in commands():
        before = things.compared()
        if pasted.words[:2] == ("make", "set-sender"):
            sender = other if "IDENTITY" in pasted.variables else address
            order = order_of(pasted, names | {"FROM": f"Shop <{sender.name}>"})
            answer = stage.box.invoke("operate", {"set_sender": order})
            changed = differing(before, things.compared())
            wanted = {"pool.EmailConfiguration"} if answer["answer"] == "written" else set()
            assert changed == wanted, (str(pasted), answer)
            written += [pasted.place] if changed else []
            stage.people.legacy(pool, former)
        elif pasted.words[1] in {"sesv2", "cognito-idp"} and not pasted.operation.startswith(NO_WRITES):
            call = call_of(pasted, things.values(pasted.words[1]))
            if call is None:
                continue
            things.call(call)
            changed = differing(before, things.compared())
            assert changed <= CHANGES.get(call.operation, set()), (str(pasted), changed)
            called.add(call.operation)

    assert len(written) >= 8, written
    assert called >= {"UpdateEmailIdentityPolicy", "PutAccountSuppressionAttributes", "TagResource"}, called


def in_paris(members: Json) -> Json:
    """The members, with the ARNs of the region."""
    moved: Json = json.loads(json.dumps(members).replace("ap-northeast-2", PARIS))
    return moved


def differing(before: dict[str, object], after: dict[str, object]) -> set[str]:
    """The places that differ."""
    return {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
