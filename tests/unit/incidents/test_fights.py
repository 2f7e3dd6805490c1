"""A fight over something that pools share is one incident beside theirs; over a pool's configuration, the pool's."""

from dataclasses import replace

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.alert import Alert
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.readings import Pool, ServiceLinkedRole
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.root_causes import EmailRole, Fight, OwnState, SendingPolicies
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN
from tests.builders import ACCOUNT, developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause
from tests.unit.incidents.seoul import SENDER, headlines, minutes, opened, seoul, text_of

OPEN = identity(SENDER.name, region="us-west-2", tags={"mailwarden:cognito": "account"})


def hear(mailwarden: Deployment, *pools: Pool, event: str) -> None:
    """An event of now about these pools, what follows from it, and an hour."""
    told = replace(cause(event, event_id=f"e-{mailwarden.clock.now()}", at=mailwarden.clock.now()), region="us-west-2")
    mailwarden.settle_down(*(PoolHint(pool=each.ref, cause=told) for each in pools))
    mailwarden.settle_down(*mailwarden.hints.take_all())
    minutes(mailwarden, 2)
    mailwarden.clock.pass_by(minutes=59)


def of_fights(mailwarden: Deployment) -> list[Alert]:
    return [alert for alert in mailwarden.topic.told if alert.record.finding.rule_id == "MW903"]


def policies_deleted(*pools: Pool) -> Deployment:
    """Another actor deletes the grant of every pool, until Mailwarden waits for a person."""
    mailwarden = Deployment()
    mailwarden.hold(*pools)
    for _ in range(4):
        mailwarden.hold(OPEN)
        hear(mailwarden, *pools, event="DeleteEmailIdentityPolicy")
    return mailwarden


def test_a_fight_over_the_policies_of_one_identity_is_one_incident_of_all_its_pools() -> None:
    pools = [seoul(number) for number in range(1, 6)]
    mailwarden = policies_deleted(*pools)

    fight, grown = of_fights(mailwarden)

    assert [each.report.occasion for each in (fight, grown)] == [Occasion.OPENED, Occasion.GREW]
    assert fight.report.cause == grown.report.cause == Fight(over=SendingPolicies(identity=SENDER))
    said = text_of(fight)
    assert said.splitlines()[0] == (
        "HIGH: another actor undoes Mailwarden's repairs (MW903, hello@example.com in us-west-2)"
    )
    assert "Likely by   DeleteEmailIdentityPolicy" in said
    assert "make release-fight" in said
    assert "hello@example.com" in alert_text(
        notice_of(fight, rule_pages="https://docs.example/", catalogue=KOREAN), catalogue=KOREAN
    )
    assert headlines(mailwarden.topic)[-3].startswith("CRITICAL: 5 pools cannot send mail")


def test_the_end_of_the_pools_incident_does_not_wait_for_the_end_of_the_fight() -> None:
    pools = [seoul(number) for number in range(1, 3)]
    mailwarden = policies_deleted(*pools)
    mailwarden.hold(opened())
    hear(mailwarden, *pools, event="PutEmailIdentityPolicy")

    assert "RESOLVED: 2 pools can send mail again" in headlines(mailwarden.topic)
    assert {mailwarden.finding("MW903", each.ref.arn).lifecycle.state for each in pools} == {FindingState.OPEN}


def test_a_fight_over_the_role_is_one_incident() -> None:
    pools = [pool("us-east-1", pool_id=f"us-east-1_{name}", email=developer(identity_ref())) for name in "ABC"]
    mailwarden = Deployment()
    mailwarden.hold(identity(), *pools)
    for _ in range(4):
        mailwarden.role.held = ServiceLinkedRole.ABSENT
        hear(mailwarden, *pools, event="DeleteServiceLinkedRole")

    role = Fight(over=EmailRole(partition="aws", account=ACCOUNT))
    assert [(alert.report.occasion, alert.report.cause) for alert in of_fights(mailwarden)] == [
        (Occasion.OPENED, role),
        (Occasion.GREW, role),
    ]
    assert of_fights(mailwarden)[-1].report.extent.pool_count == 3
    said = " ".join(text_of(of_fights(mailwarden)[-1]).split())
    assert "About the service-linked role of Cognito's mail" in said
    assert "its remedy is enough for all pools" in said


def test_a_fight_over_the_configuration_of_a_pool_is_the_pools() -> None:
    misplaced = [
        pool("eu-west-3", pool_id=f"eu-west-3_{name}", email=developer(identity_ref(SENDER.name, region="us-east-1")))
        for name in "AB"
    ]
    mailwarden = Deployment()
    mailwarden.hold(identity(SENDER.name, region="us-east-1"), identity(SENDER.name, region="eu-west-3"))
    for _ in range(4):
        mailwarden.hold(*misplaced)
        hear(mailwarden, *misplaced, event="UpdateUserPool")

    causes = {alert.report.cause for alert in of_fights(mailwarden)}
    assert causes == {OwnState(finding=FindingKey(subject_arn=each.ref.arn, rule_id="MW903")) for each in misplaced}
