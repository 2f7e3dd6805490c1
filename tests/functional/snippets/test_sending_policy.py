"""What a source needs so that it grants what a fix would, and nothing of what was granted before."""

import json
import re

import hcl2
import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from mailwarden.domain.findings.changes import Applicability, Fix, GrantSending
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.domain.repair.change_documents import proposed_write
from mailwarden.domain.repair.source import Source, SourceForm
from mailwarden.message import verbatim
from mailwarden.policy import GLOBAL_PRINCIPAL, Grant, GrantPlan, cognito_service, decide_sending, grant_pools
from mailwarden.presentation.snippets.snippets import snippets_of_change, snippets_of_write
from tests.builders import identity_ref, pool_ref
from tests.functional.snippets.languages import hcl_text

SOURCE = Source(form=SourceForm.CDK)
IDENTITIES = (identity_ref("shop.example"), identity_ref("codes+new@shop.example", region="eu-west-1"))
NEW = tuple(pool_ref(pool_id=f"us-east-1_New{number:05}") for number in range(3))
OLD = pool_ref(pool_id="us-east-1_Old00001")


def grant_change(identity: IdentityRef, pools: tuple[PoolRef, ...], *, known: bool) -> GrantSending:
    """A grant for *pools*; with *known*, beside one for another pool in the same policy of ours."""
    live = plan(identity, {}, (OLD,)).after if known else {}
    planned = plan(identity, {name: text for name, text in live.items() if text is not None}, pools)
    return GrantSending(identity=identity, pools=pools, before=planned.before, after=planned.after)


def plan(identity: IdentityRef, policies: dict[str, str], pools: tuple[PoolRef, ...]) -> GrantPlan:
    grants = [Grant(principal=GLOBAL_PRINCIPAL, pool_arn=pool.arn) for pool in pools]
    planned = grant_pools(policies, identity_arn=identity.arn, account=identity.account, grants=grants)
    assert isinstance(planned, GrantPlan)
    return planned


CHANGES = [
    grant_change(identity, pools, known=known)
    for identity in IDENTITIES
    for pools in (NEW[:1], NEW)
    for known in (False, True)
]


def allows(document: object, identity: IdentityRef, pool: PoolRef) -> bool:
    sender = cognito_service(principal=GLOBAL_PRINCIPAL, pool_arn=pool.arn, identity_arn=identity.arn)
    return type(decide_sending({"policy": json.dumps(document)}, sender).decision).__name__ == "Allowed"


def assert_grants(document: object, change: GrantSending) -> None:
    assert [pool for pool in (*NEW, OLD) if allows(document, change.identity, pool)] == list(change.pools)


@pytest.mark.parametrize("change", CHANGES)
def test_terraform_grants_exactly_what_the_fix_adds(change: GrantSending) -> None:
    code = {each.form: each.code for each in snippets_of_change(change, SOURCE)}[SourceForm.TERRAFORM]
    [resource] = hcl2.loads(code)["resource"]
    name = f"cognito-mail-{change.pools[0].pool_id}"
    policy = resource['"aws_sesv2_email_identity_policy"'][f'"{name.replace("-", "_")}"']
    # JSON within the call of a function: python-hcl2 parses it, and gives it back as a text of HCL.
    written = code[code.index("jsonencode(") + len("jsonencode(") : code.rindex(")")]

    assert hcl_text(policy["email_identity"]) == change.identity.name
    assert hcl_text(policy["policy_name"]) == name
    assert policy["policy"].startswith("${jsonencode(")
    assert change.identity.region in code.splitlines()[0]
    assert_grants(json.loads(written), change)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("form", [SourceForm.CDK, SourceForm.AMPLIFY])
def test_the_cdk_and_amplify_grant_exactly_what_the_fix_adds(change: GrantSending, form: SourceForm) -> None:
    code = {each.form: each.code for each in snippets_of_change(change, SOURCE)}[form]
    written = code[code.index("JSON.stringify(") + len("JSON.stringify(") : code.index(");\nconst named")]

    assert_grants(json.loads(written), change)
    assert (
        f'{{ EmailIdentity: "{change.identity.name}", PolicyName: "cognito-mail-{change.pools[0].pool_id}" }}' in code
    )
    assert f'resources: ["{change.identity.arn}"],' in code
    assert code.count(f'region: "{change.identity.region}"') == 3
    assert [code.count(f'action: "{action}EmailIdentityPolicy"') for action in ("Create", "Update", "Delete")] == [
        1
    ] * 3
    assert all(code.count(opened) == code.count(closed) for opened, closed in ("()", "{}", "[]"))


@pytest.mark.parametrize("form", [SourceForm.TERRAFORM, SourceForm.CDK])
def test_a_second_snippet_for_an_identity_takes_the_place_of_nothing_in_the_first(form: SourceForm) -> None:
    first, second = (
        snippets_of_change(grant_change(IDENTITIES[0], pools, known=True), Source(form=form))[0].code
        for pools in (NEW[:1], NEW[1:])
    )
    defined = (
        r'"aws_sesv2_email_identity_policy" "(\w+)"|const (\w+) =|AwsCustomResource\(this, "(\w+)"|"(cognito-[^"]+)"'
    )

    assert set(re.findall(defined, first)) & set(re.findall(defined, second)) == set()


@pytest.mark.parametrize("change", CHANGES)
def test_the_ledger_keeps_enough_for_the_same_snippets(change: GrantSending) -> None:
    fix = Fix(title=verbatim("Grant"), applicability=Applicability.SAFE, change=change)

    assert snippets_of_write(proposed_write(fix).recorded(), SOURCE) == snippets_of_change(change, SOURCE)


def test_cloudformation_has_no_resource_for_it() -> None:
    forms = {each.form for each in snippets_of_change(CHANGES[0], Source(form=SourceForm.CLOUDFORMATION))}
    types = PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1")
    identity = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", "AWS::SES::EmailIdentity").schema

    assert forms == set(SourceForm) - {SourceForm.CLOUDFORMATION}
    assert [name for name in types if name.startswith("AWS::SES::") and "Polic" in name] == [
        "AWS::SES::MailManagerTrafficPolicy"
    ]
    assert not [name for name in identity["properties"] if "Polic" in name]
