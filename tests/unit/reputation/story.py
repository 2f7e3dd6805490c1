"""A story of figures over time: each step is read by the service, kept in the ledger, and judged by the rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Pool, SesAccount, Unreadable
from mailwarden.domain.refs.hints import ConfigurationSetHint, Hint, SesAccountHint
from mailwarden.domain.refs.resources import SesAccountRef, subject_from_arn
from mailwarden.domain.reputation.feedback import Figures, RateStatus
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.domain.reputation.time_series import SLOT, Slot, slot_of
from mailwarden.ports.hint_queue import DelayedHint
from mailwarden.rules import ALL
from mailwarden.rules.feedback.rates import not_known_because
from mailwarden.rules.judging import judge
from mailwarden.service.findings.used_resources import used_by
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.reputation.collector import AFTER_THE_WRITE, ReputationCollector
from tests.builders import (
    ACCOUNT,
    configuration_set,
    configuration_set_ref,
    developer,
    identity,
    identity_ref,
    pool,
    ses_account,
)
from tests.fakes.deployment import Deployment
from tests.fakes.examples import a_look
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.reputation import HeldFigures, PassingTime, Rated

VIRGINIA = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)
IRELAND = SesAccountRef(partition="aws", region="eu-west-1", account=ACCOUNT)
MAIL = configuration_set_ref()
DENIED = Unreadable(action="cloudwatch:GetMetricData", region="us-east-1", reason="AccessDenied")

_JUDGED = tuple(rule for rule in ALL if rule.rule_id in {"MW502", "MW503", "MW504", "MW703", "MW704"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What has come since the last step, ``hours`` ago, and what is then said: ``MW703 high``, ``set bounces high``.

    ``figures`` are of the last complete slot, or of the one ``ago`` hours before; by default the account's in Virginia.
    ``accounts`` stay as they are until another step names them, ``limits`` too.
    """

    says: tuple[str, ...] = ()
    hours: float = 1
    figures: Figures | Mapping[Rated, Figures] = field(default_factory=dict)
    ago: float = 0
    refused: Unreadable | None = None
    accounts: Iterable[SesAccount] = ()
    limits: Thresholds | None = None


