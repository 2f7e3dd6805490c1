"""A fix that belongs into a source is handed over as code: the alert and `why` show the same reason and code."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.record import Handling
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.domain.repair.source import SourceForm, owner_stack
from mailwarden.message import Message, message
from mailwarden.ports.repair.stacks import Owned
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.slack.message import slack_message
from tests.builders import configuration_set, developer, identity
from tests.fakes.answers import POOL_ID, a_shop, missing_grant, told
from tests.fakes.deployment import Deployment, cause

ROLE = "arn:aws:iam::111122223333:role/deploy"
SESSION = "arn:aws:sts::111122223333:assumed-role/deploy/run-7"
AGENTS = {
    "terraform": "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 aws-sdk-go-v2/1.32",
    "opentofu": "OpenTofu/1.8 aws-sdk-go-v2/1.32",
    "cloudformation.amazonaws.com": "cloudformation.amazonaws.com",
    "aws-cdk": "aws-cdk/2.170.0 aws-sdk-js/3.700",
    "amplify": "amplify-cli/12.14 aws-sdk-js/3.700",
    "serverless": "serverless/4.4 aws-sdk-js/3.700",
    "pulumi": "Pulumi/3.140 (https://www.pulumi.com)",
}
FIRST = {
    "terraform": SourceForm.TERRAFORM,
    "opentofu": SourceForm.TERRAFORM,
    "aws-cdk": SourceForm.CDK,
    "amplify": SourceForm.AMPLIFY,
}
STACK = owner_stack("identity-prod", logical_id="ShopUsers", types=())


def misplaced(mode: RepairMode = RepairMode.SAFE) -> tuple[Deployment, PoolRef]:
    """A pool on an identity in a region that it may not use, which is also in its own region."""
    deployment = Deployment(mode=mode, deployment_roles=(ROLE,), watched_regions=("eu-west-1",))
    elsewhere = identity("shop.example", region="ap-south-1")
    shop = a_shop(email=developer(elsewhere.ref))
    deployment.hold(shop, elsewhere, identity("shop.example", region="eu-west-1"))
    return deployment, shop.ref


def called(tool: str) -> Cause:
    return replace(cause("UpdateUserPool"), user_agent=AGENTS[tool], actor="arn:aws:iam::111122223333:user/ann")


def alerted(deployment: Deployment, rule_id: str, pool: PoolRef) -> Notice:
    return notice_of(alert_of(deployment.finding(rule_id, pool.arn)), rule_pages="https://docs.example/rules/")


def answered(deployment: Deployment, rule_id: str) -> dict[str, object]:
    [found] = [
        finding
        for link in told(deployment)["links"]
        for finding in link["findings"]
        if finding["rule"]["id"] == rule_id
    ]
    return dict(found)


def assert_the_same(deployment: Deployment, rule_id: str, pool: PoolRef, reason: Message) -> Notice:
    """The record has *reason*; the alert on every channel and the answer have it, and the same snippets."""
    record = deployment.finding(rule_id, pool.arn)
    assert (record.write.handling, record.write.reason) == (Handling.WITHHELD, reason)
    notice, answer = alerted(deployment, rule_id, pool), answered(deployment, rule_id)
    snippets = [{"form": each.form.value, "code": each.code} for each in notice.snippets]
    assert answer["mailwarden"] == {"will": "report", "code": reason.id, "because": notice.note}
    assert answer["source"] == {"because": notice.note, "snippets": snippets}
    known = answer["on_record"]
    assert isinstance(known, dict)
    assert (known["handling"], known["because"], known["alerted"]) == ("withheld", notice.note, True)
    assert "  " + notice.snippets[0].code.replace("\n", "\n  ") in alert_text(notice)
    assert f"make why POOL={POOL_ID}" in " ".join(alert_text(notice).split())
    slack = str(slack_message(notice))
    assert f"make why POOL={POOL_ID}" in slack
    assert notice.snippets[0].code.splitlines()[-1] in slack or len(notice.snippets[0].code) > 1400
    return notice


def test_a_pool_of_a_stack() -> None:
    deployment, pool = misplaced()
    deployment.stacks.owners[pool] = Owned(by=STACK)

    deployment.settle_down(PoolHint(pool=pool))

    notice = assert_the_same(deployment, "MW201", pool, message("guard.owned", owner=STACK))
    assert deployment.written == []
    assert notice.snippets[0].form is SourceForm.CLOUDFORMATION
    assert "ShopUsers:" in notice.snippets[0].code
    assert "arn:aws:ses:eu-west-1:111122223333:identity/shop.example" in notice.snippets[0].code


@pytest.mark.parametrize("tool", AGENTS)
def test_a_pool_that_a_tool_deploys(tool: str) -> None:
    deployment, pool = misplaced()

    deployment.settle_down(PoolHint(pool=pool, cause=called(tool)))

    reason = message("guard.deployed", deployment=message("deployment.tool", tool=tool))
    notice = assert_the_same(deployment, "MW201", pool, reason)
    assert deployment.written == []
    assert notice.snippets[0].form is FIRST.get(tool, SourceForm.CLOUDFORMATION)
    assert {each.form for each in notice.snippets} == set(SourceForm)


def test_a_pool_that_a_deployment_role_writes() -> None:
    deployment, pool = misplaced()

    deployment.settle_down(PoolHint(pool=pool, cause=replace(cause("UpdateUserPool"), actor=SESSION)))

    reason = message("guard.deployed", deployment=message("deployment.role", actor=SESSION))
    assert_the_same(deployment, "MW201", pool, reason)
    assert deployment.written == []


@pytest.mark.parametrize("tool", ["terraform", "aws-cdk"])
def test_a_grant_that_a_deployment_removed(tool: str) -> None:
    deployment = missing_grant(RepairMode.SAFE)
    deployment.watched_regions = ("eu-west-1",)
    pool = a_shop().ref

    deployment.settle_down(PoolHint(pool=pool, cause=replace(called(tool), event_name="DeleteEmailIdentityPolicy")))

    reason = message("guard.deployed", deployment=message("deployment.tool", tool=tool))
    notice = assert_the_same(deployment, "MW401", pool, reason)
    assert deployment.written == []
    assert pool.arn in notice.snippets[0].code
    assert SourceForm.CLOUDFORMATION not in {each.form for each in notice.snippets}


def assert_both_are_told(deployment: Deployment, rule_id: str, pool: PoolRef) -> Notice:
    """The alert says why nothing was written, and what to change in the source, with the code of the answer."""
    notice, answer = alerted(deployment, rule_id, pool), answered(deployment, rule_id)
    assert isinstance(answer["mailwarden"], dict)
    assert isinstance(answer["source"], dict)
    snippets = [{"form": each.form.value, "code": each.code} for each in notice.snippets]
    assert answer["source"]["snippets"] == snippets != []
    assert notice.note == f"{answer['mailwarden']['because']}; besides, {answer['source']['because']}"
    assert "  " + notice.snippets[0].code.replace("\n", "\n  ") in alert_text(notice)
    return notice


def test_while_repairs_are_off_the_alert_of_a_pool_of_a_stack_has_the_code_all_the_same() -> None:
    deployment, pool = misplaced(RepairMode.OFF)
    deployment.stacks.owners[pool] = Owned(by=STACK)

    deployment.settle_down(PoolHint(pool=pool))

    notice = assert_both_are_told(deployment, "MW201", pool)
    assert "ShopUsers:" in notice.snippets[0].code
    record = deployment.finding("MW201", pool.arn)
    assert record.write.reason == message("decision.repair-mode-off")

    # What CloudFormation said once stays known while it does not answer, and the alert is not sent again.
    deployment.stacks.owners[pool] = Owned(by=message("owner.unknown", code="Throttling"))
    deployment.settle_down(PoolHint(pool=pool))
    assert_snippets_stay(deployment, pool, notice)


def assert_snippets_stay(deployment: Deployment, pool: PoolRef, notice: Notice) -> None:
    assert alerted(deployment, "MW201", pool).snippets == notice.snippets
    assert deployment.told().count(("MW201", "open")) == 1


@pytest.mark.parametrize("tool", AGENTS)
def test_while_repairs_are_off_the_tool_of_the_call_is_the_source(tool: str) -> None:
    deployment, pool = misplaced(RepairMode.OFF)

    deployment.settle_down(PoolHint(pool=pool, cause=called(tool)))

    notice = assert_both_are_told(deployment, "MW201", pool)
    assert notice.snippets[0].form is FIRST.get(tool, SourceForm.CLOUDFORMATION)


def hold_with_an_unknown_member(deployment: Deployment, pool: PoolRef) -> None:
    reading = deployment.pools.held[pool]
    assert isinstance(reading, Pool)
    deployment.hold(replace(reading, unknown_members=("UserPool.New",)))


def test_a_fix_that_no_mode_writes_has_its_code_too() -> None:
    deployment, pool = misplaced()
    deployment.stacks.owners[pool] = Owned(by=STACK)
    hold_with_an_unknown_member(deployment, pool)

    deployment.settle_down(PoolHint(pool=pool))

    assert_both_are_told(deployment, "MW201", pool)


@pytest.mark.parametrize("mode", RepairMode)
def test_a_stack_that_could_not_be_asked_for_is_no_source_of_an_alert(mode: RepairMode) -> None:
    deployment, pool = misplaced(RepairMode.OFF)
    deployment.mode = mode
    deployment.stacks.owners[pool] = Owned(by=message("owner.unknown", code="Throttling"))
    hold_with_an_unknown_member(deployment, pool)

    deployment.settle_down(PoolHint(pool=pool))

    notice = alerted(deployment, "MW201", pool)
    assert notice.snippets == ()
    assert "besides" not in notice.note


def test_a_pool_that_nothing_owns_has_no_source_and_shows_what_was_written() -> None:
    deployment, pool = misplaced()
    before = answered(deployment, "MW201")

    deployment.inspect(PoolHint(pool=pool))

    assert (before["source"], before["on_record"]) == (None, None)
    known = answered(deployment, "MW201")["on_record"]
    assert isinstance(known, dict)
    assert known["handling"] == "pending"


@pytest.mark.parametrize("owner", ["a stack", "no answer", "none"])
def test_a_stack_says_more_than_the_call_of_cloudformation(owner: str) -> None:
    deployment, pool = misplaced()
    unknown = message("owner.unknown", code="Throttling")
    if owner != "none":
        deployment.stacks.owners[pool] = Owned(by=STACK if owner == "a stack" else unknown)

    deployment.settle_down(PoolHint(pool=pool, cause=called("cloudformation.amazonaws.com")))

    deployed = message("guard.deployed", deployment=message("deployment.tool", tool="cloudformation.amazonaws.com"))
    reason = message("guard.owned", owner=STACK) if owner == "a stack" else deployed
    notice = assert_the_same(deployment, "MW201", pool, reason)
    assert ("ShopUsers:" in notice.snippets[0].code) is (owner == "a stack")
    assert deployment.written == []


def test_a_throttled_question_for_the_owner_puts_the_order_off_and_alerts_nobody() -> None:
    deployment, pool = misplaced()
    throttled = Owned(by=message("owner.not-now", code="Throttling"))
    deployment.stacks.owners[pool] = throttled
    deployment.inspect(PoolHint(pool=pool))

    (done,) = deployment.repair()
    told = deployment.told()
    del deployment.stacks.owners[pool]
    deployment.settle_down(*deployment.hints.take_all())

    assert done.note == message("look.put-off", refusal=message("guard.owned", owner=throttled.by))
    assert told == []
    assert len(deployment.written) == 1
    assert ("MW201", "repaired") in deployment.told()


def test_an_owner_that_cannot_be_determined_time_and_again_withholds_the_repair() -> None:
    deployment, pool = misplaced()
    deployment.stacks.owners[pool] = Owned(by=message("owner.not-now", code="Throttling"))
    deployment.inspect(PoolHint(pool=pool))
    for _ in range(3):
        deployment.repair()
        deployment.inspect(*deployment.hints.take_all())

    assert deployment.written == []
    assert deployment.finding("MW201", pool.arn).write.handling is Handling.WITHHELD
    assert ("MW201", "open") in deployment.told()


@pytest.mark.parametrize("is_owned", [True, False])
def test_the_options_of_a_set_of_a_stack(is_owned: bool) -> None:
    deployment = Deployment(watched_regions=("eu-west-1",))
    sender = identity("shop.example", region="eu-west-1")
    mail = configuration_set("mail", region="eu-west-1", sending_enabled=False)
    deployment.hold(a_shop(email=developer(sender.ref, configuration_set="mail")), sender, mail)
    if is_owned:
        deployment.stacks.sets[mail.ref] = Owned(by=owner_stack("mail-prod", logical_id="MailSet", types=()))
    else:
        deployment.stacks.sets[mail.ref] = Owned(by=message("owner.unknown", code="AccessDenied"))

    source = answered(deployment, "MW602")["source"]

    if not is_owned:
        assert source is None
        return
    assert isinstance(source, dict)
    assert source["because"] == "infrastructure as code owns the configuration set: mail-prod"
    assert [each["form"] for each in source["snippets"]] == ["cloudformation", "cdk", "amplify", "terraform"]
    assert "SendingEnabled: true" in source["snippets"][0]["code"]
