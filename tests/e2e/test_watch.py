"""Monitoring with real calls: trails without events, invalid settings, delivery failures, unannounced changes."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from tests.e2e.box import HOME, SETTINGS, STACK, Box, unique
from tests.e2e.people import Pool, developer
from tests.e2e.stage import Stage
from tests.e2e.trail import inject
from tests.e2e.waiting import until

DUBLIN, VIRGINIA = "eu-west-1", "us-east-1"


def watch_arn(box: Box, region: str) -> str:
    return f"arn:aws:mailwarden:{region}:{box.account}:monitoring/{region}"


@contextmanager
def settings(box: Box, *documents: str) -> Iterator[None]:
    """Write documents into the settings parameter, one version after the other."""
    ssm = box.client("ssm")
    for document in documents:
        ssm.put_parameter(Name=SETTINGS, Type="String", Value=document, Overwrite=True)
    try:
        yield
    finally:
        ssm.put_parameter(Name=SETTINGS, Type="String", Value="{}", Overwrite=True)


def sweep_anew(box: Box) -> None:
    """Sweep what is due with a cold function: a warm one reads the settings once a minute."""
    with box.fault(effect="die", service="dynamodb", role=box.role("sweep")):
        box.client("lambda").invoke(FunctionName=f"{STACK}-sweep", Payload=json.dumps({"sweep": "due"}))
    box.invoke("sweep", {"sweep": "due"})


def told_about_the_watch(stage: Stage, region: str) -> list[tuple[str, str]]:
    """The topic's alerts about the monitoring of a region."""
    arn = watch_arn(stage.box, region)
    return [alert.told for alert in stage.alerts.reports("alert") if alert.document["subject"]["arn"] == arn]


def test_a_trail_that_no_longer_records_ses_is_one_incident_of_every_region_with_the_missing_part(stage: Stage) -> None:
    trail = stage.box.client("cloudtrail")
    name = trail.describe_trails()["trailList"][0]["Name"]
    deaf = [
        {
            "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Management"]},
                {"Field": "eventSource", "NotEquals": ["ses.amazonaws.com"]},
            ]
        }
    ]
    hearing = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]

    trail.put_event_selectors(TrailName=name, AdvancedEventSelectors=deaf)
    try:
        stage.box.invoke("sweep", {"sweep": "all"})
        found = stage.records.finding(watch_arn(stage.box, DUBLIN), "MW901", state="open")
        elsewhere = stage.records.finding(watch_arn(stage.box, VIRGINIA), "MW901", state="open")
    finally:
        trail.put_event_selectors(TrailName=name, AdvancedEventSelectors=hearing)
    stage.box.invoke("sweep", {"sweep": "all"})
    stage.records.finding(watch_arn(stage.box, DUBLIN), "MW901", state="resolved")
    stage.box.quiet()

    assert found["message"] == f"no trail delivers the calls of ses made in {DUBLIN}"
    assert found["evidence"]["missing"] == elsewhere["evidence"]["missing"] == "ses.amazonaws.com"
    assert "leave out the writes of ses.amazonaws.com" in json.dumps(found["evidence"])
    *_, opened, ended = [each.document for each in stage.alerts.reports("alert") if each.told[0] == "MW901"]
    assert (opened["state"], ended["state"]) == ("open", "resolved")
    assert opened["incident"]["id"] == ended["incident"]["id"]
    assert {DUBLIN, VIRGINIA} <= ended["incident"]["regions"].keys()
    assert stage.alerts.chat("MW901", DUBLIN)
    assert opened["pool"]["arn"] is None
    assert opened["affected"] == {"count": 0, "pools": []}


def test_a_trail_that_the_sweep_may_not_read_is_not_known_to_deliver(stage: Stage) -> None:
    with stage.box.fault(
        effect="fail",
        service="cloudtrail",
        action="GetEventSelectors",
        count=None,
        code="AccessDeniedException",
        status=400,
    ):
        stage.box.invoke("sweep", {"sweep": "all"})
        found = stage.records.finding(watch_arn(stage.box, DUBLIN), "MW901", state="open")
    stage.box.invoke("sweep", {"sweep": "all"})
    stage.records.finding(watch_arn(stage.box, DUBLIN), "MW901", state="resolved")

    assert found["effect"] == "unknown"
    assert "AccessDenied: cloudtrail:GetEventSelectors" in json.dumps(found["evidence"])


def test_invalid_settings_are_alerted_and_the_last_valid_version_stays_in_effect(stage: Stage) -> None:
    home = watch_arn(stage.box, HOME)

    with settings(stage.box, '{"rules": {"MW404": "off"}}', '{"rules": {"MW404": "of"}}'):
        sweep_anew(stage.box)
        found = stage.records.finding(home, "MW904", state="open")
    sweep_anew(stage.box)
    stage.records.finding(home, "MW904", state="resolved")
    stage.box.quiet()

    assert "rules.MW404 must be one of off, report, repair" in found["message"]
    assert "the last valid one" in found["evidence"]["in_effect"]
    assert told_about_the_watch(stage, HOME)[-2:] == [("MW904", "open"), ("MW904", "resolved")]


