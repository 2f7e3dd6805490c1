"""MW117: threat protection lost the sender of its notices, by a call that did not say so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.known_good.notices import lost_notices
from mailwarden.domain.known_good.origin import Origin
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ThreatNotices
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Argument, Message, message
from mailwarden.rules.authors import author_message, event_ids
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule

# As for MW108: until then the event of the call may be on its way.
_HEARD_WITHIN = timedelta(minutes=10)


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose threat protection lost the sender of its notices, by a call that did not name it.

    ## What it does
    Mailwarden remembers the `NotifyConfiguration` of a pool's risk configuration while threat protection acts and
    notifies. The rule fires if no notice has a sender any more and the record of the call shows that it left the
    sender out: it named other parts of the risk configuration only, or actions with `Notify` and no
    `NotifyConfiguration`.

    It does not fire if the call wanted no notices: its actions have no `Notify`, or it reset the whole risk
    configuration. That was a choice, whoever made it.

    ## Why it matters
    Users are no longer told of risky sign-ins to their account. A call that only sets what happens to compromised
    credentials may have taken the notices away: it succeeds, and no other call reports the loss. AWS does not document
    what `SetRiskConfiguration` does to a part that it leaves out. Codes are still sent, so the pool is *at risk*.

    ## Example
    The risk configuration of a pool had
    `"NotifyConfiguration": {"SourceArn": "arn:aws:ses:eu-west-1:…:identity/security@example.com"}`. A call of
    `SetRiskConfiguration` with nothing but `CompromisedCredentialsRiskConfiguration` left it without.

    ## What to do
    - **Mailwarden:** `make restore POOL=… NOTICES=yes` shows what restoring the former sender of notices would change,
      and how the pool would be judged; with `APPLY=yes` it writes it. If the loss was intended,
      `make restore POOL=… ACCEPT=yes` ends the finding.
    - **Console:** Amazon Cognito → User pools → the pool → Threat protection → Adaptive authentication: set the
      responses that notify again, and the sender that the finding names.
    - **CLI:** do not send a partial risk configuration again: it may remove what it does not name.
    - **CloudFormation:** `AccountTakeoverRiskConfiguration` with `NotifyConfiguration` of the
      `AWS::Cognito::UserPoolRiskConfigurationAttachment`.
    - **Terraform:** `notify_configuration` in `account_takeover_risk_configuration` of the
      `aws_cognito_risk_configuration`.

    ## Fix and its safety
    None by itself, in no mode: a person restores the sender with one command. The one way to remove a risk
    configuration that AWS documents is a call without its parts. So a call that leaves the sender out may be a choice,
    and no record can prove that it was not.

    The command writes back the `NotifyConfiguration` with its mail texts, and the responses that notified if none is
    left that does. Responses that are live and all other parts of the risk configuration are sent back as they are, and
    a second read compares every part. The write is journaled and can be undone.

    ## Known gaps
    Risk configurations of single app clients are neither read nor written. If threat protection itself is turned off,
    or set to `AUDIT`, its notices are not expected any more. A loss that no event reported is alerted ten minutes after
    the first look that found it, so with the next sweep.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetRiskConfiguration.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_NotifyConfigurationType.html
    """
    known = path.ledger_facts.notices
    authorship = lost_notices(known, path.pool)
    if known is None or authorship is None:
        return
    before = _parts(known.sender)
    evidence: dict[str, Argument] = {"notices_before": before, "changed_by": author_message("MW117", authorship)}
    if authorship.calls:
        evidence["event_id"] = event_ids(authorship)
    finding = RULE.finding(
        path,
        effect=Effect.AT_RISK,
        message=message("MW117.lost", pool=pool_message(path.pool), before=before),
        why=message("MW117.why"),
        remediation=message("MW117.remediation", id=path.pool.ref.pool_id),
        evidence=evidence,
    )
    missing_since = known.missing_since or path.taken_at
    patience = min(_HEARD_WITHIN, path.thresholds.unannounced_grace)
    if authorship.origin is Origin.NOT_HEARD and path.taken_at - missing_since < patience:
        finding = replace(finding, is_note=True)
    yield finding


def _parts(sender: ThreatNotices) -> tuple[Message, ...]:
    """A NotifyConfiguration, member by member."""
    parts = (
        message("email.identity", identity=sender.source_arn) if sender.source_arn else None,
        message("email.from", address=sender.from_address) if sender.from_address else None,
        message("notices.reply-to", address=sender.reply_to) if sender.reply_to else None,
    )
    return tuple(part for part in parts if part is not None) or (message("words.not-reported"),)


RULE = Rule(
    rule_id="MW117",
    name="notices-sender-lost",
    link=Link.SENDER,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "cognito-idp:DescribeRiskConfiguration"}),
    check=check,
)
