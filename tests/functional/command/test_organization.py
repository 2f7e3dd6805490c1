"""An audit of an organization: which accounts it has, how each is entered, and what is said where that fails."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from boto3.session import Session

from mailwarden_command import starting
from mailwarden_command.audit.status import Status
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.auditing import print_policy
from mailwarden_command.options import AuditOptions
from mailwarden_command.reading import accounts, credentials
from mailwarden_command.reading.organization import NotListed, members_of, role_arn
from mailwarden_command.screen import left_out
from mailwarden_command.usage import is_role_name
from tests.builders import ACCOUNT
from tests.functional.aws.wire.wire import Answer, Request, refusal, xml_refusal
from tests.functional.command.test_policy import granted
from tests.functional.command.town import Town

MEMBER, CLOSED, SHUT = "222222222222", "333333333333", "444444444444"
ROLE = "audit/Mailwarden"


def listed(account: str, name: str, **state: str) -> dict[str, object]:
    arn = f"arn:aws:organizations::{ACCOUNT}:account/o-example/{account}"
    return {"Id": account, "Arn": arn, "Email": f"{name}@corp.example", "Name": name, **state}


EVERYBODY = (
    listed(SHUT, "sand\nbox", State="ACTIVE", Status="ACTIVE"),
    listed(MEMBER, "shop", State="ACTIVE", Status="ACTIVE"),
    listed(CLOSED, "old shop", State="PENDING_CLOSURE", Status="ACTIVE"),
    listed(ACCOUNT, "management", Status="ACTIVE"),
)


@dataclass(slots=True)
class Organizations:
    """Implements ``Service``: one account on a page, and an empty page between any two."""

    members: tuple[dict[str, object], ...] = EVERYBODY
    instead: Answer | None = None

    def answer(self, request: Request) -> Answer:
        place = int(json.loads(request.body).get("NextToken", 0))
        some = [self.members[place // 2]] if place % 2 == 0 else []
        following = {"NextToken": str(place + 1)} if place < 2 * len(self.members) - 1 else {}
        return self.instead or Answer(body={"Accounts": some, **following})


@dataclass(slots=True)
class Sts:
    """Implements ``Service``: the keys of a role's session begin with its account; one account lets nobody in."""

    assumed: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(request.body).items()}
        if request.operation == "GetCallerIdentity":
            key = request.headers["Authorization"].partition("Credential=")[2].partition("/")[0]
            return Answer(body=_xml("GetCallerIdentity", _caller(ACCOUNT if key == "test" else key)))
        self.assumed.append(asked["RoleArn"])
        account = asked["RoleArn"].split(":")[4]
        if account == SHUT:
            return xml_refusal("AccessDenied", f"not authorized to perform: sts:AssumeRole on {ROLE}", status=403)
        keys = f"<AccessKeyId>{account}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        ends = "<Expiration>2030-01-01T00:00:00Z</Expiration>"
        return Answer(body=_xml("AssumeRole", f"<Credentials>{keys}{ends}</Credentials>"))


def _caller(account: str) -> str:
    return f"<Arn>arn:aws:iam::{account}:user/auditor</Arn><Account>{account}</Account><UserId>A</UserId>"


