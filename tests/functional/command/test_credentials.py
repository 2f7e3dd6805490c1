"""Credentials that end while an audit runs: those of a role renew themselves, all others end it once, and say so."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from boto3.session import Session
from botocore.credentials import CredentialResolver
from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    RefreshWithMFAUnsupportedError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from mailwarden.domain.mail_path.verdict import Answer as Verdict
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command import auditing
from mailwarden_command.audit.status import Status
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.reading import accounts, credentials
from mailwarden_command.reading.accounts import NotEntered, enter
from mailwarden_command.reading.credentials import AssumedRole, CredentialsEnded, session_of_role
from mailwarden_command.reading.run import AuditRun
from mailwarden_command.screen import stopped
from tests.builders import ACCOUNT
from tests.functional.aws.wire.wire import Answer, Request, refusal
from tests.functional.command.doors import HOUR, POOLS, ROLE, Doors, Guarded, Hours, World
from tests.functional.command.town import OFF, REGIONS, VERIFIED, WITH_XML, Silent, Town, printed


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    doors = Doors(hours=Hours())
    made = World(town=Town(), doors=doors, file=tmp_path / "report.json")
    for number in range(POOLS):
        made.town.ses.put(f"shop-{number}.example").members.update(VERIFIED)
        made.town.pool(f"us-east-1_Shop{number:05}", source=f"shop-{number}.example")
    services = {**made.town.wire.services, "sts": doors}
    made.town.wire.services = {
        host: Guarded(service, doors, host in WITH_XML | {"sts"}) for host, service in services.items()
    }
    made.town.wire.on_request = doors.hours.see
    monkeypatch.setattr(credentials, "get_session", made.town.wire.core)
    return made


def test_an_audit_through_a_role_outlasts_the_hour_of_its_session(world: World) -> None:
    report = world.report(world.of_role(external_id="our-secret"))

    assert world.hours.now() - datetime.now(tz=UTC) > 3 * HOUR
    assert (report.verdicts[Verdict.YES], report.verdicts[Verdict.UNKNOWN]) == (POOLS, 0)
    assert report.refusals == ()
    assert 3 < len(world.doors.assumed) < 10
    assert all("ExternalId=our-secret" in body for body in world.doors.assumed)


def test_a_role_that_can_no_longer_be_assumed_ends_its_account_alone_and_says_so_once(world: World) -> None:
    def distrust(request: Request) -> None:
        world.hours.see(request)
        world.doors.trusts = world.town.wire.count("DescribeUserPool") < 3

    world.town.wire.on_request = distrust
    run = AuditRun(wanted=Wanted(regions=("us-east-1",)), settings=OperatorSettings(), progress=Silent())

    report = run.report([enter(world.of_role(), share=0), enter(world.own(), share=0)])

    first, second = report.accounts
    assert first.unjudged
    assert second.unjudged is None
    assert report.verdicts[Verdict.UNKNOWN] == 0
    assert report.verdicts[Verdict.YES] == POOLS - first.unjudged + POOLS
    assert report.stopped is None
    assert " ".join(printed(report, "table").split()).count("cannot be assumed") == 1
    assert stopped(report, record=None).startswith("The audit went on with the other accounts. ")
    assert "judged before" not in stopped(report, record=None)


def _refused(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


ENDS: tuple[Exception, ...] = (
    UnauthorizedSSOTokenError(),
    TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"),
    CredentialRetrievalError(provider="custom-process", error_msg="exit 1"),
    RefreshWithMFAUnsupportedError(),
    # Of the source of a profile with role_arn, and of SSO.
    _refused("AccessDenied", "AssumeRole"),
    _refused("ForbiddenException", "GetRoleCredentials"),
    _refused("ExpiredToken", "AssumeRole"),
    _refused("InvalidIdentityToken", "AssumeRoleWithWebIdentity"),
)


@pytest.mark.parametrize("then", ENDS, ids=lambda error: f"{type(error).__name__}-{getattr(error, 'response', '')}")
def test_own_credentials_that_cannot_be_renewed_end_the_audit_once_and_what_was_judged_is_kept(
    world: World, then: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accounts, "Session", lambda **_: world.signed_in(then))

    status, report = world.audit()

    _assert_stopped(status, report, capsys.readouterr().err)


def _assert_stopped(status: int, report: dict[str, Any], said: str) -> None:
    (account,) = report["accounts"]
    assert status == Status.NOT_JUDGED
    assert report["verdicts"] == {"no": 0, "unknown": 0, "at risk": 0, "yes": POOLS - account["unjudged"]}
    assert 0 < account["unjudged"] < POOLS
    assert said.count("The audit stopped:") == 1
    assert f"{account['unjudged']} of {POOLS} pools were not judged" in said
    assert "run the audit again" in said


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (operation, code)
        for operation in ("DescribeUserPool", "GetEmailIdentity")
        for code in ("ExpiredTokenException", "RequestExpired", "UnrecognizedClientException", "InvalidClientTokenId")
    ],
)
def test_keys_that_aws_takes_no_more_end_the_audit_once(
    world: World, operation: str, code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def turn_off(request: Request) -> None:
        # Of two requests at the same time, both may be counted before either is seen.
        if request.operation == operation and world.town.wire.count(operation) >= POOLS // 2:
            world.doors.deleted["test"] = code

    world.town.wire.on_request = turn_off
    monkeypatch.setattr(accounts, "Session", lambda **_: world.own())

    status, report = world.audit()

    _assert_stopped(status, report, capsys.readouterr().err)


def test_keys_that_sts_takes_longer_than_others_do_not_make_their_region_look_turned_off(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def turn_off(request: Request) -> None:
        if request.operation == "DescribeUserPool" and world.town.wire.count("DescribeUserPool") >= POOLS // 2:
            world.doors.deleted["test"] = "UnrecognizedClientException"

    world.doors.sts_is_late = True
    world.town.wire.on_request = turn_off
    monkeypatch.setattr(accounts, "Session", lambda **_: world.own())

    status, report = world.audit()

    _assert_stopped(status, report, capsys.readouterr().err)


def test_keys_that_end_during_the_list_do_not_make_a_region_look_turned_off(world: World) -> None:
    def turn_off(request: Request) -> None:
        if request.operation == "ListUserPools":
            world.doors.deleted["test"] = "UnrecognizedClientException"

    world.town.wire.on_request = turn_off

    report = world.report(world.own())

    (account,) = report.accounts
    assert (account.turned_off, report.is_cut_short) == ((), True)


def test_the_recording_of_keys_that_ended_during_the_list_does_not_make_a_region_look_turned_off(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def turn_off(request: Request) -> None:
        if request.operation == "ListUserPools":
            world.doors.deleted["test"] = "UnrecognizedClientException"

    world.town.wire.on_request = turn_off
    record = tmp_path / "answers.json"
    with monkeypatch.context() as signed_in:
        signed_in.setattr(accounts, "Session", lambda **_: world.own())
        world.audit(record=record)

    status, report = world.audit(state=record)

    (account,) = report["accounts"]
    assert (account["turned_off"], status) == ([], Status.NOT_JUDGED)
    assert "NotRecorded" in account["regions"][0]["refusal"]


def test_a_region_that_is_turned_off_ends_nothing(world: World) -> None:
    world.town.pool("us-east-1_Abroad", source="abroad.example", EmailConfiguration={
        "EmailSendingAccount": "DEVELOPER", "SourceArn": f"arn:aws:ses:{OFF}:{ACCOUNT}:identity/abroad.example",
    })  # fmt: skip
    below = world.town.wire.services["email"]

    @dataclass(frozen=True, slots=True)
    class Closed:
        def answer(self, request: Request) -> Answer:
            return refusal("InvalidClientTokenId") if request.region == OFF else below.answer(request)

    world.town.wire.services = {**world.town.wire.services, "email": Closed()}
    run = AuditRun(wanted=Wanted(regions=("us-east-1", OFF)), settings=OperatorSettings(), progress=Silent())

    report = run.report([enter(world.own(), share=0)])

    assert not report.is_cut_short
    assert report.accounts[0].turned_off == (OFF,)
    assert report.verdicts[Verdict.YES] == POOLS
    assert len(report.pools) == POOLS + 1


def test_an_audit_goes_on_with_its_recording_after_a_new_sign_in(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "answers.json"
    monkeypatch.setattr(accounts, "Session", lambda **_: world.signed_in(UnauthorizedSSOTokenError()))
    before, first = world.audit(record=record)
    told = capsys.readouterr().err
    read = world.town.wire.count("DescribeUserPool")
    world.hours.step = timedelta()

    status, second = world.audit(record=record)

    assert (before, status) == (Status.NOT_JUDGED, Status.SOUND)
    assert f"With --record {record} it goes on from here." in told
    assert len(second["pools"]) == POOLS > len(first["pools"])
    assert world.town.wire.count("DescribeUserPool") < 2 * POOLS
    assert read < POOLS + 5


def test_own_credentials_that_end_between_two_accounts_are_told_once_and_not_for_each_role(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accounts, "Session", lambda **_: world.signed_in(UnauthorizedSSOTokenError()))
    monkeypatch.setattr(auditing, "AssumedRole", lambda **given: AssumedRole(now=world.hours.now, **given))
    world.hours.step = timedelta(seconds=20)

    status, report = world.audit(roles=(ROLE,) * 30)

    said = capsys.readouterr().err
    assert status == Status.NOT_JUDGED
    assert 0 < len(report["accounts"]) < 5
    assert report["verdicts"]["unknown"] == 0
    assert report["stopped"] is not None
    assert said.count("the accounts that follow were not audited") == 1


def test_own_credentials_that_end_in_the_middle_of_a_role_are_told_once(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accounts, "Session", lambda **_: world.signed_in(UnauthorizedSSOTokenError()))
    monkeypatch.setattr(auditing, "AssumedRole", lambda **given: AssumedRole(now=world.hours.now, **given))

    status, report = world.audit(roles=(ROLE,) * 3)

    said = capsys.readouterr().err
    (account,) = report["accounts"]
    assert (status, 0 < account["unjudged"] < POOLS) == (Status.NOT_JUDGED, True)
    assert said.count("The SSO session associated") == 1
    assert f"{account['unjudged']} of {POOLS} pools were not judged; the accounts that follow were not audited." in said


def test_without_credentials_no_role_is_tried(world: World) -> None:
    core = world.town.wire.core()
    core.register_component("credential_provider", CredentialResolver([]))
    role = AssumedRole(source=Session(botocore_session=core), arn=ROLE, external_id=None)

    with pytest.raises(CredentialsEnded, match="there are no AWS credentials"):
        enter(session_of_role(role), share=0)
    assert world.doors.assumed == []


def test_a_role_that_refuses_is_not_entered_and_names_the_role(world: World) -> None:
    world.doors.trusts = False

    with pytest.raises(NotEntered, match=f"the role {ROLE} cannot be assumed: .*AccessDenied"):
        enter(world.of_role(), share=0)


def test_a_clock_that_is_wrong_by_hours_is_named(world: World) -> None:
    role = AssumedRole(
        source=world.own(), arn=ROLE, external_id=None, now=lambda: datetime.now(tz=UTC) + timedelta(hours=9)
    )

    with pytest.raises(CredentialsEnded, match="the clock of this machine is wrong"):
        enter(session_of_role(role), share=0)


@pytest.mark.parametrize("output", ["table", "html", "markdown", "sarif", "json"])
def test_every_format_that_names_what_is_missing_names_the_end_once(world: World, output: str) -> None:
    report = world.report(world.signed_in(UnauthorizedSSOTokenError()))

    text = " ".join(printed(report, output).split())

    assert text.count("pools were not judged") == 1
    assert REGIONS[0] in text
