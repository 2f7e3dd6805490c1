"""The main job on real calls: a pool breaks, mail is lost, it is seen, explained, repaired and told, mail arrives."""

import json
from functools import partial

import pytest

from tests.e2e.people import default_sender, developer, pools_of, sending_policy
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

SEOUL, OREGON, VIRGINIA = "ap-northeast-2", "us-west-2", "us-east-1"
PARIS, FRANKFURT, DUBLIN, UAE = "eu-west-3", "eu-central-1", "eu-west-1", "me-central-1"
ROLE = "AWSServiceRoleForAmazonCognitoIdpEmailService"


def test_a_deleted_sending_policy_comes_back_and_mail_arrives(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    assert stage.people.sign_up(pool).arrived

    with stage.box.repairs_held():
        stage.people.detach(identity)
        stage.seen_broken(pool)
        broken, lost = stage.agreed(pool), stage.people.sign_up(pool)
    repaired = stage.records.finding(pool.arn, "MW401", state="repaired")
    stage.box.quiet()

    assert broken == ("no", "authorization")
    assert (lost.arrived, lost.stage, lost.answer) == (False, "authorization", "success")
    assert stage.agreed(pool) == ("yes", None)
    assert stage.people.sign_up(pool).arrived
    assert set(stage.people.policies(identity)) == {"mailwarden-cognito"}
    assert [write["outcome"] for write in stage.records.writes(identity.arn)] == ["written"]
    assert repaired["undo_id"] == stage.records.writes(identity.arn)[0]["pk"]
    assert repaired["cause"]["event_name"] == "DeleteIdentityPolicy"
    assert stage.told(pool.arn, "MW401") == [("MW401", "repaired")]
    until(partial(stage.alerts.chat, pool.pool_id, "MW401"), what="the message in the chat")
    assert len(stage.alerts.chat(pool.pool_id, "MW401")) == 1


def test_a_pool_in_a_forbidden_region_is_moved_and_nothing_else_of_it_changes(stage: Stage) -> None:
    old = stage.people.identity(VIRGINIA)
    own = stage.people.identity(PARIS, name=old.name)
    pool = stage.known(
        stage.people.pool(
            PARIS,
            developer(own, ReplyToEmailAddress=f"help@{own.name}"),
            DeletionProtection="ACTIVE",
            Policies={"PasswordPolicy": {"MinimumLength": 12, "RequireUppercase": True}},
            UserPoolTags={"team": "shop-fr"},
            UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]},
        )
    )
    cognito = stage.box.client("cognito-idp", PARIS)

    with stage.box.repairs_held():
        stage.people.legacy(pool, developer(old, ReplyToEmailAddress=f"help@{own.name}"))
        stage.people.touch(pool)
        stage.seen_broken(pool)
        broken, lost = stage.agreed(pool), stage.people.sign_up(pool)
        before = cognito.describe_user_pool(UserPoolId=pool.pool_id)["UserPool"]
    stage.records.finding(pool.arn, "MW201", state="repaired")
    stage.box.quiet()

    after = cognito.describe_user_pool(UserPoolId=pool.pool_id)["UserPool"]
    assert broken == ("no", "region")
    assert (lost.arrived, lost.stage) == (False, "region")
    assert after["EmailConfiguration"] == before["EmailConfiguration"] | {"SourceArn": own.arn}
    assert _differing(before, after) == {"EmailConfiguration", "LastModifiedDate"}
    assert stage.agreed(pool) == ("yes", None)
    assert stage.people.sign_up(pool).arrived
    assert [write["outcome"] for write in stage.records.writes(pool.arn)] == ["written"]
    assert stage.told(pool.arn, "MW201") == [("MW201", "repaired")]


def test_the_regional_principal_is_added_where_a_pool_needs_it(stage: Stage) -> None:
    identity = stage.people.address(FRANKFURT)
    stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, UAE)))

    with stage.box.repairs_held():
        pool = stage.people.pool(UAE, developer(identity))
        stage.seen_broken(pool)
        broken, lost = stage.agreed(pool), stage.people.sign_up(pool)
    stage.records.finding(pool.arn, "MW403", state="repaired")
    stage.box.quiet()

    ours = stage.people.policies(identity)["mailwarden-cognito"]["Statement"][0]
    assert broken == ("no", "authorization")
    assert (lost.arrived, lost.stage) == (False, "authorization")
    assert f"cognito-idp.{UAE}.amazonaws.com" in json.dumps(ours["Principal"])
    assert pool.arn in json.dumps(ours["Condition"])
    assert set(stage.people.policies(identity)) == {"from-the-console", "mailwarden-cognito"}
    assert stage.agreed(pool) == ("yes", None)
    assert stage.people.sign_up(pool).arrived
    assert stage.told(pool.arn, "MW403") == [("MW403", "repaired")]


