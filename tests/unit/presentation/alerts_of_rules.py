"""Alerts about the findings of every rule, in every state and with everything that can be done about one."""

from collections.abc import Iterator
from functools import cache
from itertools import product

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling, LastWrite, Lifecycle, Sighting
from mailwarden.domain.incidents.alert import Alert, alert_of
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import proposed_write
from mailwarden.message import Message, message
from tests.fakes.examples import MORNING, a_cause, a_pool, later
from tests.unit.rules.test_catalogue_texts import findings

ENTRY = "20260302T031350-ab12cd34"
REASONS: tuple[Message | None, ...] = (
    None,
    message("decision.repair-mode-off"),
    message("guard.owned", owner=message("owner.stack", name="stack-1", logical_id="Pool", form="terraform")),
)


@cache
def every_finding() -> tuple[Finding, ...]:
    """One finding for each way in which a rule words it, with and without a fix."""
    kinds = {
        (
            finding.rule_id,
            finding.effect,
            finding.severity,
            finding.message.id,
            finding.remediation.id,
            None if finding.unknown_reason is None else finding.unknown_reason.id,
            None if finding.fix is None else finding.fix.title.id,
        ): finding
        for finding in findings()
    }
    return tuple(kinds.values())


def record_of_finding(
    finding: Finding,
    *,
    state: FindingState = FindingState.OPEN,
    handling: Handling = Handling.WITHHELD,
    reason: Message | None = None,
    verdict: tuple[Answer, Link | None] = (Answer.NO, Link.IDENTITY),
    pools: int = 1,
) -> FindingRecord:
    """The record of a finding that was seen from one pool, the first of *pools*."""
    own = finding.subject if isinstance(finding.subject, PoolRef) else a_pool(1)
    affected = {own.arn: MORNING, **{a_pool(number).arn: later(number) for number in range(2, pools + 1)}}
    answer, deciding = verdict
    is_open = state in {FindingState.OPEN, FindingState.EXEMPT}
    return FindingRecord(
        finding=finding.recorded(),
        seen=Sighting(pool=own, pool_name="shop", verdict=answer, deciding=deciding, cause=a_cause()),
        write=LastWrite(
            handling=handling,
            reason=reason,
            proposed=None if finding.fix is None else proposed_write(finding.fix),
            undo_id=None if handling in {Handling.PENDING, Handling.WITHHELD} else ENTRY,
        ),
        lifecycle=Lifecycle(
            state=state,
            version=2,
            revision=3,
            affected=affected if is_open else {},
            opened_at=MORNING,
            changed_at=MORNING if is_open else later(90),
            looked_at=MORNING,
            announce_after=MORNING,
        ),
    )


def every_alert() -> Iterator[Alert]:
    """Every finding in every state, handled in every way, for one pool and for many, whatever the verdict is."""
    verdicts = [
        (Answer.YES, None),
        *((answer, Link.CONFIGURATION_SET) for answer in Answer if answer is not Answer.YES),
    ]
    for finding in every_finding():
        for state, handling in product(FindingState, Handling):
            yield alert_of(record_of_finding(finding, state=state, handling=handling, reason=REASONS[1]))
        for handling, reason in product((Handling.WITHHELD, Handling.WRITTEN, Handling.FAILED), REASONS):
            yield alert_of(record_of_finding(finding, handling=handling, reason=reason))
        for state, verdict in product((FindingState.OPEN, FindingState.RESOLVED), verdicts):
            yield alert_of(record_of_finding(finding, state=state, verdict=verdict, pools=9))
        yield alert_of(record_of_finding(finding, pools=3))
