"""What a source needs for a pool's EmailConfiguration, for pools of every make, read back in each language."""

import json
import re
from dataclasses import replace

import hcl2
import pytest
import yaml
from cfnlint.api import lint

from mailwarden.domain.findings.changes import Applicability, Fix
from mailwarden.domain.repair.change_documents import email_document, proposed_write
from mailwarden.domain.repair.source import Source, SourceForm
from mailwarden.message import verbatim
from mailwarden.presentation.snippets.snippets import snippets_of_change, snippets_of_write
from tests.functional.snippets.languages import hcl_text, members_in
from tests.functional.snippets.pools import POOLS, change_of

SOURCE = Source(form=SourceForm.TERRAFORM)
# By which pools the CDK's own function can make exactly the configuration.
NOT_WITH_SES = {
    "domain, name that is not ASCII",
    "domain, name in Korean",
    "domain, name with a backslash",
    "address without FROM",
    "REPLY-TO that is not ASCII",
    "identity of another account",
    "FROM in a subdomain",
    "quoted @ before the @",
    "default sender with a FROM of ours",
}


def snippets(name: str, source: Source = SOURCE) -> dict[SourceForm, str]:
    return {each.form: each.code for each in snippets_of_change(change_of(name), source)}


def wanted(name: str) -> dict[str, str]:
    return email_document(POOLS[name][1])


def test_no_pool_is_of_the_same_make_as_another() -> None:
    assert len(POOLS) == len({pool.arn + str(email) for pool, email in POOLS.values()}) >= 20


def test_templates_of_cloudformation_are_sound_and_set_what_the_fix_would() -> None:
    template = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n"
    for number, name in enumerate(POOLS):
        source = Source(form=SourceForm.CLOUDFORMATION, logical_id=f"Pool{number}")
        head, *lines = snippets(name, source)[SourceForm.CLOUDFORMATION].splitlines()
        assert head == "Resources:"
        template += "\n".join(lines) + "\n"

    resources = yaml.safe_load(template)["Resources"]

    faults = lint(template, regions=sorted({pool.region for pool, _ in POOLS.values()}))
    # The schema of the resource knows no identity in every region; Cognito's guide does (alternate-region pools).
    unknown = f"'{POOLS['identity in every region'][1].source_arn}' does not match"
    assert [str(fault) for fault in faults if unknown not in fault.message] == []
    assert {
        name: resources[f"Pool{number}"]["Properties"]["EmailConfiguration"] for number, name in enumerate(POOLS)
    } == {name: wanted(name) for name in POOLS}


@pytest.mark.parametrize("name", POOLS)
def test_terraform_sets_what_the_fix_would(name: str) -> None:
    parsed = hcl2.loads(snippets(name)[SourceForm.TERRAFORM])
    [block] = parsed["resource"][0]['"aws_cognito_user_pool"']['"pool"']["email_configuration"]
    names = {
        "email_sending_account": "EmailSendingAccount",
        "source_arn": "SourceArn",
        "from_email_address": "From",
        "reply_to_email_address": "ReplyToEmailAddress",
        "configuration_set": "ConfigurationSet",
    }

    assert {names[key]: hcl_text(value) for key, value in block.items() if not key.startswith("__")} == wanted(name)


@pytest.mark.parametrize("name", POOLS)
def test_amplify_sets_what_the_fix_would(name: str) -> None:
    code = snippets(name)[SourceForm.AMPLIFY]

    assert "const { cfnUserPool } = backend.auth.resources.cfnResources;" in code
    assert assigned(code) == wanted(name)


@pytest.mark.parametrize("name", POOLS)
def test_the_cdk_sets_what_the_fix_would(name: str) -> None:
    code = snippets(name)[SourceForm.CDK]

    if name in NOT_WITH_SES:
        assert "userPool.node.defaultChild as cognito.CfnUserPool;" in code
        assert assigned(code) == wanted(name)
    else:
        options = members_in(code, opened="email: cognito.UserPoolEmail.withSES({", closed="}),")
        assert bound(options, POOLS[name][0].partition, POOLS[name][0].account) == wanted(name)


def assigned(code: str) -> dict[str, str]:
    members = members_in(code, opened="cfnUserPool.emailConfiguration = {", closed="};")
    return {f"{key[0].upper()}{key[1:]}": value for key, value in members.items()}


def bound(options: dict[str, str], partition: str, account: str) -> dict[str, str]:
    """The EmailConfiguration that ``withSES`` makes (aws-cdk-lib, aws-cognito/lib/user-pool-email.ts)."""
    address, name = options["fromEmail"], options.get("fromName")
    if name is not None:
        assert re.fullmatch(r"[ -~]+", name), "the CDK would encode it"
        phrase = re.fullmatch(r"[\w !#$%&'*+\-/=?^`{|}~]+", name, re.ASCII)
        quoted = re.fullmatch(r'"(?:[^\\"]|\\.)*"', name)
        assert phrase or quoted, "the CDK would quote it"
    # The CDK encodes the domain, and punycode.js drops what follows a second @.
    assert [text.count("@") for text in (address, options.get("replyTo", "@"))] == [1, 1]
    domain = options.get("sesVerifiedDomain")
    assert domain is None or domain == address.split("@")[-1]
    made = {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": f"arn:{partition}:ses:{options['sesRegion']}:{account}:identity/{domain or address}",
        "From": address if name is None else f"{name} <{address}>",
        "ReplyToEmailAddress": options.get("replyTo"),
        "ConfigurationSet": options.get("configurationSetName"),
    }
    assert all(text.isascii() for text in options.values()), "the CDK would make Punycode of it"
    return {key: value for key, value in made.items() if value is not None}


@pytest.mark.parametrize("name", POOLS)
def test_the_ledger_keeps_enough_for_the_same_snippets(name: str) -> None:
    fix = Fix(title=verbatim("Move"), applicability=Applicability.SAFE, change=change_of(name))

    assert snippets_of_write(proposed_write(fix).recorded(), SOURCE) == snippets_of_change(change_of(name), SOURCE)


@pytest.mark.parametrize("form", [None, *SourceForm])
def test_the_likeliest_language_comes_first(form: SourceForm | None) -> None:
    forms = [each.form for each in snippets_of_change(change_of("everything"), Source(form=form))]

    assert forms[0] is (form or SourceForm.CLOUDFORMATION)
    assert sorted(forms) == sorted(SourceForm)


def test_a_write_that_was_cut_has_no_snippet() -> None:
    email, change = POOLS["domain, plain FROM"][1], change_of("domain, plain FROM")
    long = json.dumps(email_document(email) | {"From": "x" * 20_000})
    write = proposed_write(Fix(title=verbatim("Move"), applicability=Applicability.SAFE, change=change))

    assert snippets_of_write(replace(write, after=long).recorded(), SOURCE) == ()
    assert snippets_of_write(replace(write, after=long), SOURCE) == ()