@dataclass(slots=True)
class Story:
    """Two pools that send through SES of their own regions, the one in Virginia with a configuration set."""

    time: PassingTime = field(default_factory=PassingTime)
    figures: HeldFigures = field(default_factory=HeldFigures)
    hints: InMemoryHintQueue = field(default_factory=InMemoryHintQueue)
    deployed: Deployment = field(default_factory=Deployment)
    limits: Thresholds = field(default_factory=Thresholds)
    pools: tuple[Pool, ...] = ()

    def __post_init__(self) -> None:
        self.pools = (
            pool("us-east-1", email=developer(identity_ref(), configuration_set="mail")),
            pool("eu-west-1", email=developer(identity_ref(region="eu-west-1"))),
        )
        self.deployed.hold(*self.pools, identity(), identity(region="eu-west-1"), configuration_set())
        for each, path in self.paths():
            self.deployed.ledger.looks.put(a_look(each.ref, at=self.time.at, uses=used_by(path)))

    def keeper(self) -> ReputationCollector:
        return ReputationCollector(
            figures=self.figures,
            accounts=self.deployed.accounts,
            resources_in_use=self.deployed.ledger.resources_in_use,
            feedback=self.deployed.ledger.feedback,
            series=self.deployed.ledger.series,
            snapshots=self.deployed.ledger.snapshots,
            hints=self.hints,
            clock=self.time,
            thresholds=self.limits,
            partition="aws",
            account=ACCOUNT,
        )

    def paths(self) -> list[tuple[Pool, MailPath]]:
        path_reader: MailPathReader = replace(self.deployed.path_reader(), thresholds=self.limits)
        paths = ((each, path_reader.look(each.ref, at=self.time.now(), fresh=True)) for each in self.pools)
        return [(each, path) for each, path in paths if isinstance(path, MailPath)]

    def tell(self, step: Step) -> tuple[str, ...]:
        """Let a step happen; what is then said."""
        self.time.pass_by(hours=step.hours)
        self.limits = step.limits or self.limits
        self.figures.refusals = {} if step.refused is None else {step.refused.region: step.refused}
        self.deployed.accounts.held |= {account.ref.region: account for account in step.accounts}
        figures = {VIRGINIA: step.figures} if isinstance(step.figures, Figures) else step.figures
        at = slot_of(self.time.at - timedelta(hours=step.ago)) - SLOT
        for subject, some in figures.items():
            others = (slot for slot in self.figures.held.get(subject, ()) if slot.at != at)
            self.figures.held[subject] = (*others, Slot(at=at, figures=some))
        keeper = self.keeper()
        for account, sets in keeper.in_use(corrupt=print).items():
            keeper.keep(account, sets)
        return self.said()

    def said(self) -> tuple[str, ...]:
        findings: dict[str, None] = {}
        for _, path in self.paths():
            judgment = judge(path, _JUDGED)
            assert judgment.verdict.answer is not Answer.NO or any(f.rule_id < "MW7" for f in judgment.findings)
            findings |= dict.fromkeys(self._in_words(finding) for finding in judgment.findings)
        of_the_set = self.deployed.ledger.feedback.rates(MAIL)
        return (*findings, *([] if of_the_set is None else _levels(of_the_set, self.time.now())))

    def hinted(self) -> list[Hint]:
        """Whom the step has looked at; the queue is empty afterwards."""
        assert all(delayed == DelayedHint(hint=delayed.hint, delay=AFTER_THE_WRITE) for delayed in self.hints.waiting)
        return sorted(self.hints.take_all(), key=str)

    def _in_words(self, finding: Finding) -> str:
        subject = subject_from_arn(finding.subject.arn)
        assert isinstance(subject, SesAccountRef)
        return f"{finding.rule_id} {self._how(finding, subject)}" + (" in Ireland" if subject == IRELAND else "")

    def _how(self, finding: Finding, subject: SesAccountRef) -> str:
        if finding.effect is Effect.UNKNOWN:
            return "unknown"
        rate_status = self.deployed.ledger.feedback.of(subject).rates
        if finding.rule_id < "MW7" or rate_status is None:
            return "lost" if finding.effect is Effect.LOST else "at risk"
        level = rate_status.bounce_level if finding.rule_id == "MW703" else rate_status.complaint_level
        assert finding.severity is (Severity.MEDIUM if level is RateLevel.ELEVATED else Severity.HIGH)
        return level.label


def expected_hints(before: tuple[str, ...], after: tuple[str, ...], *, is_first: bool) -> list[Hint]:
    """Pools are looked at where something else is said than before, and nowhere else.

    Of an account that was never read before nobody knows what was said; its pools were looked at a moment ago.
    """

    def of(said: tuple[str, ...], ending: str) -> set[str]:
        told = {each for each in said if not (is_first and each < "MW7")}
        if ending == "set":
            return {each for each in told if each.startswith("set")}
        return {
            each for each in told if not each.startswith("set") and each.endswith("in Ireland") == (ending == "Ireland")
        }

    hints: list[Hint] = [
        SesAccountHint(account=account, asks_anew=True)
        for account, ending in ((VIRGINIA, "Virginia"), (IRELAND, "Ireland"))
        if of(before, ending) != of(after, ending)
    ]
    if of(before, "set") != of(after, "set"):
        hints.append(ConfigurationSetHint(configuration_set=MAIL, asks_anew=True))
    return sorted(hints, key=str)


# After figures were missing for too long, everybody is looked at whom the looks meanwhile found unknown.
EVERYBODY: list[Hint] = sorted(
    [
        SesAccountHint(account=VIRGINIA, asks_anew=True),
        SesAccountHint(account=IRELAND, asks_anew=True),
        ConfigurationSetHint(configuration_set=MAIL, asks_anew=True),
    ],
    key=str,
)


def account(**members: object) -> SesAccount:
    """The SES account in Virginia."""
    return ses_account("us-east-1", **members)  # type: ignore[arg-type]


def _levels(rate_status: RateStatus, now: datetime) -> list[str]:
    if not_known_because(rate_status.looked_at, rate_status.refused, now) is not None:
        return ["set unknown"]
    levels = {"bounces": rate_status.bounce_level, "complaints": rate_status.complaint_level}
    return [f"set {name} {level.label}" for name, level in levels.items() if level is not RateLevel.NORMAL]
