"""A pool in a world that is unkind: events and the history of CloudTrail late, lost, twice, hidden; clocks that differ.

The services are the real ones. ``intended`` is what was last chosen; a repair that writes anything else reverts a
choice, and so does one that answers a call which Mailwarden cannot know to be a person's accident.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from mailwarden.documents.reader import Members
from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.known_good.past_calls import past_call_in
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.hints import Hint, PoolHint
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.inbound.cloudtrail.actors import cause_of
from mailwarden.message import Message
from tests.builders import custom_from, developer
from tests.fakes.deployment import Deployment
from tests.unit.operator.senders import ADDRESS, DOMAIN, SHOP, live, set_sender, shop

PLAIN = EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT)
SENDERS = (
    SHOP.email,
    replace(SHOP.email, reply_to=None),
    developer(DOMAIN.ref, from_address="Shop <hello@shop.example>"),
    custom_from(ADDRESS.ref),
    PLAIN,
)
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
HANDS = ({"userAgent": "aws-cli/2.15.0"}, {"userAgent": "Boto3/1.34.0 md/Botocore#1.34.0"})
LONG = "aws-sdk-js/3.600.0 " + " ".join(f"md/middleware#{number}" for number in range(20)) + " amplify-cli/12.0"
# Callers that are deployments, or may be.
OTHERS: tuple[dict[str, str], ...] = (
    {"userAgent": "cloudformation.amazonaws.com"},
    {"userAgent": "AWS Internal", "invokedBy": "cloudformation.amazonaws.com"},
    {"userAgent": "AWS Internal", "sourceIPAddress": "cloudformation.amazonaws.com"},
    {"userAgent": "APN/1.0 HashiCorp/1.0 Terraform/1.9.0"},
    {"userAgent": LONG},
    {"userAgent": "Boto3/1.34.0", "arn": "arn:aws:sts::111122223333:assumed-role/deployer/x"},
    {},
)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A call as it was truly made, whatever its record shows."""

    leaves_out: bool
    is_by_hand: bool


