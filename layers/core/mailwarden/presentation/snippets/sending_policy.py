"""A sending policy of an identity for its source. CloudFormation has no resource type for it.

``AWS::SES::EmailIdentity`` has no property for policies (resource specifications of cfn-lint 1.58.0). With the CDK and
Amplify a custom resource makes the calls.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, Members
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.source import Source, SourceForm
from mailwarden.presentation.snippets.literals import hcl_literal, script_literal
from mailwarden.presentation.snippets.snippet import Snippet

# Not the names of Mailwarden's own policies: one of those would be taken for its own, edited by another actor.
_NAME = "cognito-mail"
# SES API v2, CreateEmailIdentityPolicy: the characters of PolicyName, and how many it may have.
_NO_NAME_CHARACTER = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST_NAME = 64
_POLICY = "policy"
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def policy_snippets(
    identity: IdentityRef, before: Mapping[str, object], after: Mapping[str, object], source: Source
) -> tuple[Snippet, ...]:
    """The policy that grants what *after* grants and *before* does not; no CloudFormation, the likeliest other first.

    Both map names of Mailwarden's own policies to parsed documents. Raises MalformedDocument.
    """
    added = (_added(before.get(name), document) for name, document in after.items())
    named = {_name_of(document): document for document in added if document is not None}
    makers = {SourceForm.TERRAFORM: _terraform, SourceForm.CDK: _cdk, SourceForm.AMPLIFY: _amplify}
    return tuple(
        Snippet(form=form, code="\n".join(makers[form](identity, named)))
        for form in source.forms
        if form in makers and named
    )


def _name_of(document: JsonDocument) -> str:
    """A name by pool: pasted over an earlier snippet, one name for all would drop the grant of other pools."""
    first = next(pool for statement in _statements(document) for pool in statement.pools)
    return _NO_NAME_CHARACTER.sub("-", f"{_NAME}-{first.rpartition('/')[2]}")[:_LONGEST_NAME]


def _added(before: object, after: object) -> JsonDocument | None:
    """The document *after* without the pools that *before* names for the same principal; None if none are left.

    Both are of the one form that Mailwarden writes: a statement for each principal, with a list of pools.
    """
    known = {} if before is None else {each.principal: each.pools for each in _statements(before)}
    left = [
        each.with_pools([pool for pool in each.pools if pool not in known.get(each.principal, ())])
        for each in _statements(after)
    ]
    written = [statement for statement in left if statement is not None]
    return {**Members.of(after, where=_POLICY).values, "Statement": written} if written else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    whole: Members
    principal: str
    pools: tuple[str, ...]

    def with_pools(self, pools: list[str]) -> JsonDocument | None:
        condition = {**self.whole.members("Condition").values, "ArnLike": {"aws:SourceArn": pools}}
        return {**self.whole.values, "Condition": condition} if pools else None


def _statements(document: object) -> list[_Statement]:
    return [
        _Statement(
            whole=statement,
            principal=statement.members("Principal").text("Service"),
            pools=tuple(statement.members("Condition").members("ArnLike").texts("aws:SourceArn")),
        )
        for statement in Members.of(document, where=_POLICY).list_of_members("Statement")
    ]


def _terraform(identity: IdentityRef, policies: Mapping[str, object]) -> list[str]:
    """One resource for each policy; JSON with strings of HCL is an expression of HCL."""
    lines = [f"# With a provider for {identity.region}, the region of the identity:"]
    for name, document in policies.items():
        indented = json.dumps(document, indent=2, ensure_ascii=False).replace("\n", "\n  ")
        written = _JSON_STRING.sub(lambda found: hcl_literal(json.loads(found[0])), indented)
        lines += [
            f'resource "aws_sesv2_email_identity_policy" "{name.replace("-", "_")}" {{',
            f"  email_identity = {hcl_literal(identity.name)}",
            f"  policy_name    = {hcl_literal(name)}",
            f"  policy = jsonencode({written})",
            "}",
        ]
    return lines


def _cdk(identity: IdentityRef, policies: Mapping[str, object]) -> list[str]:
    return _custom_resources("this", identity, policies)


def _amplify(identity: IdentityRef, policies: Mapping[str, object]) -> list[str]:
    return [
        '// amplify/backend.ts, with cr from "aws-cdk-lib/custom-resources" and iam from "aws-cdk-lib/aws-iam"',
        'const mailStack = backend.createStack("mail");',
        *_custom_resources("mailStack", identity, policies),
    ]


def _custom_resources(scope: str, identity: IdentityRef, policies: Mapping[str, object]) -> list[str]:
    return [line for name, document in policies.items() for line in _custom_resource(scope, identity, name, document)]


def _custom_resource(scope: str, identity: IdentityRef, name: str, document: object) -> list[str]:
    """A resource that creates, updates and deletes the policy in the region of the identity."""
    variable = "".join(f"{part[:1].upper()}{part[1:]}" for part in re.split("[-_]", name))
    indented = json.dumps(document, indent=2, ensure_ascii=False)
    written = _JSON_STRING.sub(lambda found: script_literal(json.loads(found[0])), indented)
    named = f"EmailIdentity: {script_literal(identity.name)}, PolicyName: {script_literal(name)}"
    region = f"region: {script_literal(identity.region)}"
    actions = ", ".join(f'"ses:{action}EmailIdentityPolicy"' for action in ("Create", "Update", "Delete"))
    return [
        f"const policy{variable} = JSON.stringify({written});",
        f"const named{variable} = {{ {named} }};",
        f"new cr.AwsCustomResource({scope}, {script_literal(variable)}, {{",
        *(
            f'  on{when}: {{ service: "SESv2", action: "{action}EmailIdentityPolicy", {region},'
            f" parameters: {parameters}{physical} }},"
            for when, action, parameters, physical in (
                ("Create", "Create", _with_policy(variable), _physical(name)),
                ("Update", "Update", _with_policy(variable), _physical(name)),
                ("Delete", "Delete", f"named{variable}", ""),
            )
        ),
        "  policy: cr.AwsCustomResourcePolicy.fromStatements([new iam.PolicyStatement({",
        f"    actions: [{actions}],",
        f"    resources: [{script_literal(identity.arn)}],",
        "  })]),",
        "});",
    ]


def _with_policy(variable: str) -> str:
    return f"{{ ...named{variable}, Policy: policy{variable} }}"


def _physical(name: str) -> str:
    return f", physicalResourceId: cr.PhysicalResourceId.of({script_literal(name)})"