def test_trust_without_conditions_is_reported_and_not_touched(stage: Stage) -> None:
    identity = stage.people.identity(VIRGINIA)
    pool = stage.known(stage.people.pool(VIRGINIA, developer(identity)))

    stage.people.attach(identity, sending_policy(identity))
    found = stage.records.finding(identity.arn, "MW404", state="open")
    stage.box.quiet()

    assert found["handling"] == "withheld"
    assert found["severity"] == "critical"
    assert stage.people.policies(identity) == {"from-the-console": sending_policy(identity)}
    assert stage.records.writes(identity.arn) == []
    assert stage.agreed(pool) == ("yes", None)
    assert stage.told(pool.arn, "MW404") == [("MW404", "open")]
    until(partial(stage.alerts.chat, identity.name, "MW404"), what="the message in the chat")
    assert len(stage.alerts.chat(identity.name, "MW404")) == 1


def test_without_consent_the_exact_write_is_shown_and_withheld(stage: Stage) -> None:
    identity = stage.people.address(DUBLIN, tags={})
    stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, DUBLIN)))
    pool = stage.known(stage.people.pool(DUBLIN, default_sender(identity)))

    stage.people.detach(identity)
    found = stage.records.finding(pool.arn, "MW401", state="open")
    stage.box.quiet()

    withheld = stage.alert(pool.arn, "MW401", "open").document["write"]
    assert "has not opened it" in found["reason"]
    assert stage.people.policies(identity) == {}
    assert stage.records.writes(identity.arn) == []
    assert stage.agreed(pool) == ("no", "authorization")
    assert not stage.people.sign_up(pool).arrived
    assert withheld["resource"] == identity.arn
    assert pool.arn in withheld["after"]
    assert stage.told(pool.arn, "MW401") == [("MW401", "open")]


def test_the_exact_write_that_was_withheld_repairs_when_the_owner_makes_it(stage: Stage) -> None:
    identity = stage.people.address(DUBLIN, tags={})
    stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, DUBLIN)))
    pool = stage.known(stage.people.pool(DUBLIN, default_sender(identity)))
    stage.people.detach(identity)
    alert = stage.alert(pool.arn, "MW401", "open")

    for name, policy in json.loads(alert.document["write"]["after"]).items():
        stage.people.attach(identity, policy if isinstance(policy, dict) else json.loads(policy), name=name)
    stage.records.finding(pool.arn, "MW401", state="resolved")
    stage.box.quiet()

    assert stage.agreed(pool) == ("yes", None)
    assert stage.people.sign_up(pool).arrived
    assert stage.told(pool.arn, "MW401") == [("MW401", "open"), ("MW401", "resolved")]


def test_another_pool_of_an_open_identity_joins_the_grant_that_is_there(stage: Stage) -> None:
    first, identity = stage.authorized(SEOUL, OREGON)
    stage.people.detach(identity)
    stage.alert(first.arn, "MW401", "repaired")
    stage.box.quiet()

    second = stage.people.pool(SEOUL, default_sender(identity))
    stage.alert(second.arn, "MW401", "repaired")
    stage.box.quiet()

    (policy,) = stage.people.policies(identity).values()
    assert all(pool.arn in json.dumps(policy) for pool in (first, second))
    assert [write["outcome"] for write in stage.records.writes(identity.arn)] == ["written", "written"]
    assert stage.told(first.arn, "MW401") == stage.told(second.arn, "MW401") == [("MW401", "repaired")]
    for pool in (first, second):
        assert stage.agreed(pool) == ("yes", None)
        assert stage.people.sign_up(pool).arrived


def test_a_pool_with_two_broken_links_is_left_to_people_because_no_single_fix_lets_it_send(stage: Stage) -> None:
    identity = stage.people.address(FRANKFURT)
    stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, UAE)))
    with stage.box.without_events():
        pool = stage.people.pool(UAE, developer(identity))
        stage.box.client("iam", VIRGINIA).delete_service_linked_role(RoleName=ROLE)
    before = stage.box.mark()

    stage.people.touch(pool)
    alerts = [stage.alert(pool.arn, rule, "open") for rule in ("MW403", "MW409")]
    stage.box.quiet()
    withheld = stage.agreed(pool), _writes_since(stage, before)
    stage.box.client("iam", VIRGINIA).create_service_linked_role(AWSServiceName="email.cognito-idp.amazonaws.com")
    # What is left is one broken link, whose fix is safe now.
    stage.people.touch(pool)
    stage.alert(pool.arn, "MW403", "repaired")
    stage.box.quiet()

    assert withheld == (("no", "authorization"), [])
    assert all("does not judge this fix safe" in alert.document["handling"]["note"] for alert in alerts)
    assert stage.agreed(pool) == ("yes", None)
    assert stage.people.sign_up(pool).arrived


