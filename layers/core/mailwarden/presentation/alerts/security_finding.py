"""An incident as one finding of Security Hub, which is updated in place until the incident is over."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.record import FindingState
from mailwarden.message import message
from mailwarden.presentation.alerts.lines import done_line
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.alerts.wording import headline, is_gone, is_moved, is_over
from mailwarden.presentation.asff.finding import Compliance, SecurityFinding, asff_document
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.spoken import spoken

# The rule of `make test-alert`: a finding that nobody would ever resolve.
_SAMPLE = "MW900"


def incident_finding(
    notice: Notice, *, partition: str, region: str, account: str, catalogue: Catalogue | None = None
) -> JsonDocument:
    """The finding for the Security Hub of a region and account."""
    catalogue = catalogue or spoken()
    incident, done = notice.incident, done_line(notice)
    incident_id = notice.alert_id if incident is None else incident.incident_id
    page = catalogue.text(message("page.rule", rule=notice.rule_id))
    return asff_document(
        SecurityFinding(
            finding_id=f"mailwarden/incident/{incident_id}",
            rule_id=notice.rule_id,
            partition=partition,
            region=region,
            account=account,
            created_at=notice.opened_at,
            updated_at=notice.changed_at if incident is None else incident.at,
            severity=notice.severity,
            effect=notice.effect,
            title=catalogue.text(headline(notice)),
            description=" ".join(filter(None, [f"{notice.message}.", f"{notice.why}."])),
            recommendation=notice.remediation or page,
            page=notice.rule_page,
            fields={
                "mailwarden/effect": notice.effect.value,
                "mailwarden/rule": notice.rule_name,
                "mailwarden/incident": incident_id,
                "mailwarden/state": notice.state.value,
                "mailwarden/pools": str(notice.affected_count),
                "mailwarden/verdict": notice.verdict.value,
                **({} if done is None else {"mailwarden/done": catalogue.text(done)}),
            },
            resources=[notice.subject.arn, *(pool.arn for pool in notice.affected)],
            is_active=notice.state is FindingState.OPEN and notice.rule_id != _SAMPLE,
            compliance=_compliance(notice),
        )
    )


def _compliance(notice: Notice) -> Compliance | None:
    """That of an incident that is over: where what was broken is gone, or has another cause, nothing has passed."""
    if not is_over(notice):
        return None
    return Compliance.NOT_AVAILABLE if is_gone(notice) or is_moved(notice) else Compliance.PASSED
