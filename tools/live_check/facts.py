"""The facts about AWS that Mailwarden is built on and that a scratch account can show, each with its source."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """The result of comparing one observation with a fact."""

    AGREES = "agrees"
    DIFFERS = "DIFFERS"
    NOT_OBSERVED = "not observed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact; ``consequence`` is what Mailwarden does because of it."""

    id: str
    text: str
    consequence: str
    source: str


_COGNITO = "[Cognito API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/"
_SES = "[SES v2 API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/"
_EVENTS = "[EventBridge user guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html)"

FACTS = (
    Fact(
        id="describe-known",
        text="`DescribeUserPool` returns no member that the pinned SDK does not know.",
        consequence="Otherwise no pool is written to (MW905).",
        source="not documented",
    ),
    Fact(
        id="mfa-known",
        text="`GetUserPoolMfaConfig` returns no member that the pinned SDK does not know.",
        consequence="Otherwise no pool is written to (MW905).",
        source="not documented",
    ),
    Fact(
        id="round-trip",
        text="An `UpdateUserPool` with everything that `DescribeUserPool` returned changes nothing.",
        consequence="The writer sends every member back.",
        source=f"{_COGNITO}API_UpdateUserPool.html)",
    ),
    Fact(
        id="mfa-unchanged",
        text="An `UpdateUserPool` without `MfaConfiguration` leaves the MFA configuration as it is.",
        consequence="The writer leaves `MfaConfiguration` out.",
        source="go-to-k/cdkd, measured in us-east-1",
    ),
    Fact(
        id="modified",
        text="Each `UpdateUserPool` moves `LastModifiedDate` forward.",
        consequence="The writer detects another actor's write by it.",
        source="not documented",
    ),
    Fact(
        id="reset",
        text="An `UpdateUserPool` without `AutoVerifiedAttributes` resets it.",
        consequence="A partial update can break a pool's mail (MW108).",
        source="go-to-k/cdkd, measured in us-east-1",
    ),
    Fact(
        id="from-refused",
        text="`From` is refused on Cognito's default sender, with `InvalidParameterException`.",
        consequence="The writer never sends both.",
        source="aws/aws-cdk #9739",
    ),
    Fact(
        id="foreign-refused",
        text="The identity of another account is refused, with `NotAuthorizedException`.",
        consequence="MW103 is reported, and never repaired.",
        source="aws/aws-cdk #25115",
    ),
    Fact(
        id="grant-written",
        text="SES accepts the policy that Mailwarden writes, and shows it afterwards.",
        consequence="Repairs of MW401 and MW403.",
        source=f"{_SES}API_CreateEmailIdentityPolicy.html)",
    ),
    Fact(
        id="grant-undone",
        text="After the undo, the identity has the policies that it had before.",
        consequence="`make undo`.",
        source=f"{_SES}API_DeleteEmailIdentityPolicy.html)",
    ),
    Fact(
        id="update-absent",
        text="`UpdateEmailIdentityPolicy` succeeds for a policy that does not exist, and creates none.",
        consequence="The writer looks before it updates a policy, and after.",
        source=f"{_SES}API_UpdateEmailIdentityPolicy.html)",
    ),
    Fact(
        id="developer-accepted",
        text="Cognito accepts the identity for a pool with `DEVELOPER`, if the region table allows its region.",
        consequence="MW201, and the moves that it proposes.",
        source="[regions.md](regions.md)",
    ),
    Fact(
        id="trail-delivers",
        text="A trail that logs management events is seen in the region, and its status and selectors can be read.",
        consequence="MW901.",
        source=_EVENTS,
    ),
    Fact(
        id="event-delivered",
        text="EventBridge delivers the call to the rule of `regions.yaml` for it.",
        consequence="Every look that does not wait for the sweep.",
        source=_EVENTS,
    ),
    Fact(
        id="event-read",
        text="The body of the call names the resource where the API's model names it, with a small first letter.",
        consequence="A look at one pool instead of a look at a whole region.",
        source="published records of other calls",
    ),
    Fact(
        id="failed-unmatched",
        text="A call that failed has `errorCode`, and no rule for changes matches it.",
        consequence="Failed calls lead to no look.",
        source="published records of other calls",
    ),
    Fact(
        id="looked-at",
        text="Mailwarden looks at a new pool of a watched region, without a sweep.",
        consequence="The whole way from the call to the ledger.",
        source="[architecture.md](architecture.md)",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One observation of a fact; ``what`` names the case, as the tier of a pool or a call."""

    fact: str
    verdict: Verdict
    what: str
    seen: str = ""


@dataclass(slots=True)
class Observations:
    """Everything that a run has seen."""

    made: list[Observation] = field(default_factory=list)

    def add(self, fact: str, what: str, *, agrees: bool, seen: str = "") -> None:
        """Keep what was seen of a fact."""
        self._keep(fact, Verdict.AGREES if agrees else Verdict.DIFFERS, what, seen)

    def missed(self, fact: str, what: str, *, why: str) -> None:
        """Keep why a fact could not be observed."""
        self._keep(fact, Verdict.NOT_OBSERVED, what, why)

    def _keep(self, fact: str, verdict: Verdict, what: str, seen: str) -> None:
        if fact not in {each.id for each in FACTS}:
            raise KeyError(fact)
        self.made.append(Observation(fact=fact, verdict=verdict, what=what, seen=seen))

    def of(self, fact: Fact) -> Iterator[Observation]:
        """The observations of one fact; if there are none, that one."""
        found = [each for each in self.made if each.fact == fact.id]
        yield from found or [Observation(fact=fact.id, verdict=Verdict.NOT_OBSERVED, what="", seen="not reached")]

    @property
    def differ(self) -> bool:
        """Whether anything was seen that contradicts a fact."""
        return any(each.verdict is Verdict.DIFFERS for each in self.made)