@dataclass(slots=True, kw_only=True)
class World:
    """Time passes in minutes; whatever is due then is delivered. ``most_late`` bounds how late anything is."""

    random: Random
    most_late: timedelta = timedelta(minutes=14)
    mailwarden: Deployment = field(default_factory=shop)
    intended: EmailConfiguration = SHOP.email
    skew: timedelta = timedelta(0)
    made: dict[str, Made] = field(default_factory=dict)
    due: list[tuple[datetime, int, Hint]] = field(default_factory=list)
    reset_by: str | None = None
    restored: int = 0
    _numbers: "count[int]" = field(default_factory=count)
    _swept: datetime | None = None

    def begin(self) -> None:
        """A pool that was found good, in a region whose records show EmailConfiguration."""
        self.mailwarden.mode = self.random.choice((RepairMode.SAFE, RepairMode.UNSAFE))
        self.mailwarden.deployment_roles = ("arn:aws:iam::111122223333:role/deployer",)
        self.skew = timedelta(seconds=self.random.choice((0, 0, -2, 2)))
        self.choose(SHOP.email, kind=True)
        self.wait(minutes=70)

    def choose(self, email: EmailConfiguration, *, kind: bool = False, by: Mapping[str, str] | None = None) -> None:
        """A call that names EmailConfiguration."""
        named: object = {f"{name[0].lower()}{name[1:]}": value for name, value in email_document(email).items()}
        form = "whole" if kind else self.random.choice(("whole", "whole", "cased", "part", "text", "null", "all"))
        match form:
            case "part" if email.mode is SenderMode.DEVELOPER:
                named = {"emailSendingAccount": "DEVELOPER", "sourceArn": HIDDEN, "from": HIDDEN}
            case "text":
                named = HIDDEN
            case "null":
                named = None
            case _ if email == PLAIN and self.random.random() < 0.3:
                named = {}
            case _:
                pass
        name = "EmailConfiguration" if form == "cased" else "emailConfiguration"
        parameters: object = {"userPoolId": SHOP.ref.pool_id, name: named}
        self.intended = email
        self._call(email, None if form == "all" else parameters, kind=kind, by=by, leaves_out=False)

    def forget(self, *, by: Mapping[str, str] | None = None, kind: bool = False) -> None:
        """A call that does not name it, and so resets it: an accident unless nothing was set."""
        parameters: object = {"userPoolId": SHOP.ref.pool_id, "autoVerifiedAttributes": ["email"]}
        if not kind and self.random.random() < 0.2:
            parameters = self.random.choice((None, HIDDEN, {"omitted": True}, {"userPoolId": HIDDEN}, []))
        self._call(PLAIN, parameters, kind=kind, by=by, leaves_out=True)

    def fail(self, email: EmailConfiguration) -> None:
        """A call that names it and fails: nothing is written."""
        named = {"emailSendingAccount": email.mode.value}
        parameters = {"userPoolId": SHOP.ref.pool_id, "emailConfiguration": named}
        self._record(parameters, error="InvalidParameterException", kind=False, by=None)

    def touch(self) -> None:
        """SetUserPoolMfaConfig, AddCustomAttributes, TagResource …: LastModifiedDate moves."""
        self._write(live(self.mailwarden).email)

    def order(self, email: EmailConfiguration) -> None:
        """A person's order: a write of ours, whose look knows of it at once."""
        if email.mode is not SenderMode.DEVELOPER or email.in_full == live(self.mailwarden).email.in_full:
            return
        set_sender(self.mailwarden, identity=DOMAIN.ref.name, although_worse=True)
        self._hear_own_writes(ordered=True)

    def wait(self, *, minutes: float) -> None:
        """Let time pass: what is due is delivered, looks are made, what was ordered is repaired."""
        end = self.mailwarden.clock.at + minutes * _MINUTE
        while self.mailwarden.clock.at < end:
            self.mailwarden.clock.at += _MINUTE / 2
            self._deliver()

    def _deliver(self) -> None:
        now = self.mailwarden.clock.at
        hints: list[Hint] = []
        if self._swept is None or now - self._swept >= timedelta(hours=1):
            self._swept = now
            hints.append(PoolHint(pool=SHOP.ref))
        while self.due and self.due[0][0] <= now:
            hints.append(heapq.heappop(self.due)[2])
        if hints:
            self.mailwarden.inspect(*hints)
        if self.mailwarden.repairs.waiting:
            self.mailwarden.repair()
            self._hear_own_writes()
        for delayed in self.mailwarden.hints.waiting:
            heapq.heappush(self.due, (self.mailwarden.clock.at + delayed.delay, next(self._numbers), delayed.hint))
        self.mailwarden.hints.waiting.clear()

    def _hear_own_writes(self, *, ordered: bool = False) -> None:
        writes, self.mailwarden.written = self.mailwarden.written, []
        for change in writes:
            assert isinstance(change, ReplaceEmailConfiguration)
            if ordered:
                self.intended = change.after
            else:
                self.restored += 1
                assert change.after.in_full == self.intended.in_full, "a choice was reverted"
                assert self.reset_by is not None, "nothing was reset"
                assert self.made[self.reset_by].is_by_hand, "a deployment was reverted"
            named = {f"{name[0].lower()}{name[1:]}": value for name, value in email_document(change.after).items()}
            parameters = {"userPoolId": SHOP.ref.pool_id, "emailConfiguration": named}
            self._write(change.after)
            self._record(parameters, error=None, kind=True, by={"userAgent": "mailwarden/1"})

    def _call(
        self,
        email: EmailConfiguration,
        parameters: object,
        *,
        kind: bool,
        by: Mapping[str, str] | None,
        leaves_out: bool,
    ) -> None:
        before = live(self.mailwarden).email
        event_id = self._record(parameters, error=None, kind=kind, by=by, leaves_out=leaves_out)
        self._write(email)
        if before.in_full != PLAIN and leaves_out:
            self.reset_by = event_id

    def _write(self, email: EmailConfiguration) -> None:
        clock = self.mailwarden.clock
        clock.at += timedelta(milliseconds=self.random.randint(5, 900))
        self.mailwarden.hold(replace(live(self.mailwarden), email=email, last_modified=clock.at + self.skew))

    def _record(
        self,
        parameters: object,
        *,
        error: str | None,
        kind: bool,
        by: Mapping[str, str] | None,
        leaves_out: bool = False,
    ) -> str:
        clock, chance = self.mailwarden.clock, self.random.random
        clock.at += timedelta(milliseconds=self.random.randint(1, 700))
        event_id, caller = f"event-{next(self._numbers)}", dict(self.random.choice(HANDS) if by is None else by)
        arn = caller.pop("arn", f"arn:aws:iam::111122223333:user/{self.random.choice('abc')}")
        invoked = caller.pop("invokedBy", None)
        record: dict[str, object] = {
            "eventName": "UpdateUserPool",
            "eventID": event_id,
            "eventTime": clock.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "userIdentity": {"arn": arn, **({} if invoked is None else {"invokedBy": invoked})},
            "requestParameters": parameters,
            **caller,
            **({} if error is None else {"errorCode": error}),
        }
        self.made[event_id] = Made(leaves_out=leaves_out, is_by_hand=by is None or by in HANDS)
        past = past_call_in(Members.of(record, where="record"), pool_id=SHOP.ref.pool_id)
        if past is not None:
            self.mailwarden.past_calls.held.setdefault(SHOP.ref, []).append(past)
            late = chance() * self.most_late if not kind and chance() < 0.5 else _MINUTE
            self.mailwarden.past_calls.shown_at[event_id] = clock.at + late
        if error is None and (kind or chance() < 0.75):
            cause = cause_of({}, record, region=SHOP.ref.region)
            for _ in range(1 if kind or chance() < 0.8 else 2):
                late = timedelta(seconds=3) if kind or chance() < 0.5 else chance() * self.most_late
                heapq.heappush(self.due, (clock.at + late, next(self._numbers), PoolHint(pool=SHOP.ref, cause=cause)))
        return event_id

    def blames_only_who_did_it(self) -> None:
        """Every call that an alert names as one that left it out did, and every restore came after its alert."""
        for alert in self.mailwarden.topic.told:
            evidence = alert.record.finding.evidence
            author = evidence.get("changed_by")
            if not isinstance(author, Message) or not author.id.startswith("MW108.author.left-out"):
                continue
            for event_id in str(evidence["event_id"]).split(", "):
                assert self.made[event_id].leaves_out, f"{event_id} names EmailConfiguration"
