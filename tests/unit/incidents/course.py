"""A course of events about one cause: shares of findings, and the messages that follow, on a clock of its own."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.incidents.folding import fold
from mailwarden.domain.incidents.incident import Claim, Incident
from mailwarden.domain.incidents.share import Member, Share, rank_of
from mailwarden.domain.incidents.speaking import speak
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import RootCause, SendingPolicies
from tests.builders import NOON, identity_ref, pool_ref

POLICIES = SendingPolicies(identity=identity_ref())
CRITICAL = rank_of(Severity.CRITICAL, Effect.LOST)
MINUTE = timedelta(minutes=1)


def share(
    version: int = 1, *, end: str = "", phase: str = "withheld mode", due: datetime = NOON, **members: object
) -> Share:
    """The share of a finding about one pool of us-east-1."""
    known: dict[str, object] = {
        "rank": CRITICAL,
        "region": "us-east-1",
        "pools": 1,
        "pool_name": "shop",
        "still_lost": False,
        "is_news": True,
    }
    return Share(version=version, end=end, phase=phase, due=due, **(known | members))  # type: ignore[arg-type]


def finding(number: int, rule_id: str = "MW401") -> FindingKey:
    """The finding about a pool of that number."""
    return FindingKey(subject_arn=pool_ref(pool_id=f"us-east-1_{number:05}").arn, rule_id=rule_id)


@dataclass(slots=True, kw_only=True)
class Course:
    """What happens to one incident, and what is said of it."""

    cause: RootCause = POLICIES
    at: datetime = NOON
    incident: Incident | None = None
    members: dict[FindingKey, Member] = field(default_factory=dict)
    said: list[tuple[datetime, Claim]] = field(default_factory=list)

    def happen(self, shares: dict[FindingKey, Share]) -> None:
        """Several findings change in one batch of the stream."""
        known = {key: (self.members.get(key), share) for key, share in shares.items()}
        folded = fold(self.incident, self.cause, known, at=self.at)
        if folded is None:
            return
        self.members.update({change.after.key: change.after for change in folded.changes})
        self._keep(folded.incident)

    def wait(self, duration: timedelta) -> None:
        """Time passes; each minute somebody looks at what is due."""
        end = self.at + duration
        while self.at < end:
            self.at = min(end, self.at + MINUTE)
            if self.incident is not None and self.incident.attention is not None and self.incident.attention <= self.at:
                self._keep(self.incident)

    def _keep(self, incident: Incident) -> None:
        said = speak(incident, now=self.at) or incident
        if said.version > incident.version:
            assert said.told is not None
            self.said.append((self.at, said.told))
        self.incident = said
