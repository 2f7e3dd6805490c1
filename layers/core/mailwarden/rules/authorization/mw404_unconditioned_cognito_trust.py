"""MW404: a sending policy lets Cognito send as the identity for anybody's pool."""

from collections.abc import Iterator
from functools import lru_cache

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import message
from mailwarden.policy import OpenTrust, trusted_cognito_principals, unconditioned_cognito_trust
from mailwarden.rules.naming import identity_message
from mailwarden.rules.quotation import Step, advice_of
from mailwarden.rules.read_identities import of_each_identity
from mailwarden.rules.rule import Rule
from mailwarden.rules.sending_grant.narrowing import narrowed


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find sending policies that trust Cognito without saying on behalf of whose user pools.

    ## What it does
    Tries whether a pool of another AWS customer would get through each Allow statement that names a Cognito principal,
    or everybody. Conditions that a call without a source passes, such as `…IfExists`, count as no restriction.

    ## Why it matters
    Cognito is one service for all customers. Anybody can create a pool with your identity as its sender and have
    Cognito send mail as you: phishing with your name and a valid signature. Your own users' mail is not affected.

    ## Example
    `{"Effect": "Allow", "Principal": {"Service": "email.cognito-idp.amazonaws.com"}, "Action": "ses:SendEmail",
    "Resource": "…"}` without a `Condition`.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization: replace the statement by the one in the
      finding. Name the pools in `aws:SourceArn` to be stricter.
    - **CLI:** `aws sesv2 get-email-identity-policies --email-identity …` shows the document. Add the conditions to it,
      and write it back whole, because the call replaces it:

      ```
      aws sesv2 update-email-identity-policy \
        --email-identity … --policy-name … --policy file://policy.json
      ```

    - **CloudFormation:** change it where the policy is written, such as a custom resource.
    - **Terraform:** add the `condition` blocks to the policy of the `aws_ses_identity_policy`.

    ## Fix and its safety
    None yet: narrowing somebody else's statement may stop a pool that nobody thought of. The finding shows the
    statement with the two conditions that keep every pool of this account and nobody else's, or only names them where
    the statement is too long or holds what is masked.

    ## Known gaps
    Cognito may refuse an identity of another account by itself, as the call that configures a pool does. The page does
    not promise it for mail that is sent, and AWS's example restricts the policy.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    yield from of_each_identity(RULE, path, _judged)


def _judged(path: MailPath, identity: Identity) -> Iterator[Finding]:
    open_to = _open_to(tuple(identity.policies.items()), identity.ref.arn, identity.ref.account)
    if open_to:
        yield _finding(path, identity, open_to)


@lru_cache(maxsize=256)
def _open_to(policies: tuple[tuple[str, str], ...], identity_arn: str, account: str) -> tuple[OpenTrust, ...]:
    """Remembered, because every pool of an identity asks it and it tries many outsiders.

    A statement open to everybody under a condition that nobody knows is MW405's to tell: nothing says it means Cognito.
    """
    documents = dict(policies)
    named = {found.ref for found in trusted_cognito_principals(documents)}
    found = unconditioned_cognito_trust(documents, identity_arn=identity_arn, account=account)
    return tuple(trust for trust in found if trust.certain or trust.ref in named)


def _finding(path: MailPath, identity: Identity, open_to: tuple[OpenTrust, ...]) -> Finding:
    ref = identity.ref
    certain = any(trust.certain for trust in open_to)
    # A certain one comes first: it is what the message and the statement to write are about.
    first, *_ = sorted(open_to, key=lambda trust: not trust.certain)
    statement = narrowed(identity.policies, first.ref, partition=ref.partition, account=ref.account)
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.NONE,
        severity=Severity.CRITICAL if certain else Severity.HIGH,
        message=message(
            "MW404.open" if certain else "MW404.may-be-open",
            identity=identity_message(ref),
            principal=first.principal,
        ),
        why=message("MW404.why"),
        remediation=advice_of([_narrowing(ref, first, statement)], identity=ref.name),
        evidence={
            "statements": message("sentences", sentences=tuple(trust.ref.message for trust in open_to)),
            "principals": tuple(dict.fromkeys(trust.principal for trust in open_to)),
        },
    )


def _narrowing(ref: IdentityRef, open_to: OpenTrust, statement: str | None) -> Step:
    return Step(
        described=message("MW404.add-conditions", account=ref.account, statement=open_to.ref.message),
        quoting=None
        if statement is None
        else message("MW404.replace", statement=open_to.ref.message, replacement=statement),
        quoted=statement or "",
    )


RULE = Rule(
    rule_id="MW404",
    name="unconditioned-cognito-trust",
    link=Link.AUTHORIZATION,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
