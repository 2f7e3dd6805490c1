"""Random risk configurations, and the histories of a pool's: calls as AWS carries them out and as records show them.

A call that leaves a part out removes it: AWS documents that for all parts together only, and this assumes the worst.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from mailwarden.documents.reader import Members
from mailwarden.domain.known_good.notices import KnownNotices, lost_notices, notices_after, notices_now
from mailwarden.domain.known_good.origin import Authorship, Origin
from mailwarden.domain.known_good.risk_configuration import notices_in, risk_text
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.causes import Cause, cause_from, causes_document, folded
from mailwarden.inbound.cloudtrail.actors import cause_of
from tests.builders import NOON, pool

ARN = "arn:aws:ses:us-east-1:111122223333:identity/security@example.com"
LEVELS = ("LowAction", "MediumAction", "HighAction")
ACTIONS = ({"Notify": True, "EventAction": "BLOCK"}, {"Notify": False, "EventAction": "MFA_REQUIRED"})
TAKEOVER = "AccountTakeoverRiskConfiguration"
CREDENTIALS = "CompromisedCredentialsRiskConfiguration"
EXCEPTIONS = "RiskExceptionConfiguration"
HEARD_WITHIN = timedelta(minutes=10)

type Parts = dict[str, object]


def takeover(*notifies: str, sender: str = ARN, silent: tuple[str, ...] = ()) -> Parts:
    """Responses that notify at some levels, and their sender."""
    actions: Parts = {f"{level}Action": {"Notify": True, "EventAction": "BLOCK"} for level in notifies}
    actions |= {f"{level}Action": {"Notify": False, "EventAction": "NO_ACTION"} for level in silent}
    mail = {"Subject": "Sign-in", "HtmlBody": "<p>Was it you?</p>"}
    return {"NotifyConfiguration": {"SourceArn": sender, "From": "a@b.example", "BlockEmail": mail}, "Actions": actions}


def random_others(random: Random) -> Parts:
    """Other parts than the responses."""
    parts: Parts = {}
    if random.random() < 0.6:
        parts[CREDENTIALS] = {"Actions": {"EventAction": random.choice(("BLOCK", "NO_ACTION"))}}
    if random.random() < 0.4:
        parts[EXCEPTIONS] = {"BlockedIPRangeList": [f"192.0.2.{random.randrange(9)}/32"]}
    return parts


def random_parts(random: Random) -> Parts:
    """Parts without a sender of notices; responses may want to notify all the same."""
    parts = random_others(random)
    if random.random() < 0.5:
        levels = random.sample(LEVELS, random.randint(1, 3))
        parts[TAKEOVER] = {"Actions": {level: random.choice(ACTIONS) for level in levels}}
    return parts


@dataclass(slots=True, kw_only=True)
class RiskHistory:
    """One pool's risk configuration on its way through time; ``alarms`` are the looks that would alert."""

    random: Random
    parts: Parts = field(default_factory=dict)
    at: datetime = NOON
    known: KnownNotices | None = None
    waiting: list[Cause] = field(default_factory=list)
    alarms: list[Authorship] = field(default_factory=list)
    calls: int = 0

    @property
    def pool(self) -> Pool:
        """The pool as it is live."""
        risk = risk_text(self.parts)
        return replace(pool(), threat_notices=notices_in(risk), acts_on_threats=True, risk=risk)

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)

    def call(self, parts: Parts, *, heard: bool = True, shown: bool = True) -> None:
        """SetRiskConfiguration by somebody."""
        self.calls += 1
        self.pass_by(seconds=self.random.choice((1.1, 40, 4000)))
        self.parts = parts
        parameters = {"userPoolId": pool().ref.pool_id, **{_lowered(name): part for name, part in parts.items()}}
        record = {
            "eventName": "SetRiskConfiguration",
            "eventID": f"event-{self.calls}",
            "eventTime": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "userAgent": "aws-cli/2.15.0",
            "userIdentity": {"arn": "arn:aws:iam::111122223333:user/a"},
            "requestParameters": parameters if shown else None,
        }
        cause = cause_of({}, record, region="us-east-1")
        assert cause is not None
        if heard:
            self.waiting += [cause] * self.random.choice((1, 1, 1, 2))
        self.pass_by(milliseconds=self.random.randint(10, 900))

    def look(self, *, sweep: bool = False) -> Authorship | None:
        """A look with everything that was heard, as queues carry it, or a sweep with nothing."""
        self.pass_by(milliseconds=self.random.randint(1, 900))
        heard = None if sweep else folded(*self.waiting)
        if not sweep:
            self.waiting.clear()
        cause = None if heard is None else cause_from(Members.of(causes_document(heard), where="cause"))
        known = notices_now(self.known, cause, pool_id=pool().ref.pool_id)
        lost = lost_notices(known, self.pool)
        since = self.at if known is None or known.missing_since is None else known.missing_since
        self.known = notices_after(known, self.pool, at=self.at)
        if lost is not None and (lost.origin is not Origin.NOT_HEARD or self.at - since >= HEARD_WITHIN):
            self.alarms.append(lost)
        return lost


def _lowered(value: object) -> str:
    name = str(value)
    return f"{name[0].lower()}{name[1:]}"
