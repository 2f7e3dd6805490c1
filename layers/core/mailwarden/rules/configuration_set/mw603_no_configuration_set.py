"""MW603: the mail passes through no configuration set, so nobody counts its bounces and complaints."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity, configuration_set_of
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states, region_answer
from mailwarden.domain.readings import Identity, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.regions import RegionAnswer, SenderUse
from mailwarden.rules.naming import identity_words, pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find identities as which DEVELOPER pools send without any configuration set.

    ## What it does
    Looks whether the pool names a set in `ConfigurationSet` or its identity has a default one. There is one finding for
    the identity, and it lists the pools.

    ## Why it matters
    Mail works. Bounces and complaints leave no trace but a mail to the sender's address, often one that nobody reads:
    when a provider begins to refuse your codes, users complain first, and AWS reviews the account next.

    ## Example
    `"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": "…"}` with an identity without
    `ConfigurationSetName`.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → the identity → Configuration set → Edit: assign a default set
      that has an event destination for bounces and complaints.
    - **Mailwarden's own:** deployed with `CreateConfigurationSet=yes`, every watched region has a set
      `<stack>-feedback` that tells Mailwarden of bounces and complaints; assign that one.
    - **CLI:** `aws sesv2 put-email-identity-configuration-set-attributes --email-identity … --configuration-set-name
      …`.
    - **CloudFormation:** `ConfigurationSetAttributes: {ConfigurationSetName: …}` of the `AWS::SES::EmailIdentity`.
    - **Terraform:** `configuration_set_name` of the `aws_sesv2_email_identity`.

    ## Fix and its safety
    None: which set is meant, and who takes its events, is its owner's choice.

    ## Known gaps
    Feedback topics of the identity (an SNS topic for bounces or complaints) cannot be read through SES v2 and are not
    looked at. Only `DEVELOPER`: mail of the default sender passes through no set of yours.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/managing-configuration-sets.html
    - https://docs.aws.amazon.com/ses/latest/dg/monitor-sending-activity.html
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    if region_answer(path) is RegionAnswer.NOT_ALLOWED:
        return  # MW201 tells that the pool cannot stay with this identity
    for ses_state in judged_ses_states(path):
        ref = ses_state.identity_ref
        match ses_state.identity, configuration_set_of(path.pool.email, ref, ses_state.identity):
            case _, Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=str(refused))
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
        message=f"{pool_words(path.pool)} sends as {identity_words(ref)} without a configuration set",
        why="bounces and complaints are only mailed to the sender's address, and nothing counts them"
        if mailed
        else "nothing shows bounces and complaints, and they are not mailed to the sender either",
        remediation=f"Assign a default configuration set with an event destination to {ref.name} in SES region "
        f"{ref.region}",
        evidence={"configuration_set": "none", "feedback_forwarding": "on" if mailed else "off"},
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
