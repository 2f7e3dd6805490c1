"""An audit of an organization: three accounts with their own pools, of which one lets the auditor's role nobody in."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from mailwarden_command.audit.status import Status
from sandbox.running import ROOT, RunningSandbox
from tests.e2e.box import HOME, Box, Keys, Untyped, unique

ROLE, PARENTS = "audit/Mailwarden", "OrganizationAccountAccessRole"
SECRET = "agreed with the auditor"
PATHS = os.pathsep.join(str(ROOT / folder) for folder in ("layers/core", "command", "."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account and a session of its administrator."""

    box: Box
    number: str
    session: Untyped

    def client(self, service: str) -> Untyped:
        return self.session.client(service, endpoint_url=self.box.running.environment["AWS_ENDPOINT_URL"])

    def pool(self, *, broken: bool = False) -> str:
        """The id of a pool that sends as a domain of its own, which is deleted afterwards if the pool is *broken*."""
        domain = f"{unique('shop')}.example"
        self.client("sesv2").create_email_identity(EmailIdentity=domain)
        verified = {"verification_status": "SUCCESS"}
        self.box.control("POST", f"ses/{HOME}/identities/{domain}", verified, account=self.number)
        email = {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:{HOME}:{self.number}:identity/{domain}",
            "From": f"shop@{domain}",
        }
        made = self.client("cognito-idp").create_user_pool(PoolName=domain, EmailConfiguration=email)
        if broken:
            self.client("sesv2").delete_email_identity(EmailIdentity=domain)
        return str(made["UserPool"]["Id"])

    def role(self, *, trusts: str, policy: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{trusts}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": SECRET}},
        }
        path, _, name = ROLE.rpartition("/")
        trust = {"Version": "2012-10-17", "Statement": [statement]}
        iam = self.client("iam")
        iam.create_role(Path=f"/{path}/", RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName=name, PolicyName="audit", PolicyDocument=policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Its accounts, and the keys of the auditor, a user of the parent."""

    box: Box
    parent: Account
    open: Account
    shut: Account
    auditor: Keys

    def audit(self, *words: str) -> tuple[int, dict[str, Any], str]:
        """The exit status of the command, its report, and its error stream."""
        done = command(self.box, self.auditor, "audit", "--regions", HOME, "--share", "0", "--output", "json", *words)
        return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def command(box: Box, keys: Keys | None, *words: str) -> "subprocess.CompletedProcess[str]":
    own = {} if keys is None else {"AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1]}
    return subprocess.run(
        [sys.executable, "-m", "mailwarden_command", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": PATHS, **box.running.environment, **own},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def organization(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    folder = tmp_path_factory.mktemp("organization")
    arguments = ["serve", "--port", "0"]
    with (folder / "box.log").open("w") as log, RunningSandbox.start(python, arguments, progress=log) as running:
        box = Box(running=running, directory=folder)
        policy = command(box, None, "audit", "--policy").stdout
        own = command(box, None, "audit", "--policy", "--organization", "--role-name", ROLE).stdout
        auditor = box.user(*json.loads(own)["Statement"])
        lets_in = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::*:role/{PARENTS}"}
        administrator = box.user(lets_in)
        environment = box.running.environment
        parent = Account(box=box, number=box.account, session=session_of(
            environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
        ))  # fmt: skip
        made = [new_account(parent, name, administrator) for name in ("shop", "closed shop")]
        made[0].role(trusts=box.account, policy=policy)
        made[1].role(trusts=made[0].number, policy=policy)
        yield Organization(box=box, parent=parent, open=made[0], shut=made[1], auditor=auditor)


def session_of(key: str, secret: str, token: str | None = None) -> Untyped:
    return boto3.session.Session(
        aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token, region_name=HOME
    )


def new_account(parent: Account, name: str, administrator: Keys) -> Account:
    """An account of the organization, entered through the role that AWS makes in it."""
    email = f"{name.replace(' ', '-')}@corp.example"
    organizations = parent.client("organizations")
    begun = organizations.create_account(AccountName=name, Email=email)["CreateAccountStatus"]
    created = organizations.describe_create_account_status(CreateAccountRequestId=begun["Id"])
    number = created["CreateAccountStatus"]["AccountId"]
    sts = parent.box.client("sts", keys=administrator)
    keys = sts.assume_role(RoleArn=f"arn:aws:iam::{number}:role/{PARENTS}", RoleSessionName="e2e")["Credentials"]
    session = session_of(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return Account(box=parent.box, number=number, session=session)


def test_each_account_is_judged_through_its_role_and_one_that_refuses_it_is_named(organization: Organization) -> None:
    own = organization.parent.pool()
    broken = organization.open.pool(broken=True)
    sound = organization.open.pool()
    hidden = organization.shut.pool(broken=True)

    status, report, said = organization.audit(
        "--organization", "--role-name", ROLE, "--external-id", SECRET, "--fail-on", "never"
    )

    judged = {pool["pool"]["id"]: (pool["pool"]["account"], pool["verdict"]["can_send"]) for pool in report["pools"]}
    assert judged[broken] == (organization.open.number, "no")
    assert judged[sound][0] == organization.open.number
    assert judged[sound][1] != "no"
    assert judged[own][0] == organization.parent.number
    assert hidden not in judged
    refusals = {account["account"]: account["refusal"] for account in report["accounts"]}
    assert set(refusals) == {organization.parent.number, organization.open.number, organization.shut.number}
    assert "cannot be assumed" in refusals[organization.shut.number]
    assert "AccessDenied" in refusals[organization.shut.number]
    assert [refusals[each.number] for each in (organization.parent, organization.open)] == [None, None]
    assert report["stopped"] is None
    assert status == Status.NOT_JUDGED, said


def test_the_printed_policies_are_all_that_the_auditor_needs(organization: Organization) -> None:
    organization.open.pool()

    _, report, _ = organization.audit("--organization", "--role-name", ROLE, "--external-id", SECRET)

    opened = [pool for pool in report["pools"] if pool["pool"]["account"] == organization.open.number]
    text = json.dumps(opened)
    assert opened
    assert "AccessDenied" not in text
    assert all(each["regions"][0]["refusal"] is None for each in report["accounts"] if each["refusal"] is None)


def test_without_the_agreed_external_id_no_role_lets_the_auditor_in(organization: Organization) -> None:
    status, report, _ = organization.audit("--organization", "--role-name", ROLE)

    entered = {account["account"] for account in report["accounts"] if account["refusal"] is None}
    assert entered == {organization.parent.number}
    assert status == Status.NOT_JUDGED


def test_one_role_is_enough_for_one_account(organization: Organization) -> None:
    pool = organization.open.pool(broken=True)

    status, report, _ = organization.audit(
        "--role-arn", f"arn:aws:iam::{organization.open.number}:role/{ROLE}", "--external-id", SECRET, "--pool", pool
    )

    assert [each["pool"]["id"] for each in report["pools"]] == [pool]
    assert status == Status.FOUND


def test_an_auditor_who_may_not_list_the_accounts_learns_who_may(organization: Organization) -> None:
    nobody = organization.box.user({"Effect": "Allow", "Action": "cognito-idp:ListUserPools", "Resource": "*"})

    done = command(organization.box, nobody, "audit", "--organization", "--role-name", ROLE)

    assert done.returncode == Status.NOT_JUDGED
    assert "The management account may call it" in done.stderr
