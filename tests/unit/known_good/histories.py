"""Random histories of one pool: calls as AWS carries them out and as CloudTrail reports them, and looks in between.

A call without ``emailConfiguration`` resets it (Cognito API reference, UpdateUserPool). Events arrive with the next
look or a later one, in order; several calls may be one look. ``alarms`` are the looks at which people would be alerted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from mailwarden.documents.reader import Members
from mailwarden.domain.known_good.evidence import accident_in, doubt_after, looked_up_since
from mailwarden.domain.known_good.origin import Origin, kind_of_sender, shows_email
from mailwarden.domain.known_good.past_calls import PastCall, past_call_in
from mailwarden.domain.known_good.record import KnownGood
from mailwarden.domain.known_good.steps import FoundEmail, SenderReset, known_good_after, known_good_now, reset_of
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.causes import Cause, cause_from, causes_document, deployed_by, folded
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.inbound.cloudtrail.actors import cause_of
from mailwarden.message import Message
from tests.builders import NOON, pool_ref

POOL = pool_ref()
SETTLE = timedelta(seconds=30)
# As the rule waits for an event (MW108).
HEARD_WITHIN = timedelta(minutes=10)
TOOLS = ("aws-cli/2.15.0", "Boto3/1.34.0", "APN/1.0 HashiCorp/1.0 Terraform/1.9.0", "cloudformation.amazonaws.com")
ARN = "arn:aws:ses:us-east-1:111122223333:identity/"
DEFAULT = EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT)
SENDERS = (
    *(
        EmailConfiguration(
            sending_account=SenderMode.DEVELOPER,
            source_arn=f"{ARN}{name}",
            from_address=f"no-reply@{name}",
            reply_to=reply_to,
            configuration_set=name_of_set,
        )
        for name in ("a.example", "b.example")
        for reply_to in (None, "help@a.example")
        for name_of_set in (None, "mail")
    ),
    EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT, source_arn=f"{ARN}support@a.example"),
)


@dataclass(slots=True, kw_only=True)
class History:
    """One pool on its way through time."""

    random: Random
    email: EmailConfiguration = DEFAULT
    at: datetime = NOON
    modified: datetime = NOON
    known: KnownGood | None = None
    waiting: list[Cause] = field(default_factory=list)
    calls: int = 0
    alarms: list[SenderReset] = field(default_factory=list)
    past: list[PastCall] = field(default_factory=list)
    learned: bool = False

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)

    def call(
        self, email: EmailConfiguration | None, *, heard: bool = True, hidden: bool = False, tool: str | None = None
    ) -> None:
        """UpdateUserPool by somebody; without *email* it resets it."""
        self.calls += 1
        self.pass_by(seconds=self.random.choice((0.2, 1.7, 40, 4000)))
        made_at = self.at
        self.pass_by(milliseconds=self.random.randint(10, 900))
        self.email, self.modified = email or DEFAULT, self.at
        parameters = {"userPoolId": POOL.pool_id} | (
            {} if email is None else {"emailConfiguration": _record(email, self.random)}
        )
        detail = {
            "eventName": "UpdateUserPool",
            "eventID": f"event-{self.calls}",
            "eventTime": made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "userAgent": tool or self.random.choice(TOOLS),
            "userIdentity": {"arn": f"arn:aws:iam::111122223333:user/{self.random.choice('abc')}"},
            "requestParameters": None if hidden else parameters,
        }
        shown = past_call_in(Members.of(detail, where="record"), pool_id=POOL.pool_id)
        assert shown is not None
        self.past.append(shown)
        if heard:
            self._hear(detail)

    def order(self, email: EmailConfiguration) -> None:
        """A person's order, which a look hears of at once; the event of the write follows."""
        self.pass_by(seconds=self.random.choice((0.2, 40)))
        at, self.email = self.at, email
        self.pass_by(milliseconds=300)
        self.modified = self.at
        ordered = Cause(
            event_name="set-sender",
            event_id=f"order-{self.calls}",
            actor="x",
            user_agent="",
            region="",
            at=at,
            email=kind_of_sender(email),
        )
        self.calls += 1
        self.waiting.append(ordered)
        self.look()

    def other_call(self) -> None:
        """A call that writes tags: LastModifiedDate moves, EmailConfiguration does not."""
        self.calls += 1
        self.pass_by(seconds=self.random.choice((0.2, 3)))
        detail = {"eventName": "TagResource", "eventID": f"event-{self.calls}", "requestParameters": {}}
        self.modified = self.at
        self._hear(detail | {"eventTime": self.at.strftime("%Y-%m-%dT%H:%M:%SZ")})

    def _hear(self, detail: Mapping[str, object]) -> None:
        cause = cause_of({}, detail, region="us-east-1")
        assert cause is not None
        self.waiting.append(cause)
        if self.random.random() < 0.2:
            self.waiting.append(cause)

    def look(self, *, sweep: bool = False, good: bool = True) -> SenderReset | None:
        """Look at the pool: with everything that was heard, as queues carry it, or as a sweep with nothing."""
        self.pass_by(milliseconds=self.random.randint(1, 900))
        cause = None if sweep else _carried(folded(*self.waiting))
        if not sweep:
            self.waiting.clear()
        self.learned |= any(shows_email(call) for call in (() if cause is None else cause.calls))
        known = known_good_now(self.known, cause, pool=POOL)
        reset = reset_of(known, self.email)
        found = FoundEmail(email=self.email, modified=self.modified, at=self.at)
        self.known = known_good_after(known, found, reset=reset, judged_good=good, settle=SETTLE)
        if reset is not None and not self._waits(reset):
            self.alarms.append(reset)
        return reset

    def _waits(self, reset: SenderReset) -> bool:
        return reset.authorship.origin is Origin.NOT_HEARD and self.at - self.modified < HEARD_WITHIN

    def restores(self, reset: SenderReset | None) -> bool:
        """Whether Mailwarden would restore what a look found lost, by all that it may know."""
        if reset is None:
            return False
        accident = accident_in(reset, modified=self.modified)
        if isinstance(accident, Message) or not self.learned or deployed_by(accident, ()) is not None:
            return False
        found = [call for call in self.past if call.at >= looked_up_since(reset.known)]
        return doubt_after(reset.known, accident, found, now=self.at, again_after=SETTLE) is None

    def hold(self) -> None:
        """Everything is heard, and the sweep finds what was held through the settle time."""
        self.look()
        self.pass_by(seconds=60)
        self.look(sweep=True)