def _xml(operation: str, result: str) -> str:
    return f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Accounts behind real clients; ``audit`` runs the command, and returns its status and its report."""

    town: Town
    organizations: Organizations
    sts: Sts
    file: Path

    def session(self, **_: Any) -> Session:  # noqa: ANN401 - as boto3's constructor has them
        return self.town.wire.session()

    def audit(self, **options: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 - one of several types each
        defaults: dict[str, Any] = {
            "wanted": Wanted(regions=("us-east-1",)), "profile": None, "region": None, "roles": (), "external_id": None,
            "organization": True, "role_name": ROLE, "settings": None, "state": None, "record": None, "output": "json",
            "language": "en", "to": self.file, "fail_on": "never", "share": 0.0,
        }  # fmt: skip
        status = starting.audit(AuditOptions(**(defaults | options)))
        text = self.file.read_text() if self.file.exists() else ""
        return status, json.loads(text) if text else {}


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Country:
    made = Country(town=Town(), organizations=Organizations(), sts=Sts(), file=tmp_path / "report.json")
    made.town.settle(5, identities=1)
    made.town.wire.services = {**made.town.wire.services, "organizations": made.organizations, "sts": made.sts}
    monkeypatch.setattr(accounts, "Session", made.session)
    monkeypatch.setattr(credentials, "get_session", made.town.wire.core)
    return made


def test_every_active_account_is_entered_through_the_role_and_the_callers_own_as_the_caller(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    status, report = country.audit()

    by_account = {each["account"]: each for each in report["accounts"]}
    assert list(by_account) == sorted([ACCOUNT, MEMBER, SHUT])
    assert sorted(country.sts.assumed) == [f"arn:aws:iam::{each}:role/{ROLE}" for each in (MEMBER, SHUT)]
    assert {pool["pool"]["account"] for pool in report["pools"]} == {ACCOUNT, MEMBER}
    assert by_account[ACCOUNT]["caller"] == f"arn:aws:iam::{ACCOUNT}:user/auditor"
    assert "cannot be assumed" in by_account[SHUT]["refusal"]
    assert status == Status.NOT_JUDGED
    said = capsys.readouterr().err
    assert f"1 account left out, because nothing can be read there: {CLOSED} (old shop, pending closure)." in said


def test_a_page_may_be_empty_although_others_follow(country: Country) -> None:
    members = members_of(country.session())

    assert [member.account for member in members] == sorted([ACCOUNT, MEMBER, CLOSED, SHUT])
    assert [member.account for member in members if not member.is_active] == [CLOSED]
    assert country.town.wire.count("ListAccounts") == 2 * len(EVERYBODY)


def test_the_callers_own_account_is_audited_whatever_its_state_and_not_named_as_left_out(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    country.organizations.members = (
        listed(ACCOUNT, "management", State="SUSPENDED"),
        listed(CLOSED, "", State="PENDING_CLOSURE"),
    )

    status, report = country.audit()

    assert [each["account"] for each in report["accounts"]] == [ACCOUNT]
    assert status != Status.NOT_JUDGED
    said = capsys.readouterr().err
    assert f"1 account left out, because nothing can be read there: {CLOSED} (pending closure)." in said
    assert f"{ACCOUNT} (" not in said


@pytest.mark.parametrize("state", [{"Status": "SUSPENDED"}, {"State": "CLOSED"}, {"State": "PENDING_ACTIVATION"}, {}])
def test_an_account_that_is_not_certainly_active_is_left_out(country: Country, state: dict[str, str]) -> None:
    country.organizations.members = (listed(MEMBER, "shop", **state),)

    assert [member.is_active for member in members_of(country.session())] == [False]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refusal("AccessDeniedException"), "The management account may call it, and an account that is the"),
        (refusal("AWSOrganizationsNotInUseException"), "belongs to no organization: leave --organization out"),
        (refusal("InvalidInputException", "bad token"), "bad token"),
        (Answer(body="{", status=200), "organizations:ListAccounts"),
    ],
)
def test_a_list_that_cannot_be_read_ends_the_audit_with_the_reason(
    country: Country, capsys: pytest.CaptureFixture[str], answer: Answer, said: str
) -> None:
    country.organizations.instead = answer

    with pytest.raises(NotListed):
        members_of(country.session())
    status, report = country.audit()

    told = capsys.readouterr().err
    assert (status, report) == (Status.NOT_JUDGED, {})
    assert told.splitlines()[1].startswith("The accounts of the organization cannot be listed: ")
    assert said in told
    assert country.sts.assumed == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"role_name": None}, "go together"),
        ({"organization": False}, "go together"),
        ({"role_name": "arn:aws:iam::222222222222:role/Audit"}, "is no name of a role"),
        ({"role_name": "Audit/"}, "is no name of a role"),
        ({"roles": (f"arn:aws:iam::{MEMBER}:role/Audit",)}, "leave --role-arn out"),
        ({"state": Path("state.json")}, "take one account"),
        ({"record": Path("state.json")}, "take one account"),
    ],
)
def test_options_that_do_not_go_together_are_refused_before_anything_is_read(
    country: Country, capsys: pytest.CaptureFixture[str], options: dict[str, Any], said: str
) -> None:
    status, _ = country.audit(**options)

    assert status == Status.USAGE
    assert said in capsys.readouterr().err
    assert country.town.wire.requests == []


@pytest.mark.parametrize(
    ("name", "is_name"),
    [
        ("Audit", True),
        ("/audit/x/Audit", True),
        ("a.b@c+d=e,f-g_h", True),
        ("", False),
        ("a b", False),
        ("a" * 65, False),
    ],
)
def test_a_role_has_a_name_that_iam_takes(name: str, is_name: bool) -> None:
    assert is_role_name(name) is is_name


def test_the_role_is_one_of_the_partition() -> None:
    assert role_arn("aws-cn", MEMBER, "/audit/Audit") == f"arn:aws-cn:iam::{MEMBER}:role/audit/Audit"


@pytest.mark.parametrize("name", [ROLE, f"/{ROLE}"])
def test_the_policy_of_the_caller_lets_it_list_the_accounts_and_assume_that_role_alone(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    def of(run: Callable[[], Status]) -> set[tuple[str, str]]:
        assert run() is Status.SOUND
        return granted(json.loads(capsys.readouterr().out))

    assert of(lambda: print_policy(organization=True, role_name=name)) - of(print_policy) == {
        ("organizations:ListAccounts", "*"),
        ("sts:AssumeRole", f"arn:aws:iam::*:role/{ROLE}"),
    }


@pytest.mark.parametrize("name", [None, "", "a b"])
def test_the_policy_needs_the_name_of_the_role(capsys: pytest.CaptureFixture[str], name: str | None) -> None:
    assert print_policy(organization=True, role_name=name) is Status.USAGE
    assert capsys.readouterr().out == ""


def test_an_account_without_a_name_is_named_by_its_id_and_its_state_in_words() -> None:
    told = left_out([(CLOSED, "", "PENDING_CLOSURE"), (MEMBER, "shop", "SUSPENDED")])

    assert told == (
        "2 accounts left out, because nothing can be read there: "
        f"{CLOSED} (pending closure), {MEMBER} (shop, suspended)."
    )


def test_the_policy_takes_no_role_without_an_organization() -> None:
    assert print_policy(role_name=ROLE) is Status.USAGE
