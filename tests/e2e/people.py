"""The account's users build and break identities, policies, pools and sign-ups."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from botocore.exceptions import ClientError

from tests.e2e.box import Box, Json, Keys, Untyped, unique
from tests.e2e.waiting import until

COGNITO = "email.cognito-idp.amazonaws.com"
OPEN_TO_COGNITO = {"mailwarden:cognito": "account"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    region: str
    name: str
    arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    region: str
    pool_id: str
    client_id: str
    arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """The fate of a sign-up's mail, and the app's response."""

    arrived: bool
    stage: str | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Makes things in names of their own, and takes the pools and identities away again."""

    box: Box
    pools: list[Pool]
    identities: list[Identity]

    def identity(
        self, region: str, *, name: str | None = None, tags: Mapping[str, str] = OPEN_TO_COGNITO, verified: bool = True
    ) -> Identity:
        """A domain identity; the sandbox plays the DNS."""
        name = name or f"{unique('shop')}.example"
        self.box.client("sesv2", region).create_email_identity(
            EmailIdentity=name, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
        )
        if verified:
            self.verify(region, name)
        arn = f"arn:aws:ses:{region}:{self.box.account}:identity/{name}"
        self.identities.append(Identity(region=region, name=name, arn=arn))
        return self.identities[-1]

    def verify(self, region: str, name: str, status: str = "SUCCESS") -> None:
        self.box.control("POST", f"ses/{region}/identities/{quote(name)}", {"verification_status": status})

    def address(self, region: str, *, tags: Mapping[str, str] = OPEN_TO_COGNITO) -> Identity:
        """An address identity, whose owner clicked the link in SES's mail."""
        return self.identity(region, name=f"hello@{unique('shop')}.example", tags=tags)

    def pool(self, region: str, email: Mapping[str, str] | None = None, **members: Untyped) -> Pool:
        """A pool that verifies addresses by mail, and a client for its app."""
        cognito = self.box.client("cognito-idp", region)
        members.setdefault("AutoVerifiedAttributes", ["email"])
        if email is not None:
            members["EmailConfiguration"] = dict(email)
        pool_id = cognito.create_user_pool(PoolName=unique("pool"), **members)["UserPool"]["Id"]
        client = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="app")["UserPoolClient"]
        arn = f"arn:aws:cognito-idp:{region}:{self.box.account}:userpool/{pool_id}"
        self.pools.append(Pool(region=region, pool_id=pool_id, client_id=client["ClientId"], arn=arn))
        return self.pools[-1]

    def legacy(self, pool: Pool, email: Mapping[str, str]) -> None:
        """Give a pool a configuration from earlier years, which Cognito would refuse today. There is no event."""
        path = f"cognito/pools/{pool.pool_id}"
        self.box.control("POST", path, {"region": pool.region, "email_configuration": dict(email)})

    def touch(self, pool: Pool, *, keys: Keys | None = None) -> None:
        """A harmless call that is a reason to look at the pool, by the root user or by whoever has these keys."""
        cognito = self.box.client("cognito-idp", pool.region, keys)
        cognito.tag_resource(ResourceArn=pool.arn, Tags={"touched": unique("t")})

    def somebody(self) -> Keys:
        """Another user: what breaks by calls of the same actor is one incident, and masked addresses are the same."""
        statement = {"Effect": "Allow", "Action": "cognito-idp:TagResource", "Resource": "*"}
        return self.box.user(statement, name=unique("operator"))

    def configuration_set(self, region: str) -> str:
        """A sound configuration set: it publishes bounces and complaints, and requires TLS."""
        ses, name = self.box.client("sesv2", region), unique("mail-of-the-shop")
        ses.create_configuration_set(ConfigurationSetName=name, DeliveryOptions={"TlsPolicy": "REQUIRE"})
        topic = self.box.client("sns", region).create_topic(Name=name)["TopicArn"]
        ses.create_configuration_set_event_destination(
            ConfigurationSetName=name,
            EventDestinationName="feedback",
            EventDestination={
                "Enabled": True,
                "MatchingEventTypes": ["BOUNCE", "COMPLAINT"],
                "SnsDestination": {"TopicArn": topic},
            },
        )
        return name

    def attach(self, identity: Identity, policy: Json, *, name: str = "from-the-console") -> None:
        self.box.client("sesv2", identity.region).create_email_identity_policy(
            EmailIdentity=identity.name, PolicyName=name, Policy=json.dumps(policy)
        )

    def detach(self, identity: Identity, *, name: str = "from-the-console") -> None:
        """Delete a sending policy with the older of the two APIs, as many scripts do."""
        self.box.client("ses", identity.region).delete_identity_policy(Identity=identity.name, PolicyName=name)

    def policies(self, identity: Identity) -> dict[str, Json]:
        answer = self.box.client("sesv2", identity.region).get_email_identity(EmailIdentity=identity.name)
        return {name: json.loads(policy) for name, policy in answer["Policies"].items()}

    def sign_up(self, pool: Pool) -> SignUp:
        """Sign a customer up as an app does, and see what became of the mail."""
        address, answer = f"{unique('user')}@customer.example", "success"
        try:
            self.box.app(pool.region).sign_up(
                ClientId=pool.client_id,
                Username=address.partition("@")[0],
                Password="Sesame-0pen!",
                UserAttributes=[{"Name": "email", "Value": address}],
            )
        except ClientError as error:
            answer = error.response["Error"]["Code"]

        def mails() -> list[SignUp]:
            arrived = [
                SignUp(arrived=True, stage=None, answer=answer) for _ in self.box.control("GET", "mail", to=address)
            ]
            lost = self.box.control("GET", "mail/lost", to=address)
            return arrived + [SignUp(arrived=False, stage=mail["stage"], answer=answer) for mail in lost]

        found = until(mails, what=f"the mail to {address}, arrived or lost")
        assert len(found) == 1
        return found[0]

    def judged(self, pool: Pool) -> Json:
        """The verdict of the sandbox's own judge on a mail to any customer."""
        verdict: Json = self.box.control("POST", "judge", {"pool": pool.pool_id, "region": pool.region})
        return verdict

    def unprotect(self, pool: Pool) -> None:
        if self.box.client("cognito-idp", pool.region).describe_user_pool(UserPoolId=pool.pool_id):
            members = {"DeletionProtection": "INACTIVE"}
            self.box.control("POST", f"cognito/pools/{pool.pool_id}", {"region": pool.region, "members": members})

    def leave(self) -> None:
        """Take away what was made; pools first, because an identity in use would be missed."""
        for pool in self.pools:
            with unless_gone():
                self.unprotect(pool)
                self.box.client("cognito-idp", pool.region).delete_user_pool(UserPoolId=pool.pool_id)
        for identity in self.identities:
            with unless_gone():
                self.box.client("sesv2", identity.region).delete_email_identity(EmailIdentity=identity.name)


@contextmanager
def unless_gone() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ResourceNotFoundException", "NotFoundException"}:
            raise


def default_sender(identity: Identity) -> dict[str, str]:
    """Cognito's own sender with the address of an identity as FROM."""
    return {"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": identity.arn}


def developer(identity: Identity, **members: str) -> dict[str, str]:
    """The identity's own SES account sends."""
    sender = identity.name if "@" in identity.name else f"hello@{identity.name}"
    return {"EmailSendingAccount": "DEVELOPER", "SourceArn": identity.arn, "From": f"Shop <{sender}>", **members}


def sending_policy(
    identity: Identity, condition: Mapping[str, Mapping[str, str]] | None = None, *, principal: str = COGNITO
) -> Json:
    """A sending policy for Cognito as its page "Email settings" shows it."""
    statement: Json = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": identity.arn,
    }
    return {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}


def pools_of(box: Box, region: str) -> dict[str, dict[str, str]]:
    """The conditions that keep the pools of other customers out."""
    return {
        "StringEquals": {"aws:SourceAccount": box.account},
        "ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:{region}:{box.account}:userpool/*"},
    }
