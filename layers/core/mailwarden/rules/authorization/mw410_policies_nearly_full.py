"""MW410: the identity has hardly any room left for sending policies."""

from collections.abc import Iterator, Mapping

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.policy import LEFT_TO_THE_OWNER, MAX_BYTES, MAX_POLICIES, is_own_name
from mailwarden.rules.naming import identity_message
from mailwarden.rules.read_identities import of_each_identity
from mailwarden.rules.rule import Rule

# A pool's ARN and its separators take about 90 bytes: room for two more.
_NEARLY_FULL = MAX_BYTES - 200


def check(path: MailPath) -> Iterator[Finding]:
    """Find identities that are close to the limits of SES: 20 policies, and 4 KB for each.

    ## What it does
    Counts the policies of the identity and the bytes of each. The policies that Mailwarden writes may be full: it goes
    on in the next one, and leaves the last two of the 20 to the identity's owner.

    ## Why it matters
    Once there is no room, the next pool cannot be let in: its users receive no codes until somebody makes room.
    Mailwarden adds no policy from 18 on.

    ## Example
    An identity with one policy for each of 19 pools.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization: join policies into one statement with a list
      of pools in `aws:SourceArn`, and delete those of pools that are gone.
    - **CLI:** `aws sesv2 get-email-identity-policies --email-identity …`, then
      `aws sesv2 delete-email-identity-policy`.
    - **CloudFormation:** change it where the policies are written, such as a custom resource.
    - **Terraform:** one `aws_ses_identity_policy` with a list of pools instead of one for each.

    ## Fix and its safety
    None: which of somebody else's policies can go is for their owner to say.

    ## Known gaps
    Policies that say the same thing twice are not told apart.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
    """
    yield from of_each_identity(RULE, path, _judged)


def _judged(path: MailPath, identity: Identity) -> Iterator[Finding]:
    ref, policies = identity.ref, identity.policies
    full = _full(policies)
    few = len(policies) >= MAX_POLICIES - LEFT_TO_THE_OWNER
    if not few and not full:
        return
    number = message("MW410.number", number=len(policies), most=MAX_POLICIES)
    yield RULE.finding(
        path,
        subject=ref,
        effect=Effect.NONE,
        message=message("MW410.few-left", identity=identity_message(ref), number=number)
        if few
        else message("MW410.full", identity=identity_message(ref), bytes=MAX_BYTES, policies=full),
        why=message("MW410.why-few", left=LEFT_TO_THE_OWNER) if few else message("MW410.why"),
        remediation=message("MW410.remediation", identity=ref.name, region=ref.region),
        evidence={"policies": number, "nearly_full": full or message("words.none")},
    )


def _full(policies: Mapping[str, str]) -> tuple[str, ...]:
    """Other people's policies with no room for two more pools; ours go on in the next one."""
    return tuple(
        name for name, text in sorted(policies.items()) if not is_own_name(name) and len(text.encode()) > _NEARLY_FULL
    )


RULE = Rule(
    rule_id="MW410",
    name="policies-nearly-full",
    link=Link.AUTHORIZATION,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