def test_failed_deliveries_are_counted_into_one_finding(stage: Stage) -> None:
    identity = stage.people.identity(DUBLIN)
    apps, admins = (stage.known(stage.people.pool(DUBLIN, developer(identity))) for _ in range(2))
    stage.box.client("sesv2", DUBLIN).delete_email_identity(EmailIdentity=identity.name)

    for _ in range(3):
        assert stage.people.sign_up(apps).answer == "InvalidEmailRoleAccessPolicyException"
        invite(stage, admins)
    by_apps, by_admins = (stage.records.finding(pool.arn, "MW801", state="open", within=40) for pool in (apps, admins))
    stage.box.quiet()

    assert by_apps["evidence"]["last_call"] == "SignUp"
    assert by_admins["evidence"]["last_call"] == "AdminCreateUser"
    assert by_apps["effect"] == "none"
    assert stage.agreed(apps) == ("no", "identity")
    for pool in (apps, admins):
        assert ("MW801", "open") in stage.told(pool.arn)
        # At most one hint in ten minutes, however many calls fail.
        until(partial(is_counted, stage, pool), what="the lines about three failures")
        counted = [line for line in stage.box.log("tally") if line.get("pool") == pool.arn]
        assert sum(int(line["number"]) for line in counted) == 3
        assert [line["hinted"] for line in counted].count(True) == 1


def is_counted(stage: Stage, pool: Pool) -> bool:
    return sum(int(line["number"]) for line in stage.box.log("tally") if line.get("pool") == pool.arn) >= 3


def test_the_daily_limit_of_the_default_sender_is_no_until_it_is_over(stage: Stage) -> None:
    pool = stage.known(stage.people.pool(DUBLIN))
    used = stage.box.control("POST", "cognito/default-sender", {})["sent"]
    stage.box.control("POST", "cognito/default-sender", {"sent": 50})
    try:
        assert stage.people.sign_up(pool).answer == "LimitExceededException"
        found = stage.records.finding(pool.arn, "MW802", state="open", within=40)
        stage.box.quiet()

        assert found["effect"] == "lost"
        look = stage.records.last_look(pool.arn)
        assert look is not None
        assert (look.answer, look.deciding) == ("no", "runtime")
        assert not stage.people.judged(pool)["accepted"]
        assert ("MW802", "open") in stage.told(pool.arn)
        assert ("MW801", "open") not in stage.told(pool.arn)
    finally:
        stage.box.control("POST", "cognito/default-sender", {"sent": used})


def invite(stage: Stage, pool: Pool) -> None:
    """An administrator invites a user, and Cognito cannot send the invitation."""
    cognito = stage.box.client("cognito-idp", pool.region)
    name = unique("guest")
    with pytest.raises(cognito.exceptions.CodeDeliveryFailureException):
        cognito.admin_create_user(
            UserPoolId=pool.pool_id,
            Username=name,
            UserAttributes=[{"Name": "email", "Value": f"{name}@customer.example"}],
            DesiredDeliveryMediums=["EMAIL"],
        )


def test_a_change_that_no_event_announced_is_noticed_by_the_next_look(stage: Stage) -> None:
    identity = stage.people.identity(DUBLIN)
    pool = stage.known(stage.people.pool(DUBLIN, developer(identity)))
    look = {"mailwarden": "hint", "version": 1, "look_at": "pool", "arn": pool.arn, "anew": True, "cause": None}

    change_unheard(stage.box, pool, developer(identity, ReplyToEmailAddress=f"help@{identity.name}"), minutes=45)
    inject(stage.box, json.dumps(look))
    found = stage.records.finding(pool.arn, "MW902", state="open")
    stage.people.touch(pool)
    stage.records.finding(pool.arn, "MW902", state="resolved")
    stage.box.quiet()

    assert found["severity"] == "low"
    assert found["effect"] == "none"
    assert "changed and no event announced it" in found["message"]
    assert stage.agreed(pool) == ("yes", None)


def change_unheard(box: Box, pool: Pool, email: dict[str, str], *, minutes: int) -> None:
    """Change a pool so many minutes ago, without an event."""
    at = time.time() - 60 * minutes
    told = {"region": pool.region, "email_configuration": email, "last_modified": at}
    box.control("POST", f"cognito/pools/{pool.pool_id}", told)


def test_a_sound_pool_raises_nothing_about_the_watch(stage: Stage) -> None:
    pool = stage.known(stage.people.pool(DUBLIN, developer(stage.people.identity(DUBLIN))))
    assert stage.people.sign_up(pool).arrived

    stage.box.invoke("sweep", {"sweep": "all"})
    stage.box.quiet()

    assert [rule for rule, _ in stage.told(pool.arn) if rule.startswith(("MW8", "MW9"))] == []
    for region in (HOME, DUBLIN, VIRGINIA):
        found = stage.records.finding_now(watch_arn(stage.box, region), "MW901")
        assert found is None or found["state"] == "resolved"


def test_pools_of_a_region_that_is_not_watched_are_reported_until_they_are_gone(stage: Stage) -> None:
    cognito = stage.box.client("cognito-idp", "sa-east-1")
    pool = cognito.create_user_pool(PoolName="forgotten")["UserPool"]["Id"]
    try:
        stage.box.invoke("sweep", {"sweep": "other regions"})
        alert = stage.alert(watch_arn(stage.box, HOME), "MW910", "open").document
    finally:
        cognito.delete_user_pool(UserPoolId=pool)
    # A region that does not answer may have pools.
    with stage.box.fault(effect="fail", service="cognito-idp", action="ListUserPools", region="sa-east-1"):
        stage.box.invoke("sweep", {"sweep": "other regions"})
    finding = stage.records.finding_now(watch_arn(stage.box, HOME), "MW910")
    assert finding is not None
    assert finding["state"] == "open"
    stage.box.invoke("sweep", {"sweep": "other regions"})

    assert alert["severity"] == "low"
    assert "sa-east-1" in json.dumps(alert)
    stage.alert(watch_arn(stage.box, HOME), "MW910", "resolved")
