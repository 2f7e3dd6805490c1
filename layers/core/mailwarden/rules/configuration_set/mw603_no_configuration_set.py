"""MW603: the pool sends without a configuration set, so its bounces and complaints are not counted."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity, configuration_set_of
from mailwarden.domain.mail_path.ses_region_state import region_answer, usable_ses_states
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.regions import RegionAnswer, SenderUse
from mailwarden.rules.naming import ON_OR_OFF, identity_message, pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find identities that DEVELOPER pools send as without a configuration set.

    ## What it does
    Checks whether the pool names a set in `ConfigurationSet` or its identity has a default set. There is one finding
    per identity, and it lists the pools.

    ## Why it matters
    Mail works. The only trace of bounces and complaints is a mail to the sender's address, which is often not read.
    When a provider starts to reject your codes, your users notice first, and AWS reviews the account next.

    ## Example
    `"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": "…"}` with an identity without
    `ConfigurationSetName`.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → the identity → Configuration set → Edit: assign a default set
      that has an event destination for bounces and complaints.
    - **Mailwarden's own:** deployed with `CreateConfigurationSet=yes`, every watched region has a set
      `<stack>-feedback` that reports bounces and complaints to Mailwarden; assign that set.
    - **CLI:**

      ```
      aws sesv2 put-email-identity-configuration-set-attributes \
        --configuration-set-name … --email-identity …
      ```

    - **CloudFormation:** `ConfigurationSetAttributes: {ConfigurationSetName: …}` of the `AWS::SES::EmailIdentity`.
    - **Terraform:** `configuration_set_name` of the `aws_sesv2_email_identity`.

    ## Fix and its safety
    None: the identity's owner chooses the set and the destination of its events.

    ## Known gaps
    Feedback topics of the identity (an SNS topic for bounces or complaints) cannot be read through SES v2 and are not
    checked. Only `DEVELOPER` pools are checked: the default sender uses no configuration set of yours.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/managing-configuration-sets.html
    - https://docs.aws.amazon.com/ses/latest/dg/monitor-sending-activity.html
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    if region_answer(path) is RegionAnswer.NOT_ALLOWED:
        return  # MW201 reports that the pool cannot keep this identity
    for ses_state in usable_ses_states(path):
        ref = ses_state.identity_ref
        match ses_state.identity, configuration_set_of(path.pool.email, ref, ses_state.identity):
            case _, Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=refused.message)
            case Identity() as identity, None:
                yield _finding(path, identity)
            case _:
                continue


def _finding(path: MailPath, identity: Identity) -> Finding:
    ref, mailed = identity.ref, identity.feedback_forwarding
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.NONE,
        message=message("MW603.without", pool=pool_message(path.pool), identity=identity_message(ref)),
        why=message("MW603.why.mailed") if mailed else message("MW603.why.not-mailed"),
        remediation=message("MW603.remediation", identity=ref.name, region=ref.region),
        evidence={"configuration_set": message("words.none"), "feedback_forwarding": ON_OR_OFF[mailed]},
    )


RULE = Rule(
    rule_id="MW603",
    name="no-configuration-set",
    link=Link.CONFIGURATION_SET,
    severity=Severity.LOW,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    is_note=True,
    check=check,
)