def test_a_deleted_service_linked_role_is_created_again(stage: Stage) -> None:
    identity = stage.people.identity(FRANKFURT)
    configuration_set = stage.people.configuration_set(FRANKFURT)
    pool = stage.known(stage.people.pool(FRANKFURT, developer(identity, ConfigurationSet=configuration_set)))
    assert stage.people.sign_up(pool).arrived
    iam = stage.box.client("iam", VIRGINIA)

    with stage.box.repairs_held():
        iam.delete_service_linked_role(RoleName=ROLE)
        stage.seen_broken(pool)
        broken, lost = stage.agreed(pool), stage.people.sign_up(pool)
    stage.records.finding(pool.arn, "MW409", state="repaired")
    stage.box.quiet()

    assert broken == ("no", "authorization")
    assert (lost.arrived, lost.stage) == (False, "authorization")
    assert iam.get_role(RoleName=ROLE)["Role"]["Path"] == "/aws-service-role/email.cognito-idp.amazonaws.com/"
    assert stage.agreed(pool) == ("yes", None)
    assert stage.people.sign_up(pool).arrived
    assert stage.told(pool.arn, "MW409") == [("MW409", "repaired")]


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        ({"production_access": False}, "MW501"),
        ({"sending_enabled": False}, "MW502"),
        ({"enforcement_status": "SHUTDOWN"}, "MW502"),
    ],
)
def test_an_ses_account_that_does_not_send_is_reported(stage: Stage, state: dict[str, object], rule: str) -> None:
    identity = stage.people.identity(PARIS)
    pool = stage.known(stage.people.pool(PARIS, developer(identity)))
    before = stage.box.mark()

    try:
        stage.box.control("POST", f"ses/{PARIS}/account", state)
        # AWS sets these by itself; a call about the account is what makes us look.
        stage.box.client("sesv2", PARIS).put_account_suppression_attributes(SuppressedReasons=["BOUNCE"])
        found = stage.alert(pool.arn, rule, "open")
        stage.box.quiet()

        assert found.document["subject"]["region"] == PARIS
        assert found.document["subject"]["kind"] == "SES account"
        assert stage.agreed(pool) == ("no", "account")
        assert not stage.people.sign_up(pool).arrived
        assert stage.told(pool.arn, rule) == [(rule, "open")]
        assert _writes_since(stage, before) == []
    finally:
        stage.box.control("POST", f"ses/{PARIS}/account", {"reset": True})
        stage.box.client("sesv2", PARIS).put_account_suppression_attributes(SuppressedReasons=["BOUNCE", "COMPLAINT"])
    stage.records.finding(found.document["subject"]["arn"], rule, state="resolved")
    stage.box.quiet()
    assert stage.agreed(pool) == ("yes", None)


def test_a_sound_pool_raises_nothing(stage: Stage) -> None:
    identity = stage.people.identity(VIRGINIA)
    configuration_set = stage.people.configuration_set(VIRGINIA)
    before = stage.box.mark()

    pool = stage.known(stage.people.pool(VIRGINIA, developer(identity, ConfigurationSet=configuration_set)))
    stage.people.touch(pool)
    stage.look_after(pool, 1)

    assert stage.agreed(pool) == ("yes", None)
    assert stage.people.sign_up(pool).arrived
    assert stage.records.findings(affecting=pool.arn) == []
    assert stage.told(pool.arn) == []
    assert stage.alerts.chat(pool.pool_id) == []
    assert _writes_since(stage, before) == []


def _writes_since(stage: Stage, mark: int) -> list[str]:
    """What the repair function changed in AWS."""
    calls = stage.box.calls(since=mark, role=stage.box.role("repair"))
    return [
        call["action"]
        for call in calls
        if call["service"] in {"cognito-idp", "ses", "iam"}
        and not call["action"].startswith(("Describe", "Get", "List"))
    ]


def _differing(before: dict[str, object], after: dict[str, object]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