def deliberate_step(history: History) -> None:
    """One step in which nobody loses a sender by accident."""
    match history.random.randrange(8):
        case 0 | 1 | 2:
            history.call(history.random.choice((*SENDERS, DEFAULT)))
        case 3:
            history.order(history.random.choice((*SENDERS, DEFAULT)))
        case 4 if history.email == DEFAULT:
            history.call(None)
        case 5:
            history.pass_by(seconds=60)
            # An event is there within ten minutes.
            history.look(sweep=True)
        case 6:
            history.other_call()
        case _:
            history.look()


def anything_but_a_choice(history: History) -> None:
    """One step after an accident that restores nothing."""
    match history.random.randrange(3):
        case 0:
            history.other_call()
        case 1:
            history.look()
        case _:
            history.call(None)


def random_of(seed: int) -> Random:
    """The same history for the same seed."""
    return Random(seed)  # noqa: S311 - nothing secret is made of it


def _record(email: EmailConfiguration, random: Random) -> dict[str, str] | str:
    """EmailConfiguration in a record: addresses or all of it may be hidden."""
    hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"
    if random.random() < 0.05 and email.mode is SenderMode.DEVELOPER:
        return {"emailSendingAccount": "DEVELOPER", "sourceArn": hidden, "from": hidden}
    return {f"{name[0].lower()}{name[1:]}": value for name, value in email_document(email).items()}


def _carried(cause: Cause | None) -> Cause | None:
    return None if cause is None else cause_from(Members.of(causes_document(cause), where="cause"))
