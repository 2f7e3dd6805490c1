"""Pools that ask to be left alone, with all that their mail passes through: sound, or about to be broken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.e2e.box import Box, unique
from tests.e2e.people import Identity, People, Pool, developer, pools_of, sending_policy

FRANKFURT, DUBLIN, UAE = "eu-central-1", "eu-west-1", "me-central-1"
# These identities have no consent, and these pools are exempt: nothing is repaired.
_CLOSED: Mapping[str, str] = {}
_HANDS_OFF = {"mailwarden": "report"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Builds pools, and breaks what their mail passes through; ``home`` is the region of what names no other."""

    people: People
    home: str = DUBLIN
    sets: list[tuple[str, str]] = field(default_factory=list)
    """Region and name of the configuration sets that were made."""

    @property
    def box(self) -> Box:
        return self.people.box

    def domain(self, region: str | None = None) -> Identity:
        return self.people.identity(region or self.home, tags=_CLOSED)

    def address(self, region: str | None = None) -> Identity:
        return self.people.address(region or self.home, tags=_CLOSED)

    def pool(self, region: str, email: Mapping[str, str] | None = None, **members: object) -> Pool:
        return self.people.pool(region, email, UserPoolTags=_HANDS_OFF, **members)

    def sending_as(self, identity: Identity, **email: str) -> Pool:
        """A pool in the identity's own region that mails through the account's own SES."""
        return self.pool(identity.region, developer(identity, **email))

    def rewritten(self, email: Mapping[str, str]) -> Pool:
        """A pool at home with a configuration that Cognito would refuse today."""
        pool = self.sending_as(self.domain())
        self.people.legacy(pool, email)
        return pool

    def configuration_set(
        self, region: str | None = None, *, tls: str = "REQUIRE", destination: bool = True, ip_pool: str | None = None
    ) -> str:
        """A configuration set in which nothing is amiss, unless it is asked for."""
        region = region or self.home
        ses, name = self.box.client("sesv2", region), unique("set")
        through = {} if ip_pool is None else {"SendingPoolName": ip_pool}
        ses.create_configuration_set(ConfigurationSetName=name, DeliveryOptions={"TlsPolicy": tls, **through})
        self.sets.append((region, name))
        if destination:
            ses.create_configuration_set_event_destination(
                ConfigurationSetName=name,
                EventDestinationName="everything",
                EventDestination={
                    "Enabled": True,
                    "MatchingEventTypes": ["BOUNCE", "COMPLAINT"],
                    "SnsDestination": {"TopicArn": f"arn:aws:sns:{region}:{self.box.account}:bounces"},
                },
            )
        return name

    def ip_pool(self, region: str | None = None) -> str:
        """A dedicated IP pool."""
        name = unique("ips")
        self.box.client("sesv2", region or self.home).create_dedicated_ip_pool(PoolName=name)
        return name

    def with_notices(self) -> tuple[Pool, Identity]:
        """A pool whose threat protection sends notices as an identity of their own."""
        identity = self.address()
        self.people.attach(identity, sending_policy(identity, pools_of(self.box, self.home)))
        pool = self.pool(
            self.home,
            developer(self.domain()),
            UserPoolTier="PLUS",
            UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"},
        )
        self.box.client("cognito-idp", self.home).set_risk_configuration(
            UserPoolId=pool.pool_id,
            AccountTakeoverRiskConfiguration={
                "NotifyConfiguration": {"SourceArn": identity.arn, "From": identity.name},
                "Actions": {"HighAction": {"Notify": True, "EventAction": "BLOCK"}},
            },
        )
        return pool, identity

    def set_identity(self, identity: Identity, **members: object) -> None:
        """Let happen to an identity what only the DNS or AWS can bring about."""
        self.box.control("POST", f"ses/{identity.region}/identities/{quote(identity.name)}", members)

    def sound(self, region: str) -> Pool:
        """A pool without any finding."""
        ses_region = FRANKFURT if region == UAE else region
        identity = self.domain(ses_region)
        if ses_region != region:
            principal = f"cognito-idp.{region}.amazonaws.com"
            self.people.attach(identity, sending_policy(identity, pools_of(self.box, region), principal=principal))
        return self.pool(region, developer(identity, ConfigurationSet=self.configuration_set(ses_region)))

    def leave(self) -> None:
        """Take everything away again."""
        self.people.leave()
        for region, name in self.sets:
            names = self.box.client("sesv2", region).list_configuration_sets()["ConfigurationSets"]
            if name in names:
                self.box.client("sesv2", region).delete_configuration_set(ConfigurationSetName=name)
