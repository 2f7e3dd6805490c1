"""MW108: a pool lost the sender that it is known to have had, by a call that did not say so."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from mailwarden.domain.findings.changes import Applicability, Fix, ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.sender_reset import may_be_reset, sender_reset_of
from mailwarden.domain.known_good.evidence import accident_in
from mailwarden.domain.known_good.losses import Loss
from mailwarden.domain.known_good.origin import Origin
from mailwarden.domain.known_good.steps import SenderReset
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import EmailConfiguration, SenderMode, SesAccount
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Argument, Message, message
from mailwarden.regions import NoRow
from mailwarden.rules.authors import author_message, event_ids
from mailwarden.rules.default_sender import MAILS_A_DAY
from mailwarden.rules.naming import no_row_message, pool_message
from mailwarden.rules.rule import Rule

# How bad each loss is: another sender and a limit of 50 mails a day; mail that is lost; mail that looks different.
_SEVERITIES: Mapping[Loss, Severity] = MappingProxyType(
    {
        Loss.IDENTITY: Severity.CRITICAL,
        Loss.REGION: Severity.CRITICAL,
        Loss.CUSTOM_FROM: Severity.HIGH,
        Loss.CONFIGURATION_SET: Severity.MEDIUM,
        Loss.REPLY_TO: Severity.MEDIUM,
    }
)
_WORDS: Mapping[Loss, Message] = MappingProxyType(
    {
        Loss.IDENTITY: message("MW108.loss.identity"),
        Loss.REGION: message("MW108.loss.region"),
        Loss.CUSTOM_FROM: message("MW108.loss.from"),
        Loss.CONFIGURATION_SET: message("MW108.loss.configuration-set"),
        Loss.REPLY_TO: message("MW108.loss.reply-to"),
    }
)
_WHYS: Mapping[Loss, Message] = MappingProxyType(
    {
        Loss.IDENTITY: message("MW108.why.identity", limit=MAILS_A_DAY),
        Loss.REGION: message("MW108.why.region"),
        Loss.CUSTOM_FROM: message("MW108.why.from"),
        Loss.CONFIGURATION_SET: message("MW108.why.configuration-set"),
        Loss.REPLY_TO: message("MW108.why.reply-to"),
    }
)
# An event is seldom later: until then a change without a call is recorded, and nobody is alerted.
_HEARD_WITHIN = timedelta(minutes=10)
_MOST_SETTINGS = 12


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools that lost their identity, their FROM, their configuration set or their REPLY-TO by accident.

    ## What it does
    Mailwarden remembers the last known good `EmailConfiguration` of each pool: one that it judged *yes*, or *at risk*
    only for reasons that existed, and that was held through the settle time. The rule fires if the live one lacks
    something of it: the identity (the pool is on the default sender), a FROM address, the configuration set, the
    REPLY-TO, or an SES region that the pool may use.

    It does not fire if the record of the call names `EmailConfiguration`: that was a choice, whoever made it. The new
    configuration is expected from then on. The finding names the calls that reached Mailwarden since the last good
    look, and the other settings of the pool that changed since that look.

    ## Why it matters
    `UpdateUserPool` resets what a call leaves out. Adding a trigger or a tag with the AWS CLI, with an SDK, or with a
    deployment whose template does not contain the sender, moves a pool from its own identity to the default sender:
    another FROM, 50 mails a day for the whole account, no bounces to be seen. The call succeeds, and the pool can still
    send, until the limit is used.

    ## Example
    A `DEVELOPER` pool sends as `example.com`. A call of `UpdateUserPool` with nothing but `AutoVerifiedAttributes`
    leaves it with `"EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}`.

    ## What to do
    - **Mailwarden:** `make restore POOL=…` shows what restoring the last known good sender would change, and how the
      mail would be judged; with `APPLY=yes` it writes it, and nothing else of the pool. If the change was intended,
      `make restore POOL=… ACCEPT=yes` makes the sender that the pool has now the expected one.
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: set the sender again
      that the finding names. Compare the other settings that it lists; Mailwarden does not change them.
    - **CLI:** `aws cognito-idp describe-user-pool` shows what is live. Do not send a partial update again.
    - **CloudFormation:** put `EmailConfiguration` into the `AWS::Cognito::UserPool`: an update without it resets it.
    - **Terraform:** put `email_configuration` into the `aws_cognito_user_pool`, for the same reason.

    ## Fix and its safety
    Restores the `EmailConfiguration` that the pool lost, and nothing else of the pool. The fix is safe only if the
    records of the calls prove an accident: exactly one successful `UpdateUserPool` since the pool was last found as
    expected; its time is that of `LastModifiedDate`; its record names the caller and the tool, and shows parameters
    without `emailConfiguration`; and `LookupEvents` of CloudTrail confirms that call and shows no other, nor a failed
    one that names `emailConfiguration`. A look must have found the former sender unchanged through the settle time. A
    record of the region must have shown `emailConfiguration` before, because only then its absence means something.
    With the sender restored no mail may be lost and nothing unknown. In any other case Mailwarden writes nothing, in
    the mode unsafe either: the finding names the reason, and a person restores the sender with one command.

    A call that names `EmailConfiguration` is never reverted, nor is the call of a deployment or a pool that a stack
    owns. CloudTrail may show a call many minutes later, and one of them may have been a choice: Mailwarden alerts at
    once, and restores 15 minutes after the call (`RestoreAfterSeconds`). If any call moves `LastModifiedDate` before
    the write, nothing is written. A sender that was lost more than a day ago is left to people.

    ## Known gaps
    A configuration that was lost before Mailwarden judged it good is not known, nor is one that was not used because a
    function sent the mail. A change that no event reported is alerted ten minutes after `LastModifiedDate`, and the
    finding says that the caller is not known. If the events of two calls arrive in the wrong order, the finding may
    open and close again. No public record shows whether CloudTrail's record of `UpdateUserPool` contains
    `emailConfiguration`: Mailwarden learns it for each region from the first call that names it. The loss of the sender
    of threat protection's notices is MW117. Settings that `DescribeUserPool` does not return, such as TOTP, are not
    compared.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    """
    reset = sender_reset_of(path)
    if reset is None:
        if isinstance(path.row, NoRow) and may_be_reset(path):
            yield RULE.undecided(path, because=no_row_message(path.row))
        return
    before, lost = reset.known.email, reset.losses
    finding = RULE.finding(
        path,
        effect=Effect.AT_RISK,
        severity=max(_SEVERITIES[loss] for loss in lost),
        message=message(
            "MW108.lost",
            pool=pool_message(path.pool),
            lost=tuple(_WORDS[loss] for loss in lost),
            before=configuration_parts(before),
            now=configuration_parts(path.pool.email),
        ),
        why=_WHYS[lost[0]],
        remediation=message("MW108.remediation", id=path.pool.ref.pool_id),
        evidence=_evidence(path, reset),
        fix=_restore(path, reset),
    )
    unheard = reset.authorship.origin is Origin.NOT_HEARD
    patience = min(_HEARD_WITHIN, path.thresholds.unannounced_grace)
    if unheard and path.taken_at - path.pool.last_modified < patience:
        finding = replace(finding, is_note=True)
    yield finding


def _restore(path: MailPath, reset: SenderReset) -> Fix | None:
    """Give back what was lost; safe only if the records prove an accident, and repair asks CloudTrail once more."""
    if path.as_restored is None:
        return None
    accident = accident_in(reset, modified=path.pool.last_modified)
    doubt = accident if isinstance(accident, Message) else None
    if reset.known.email.mode is SenderMode.COGNITO_DEFAULT and path.pool.email.mode is not SenderMode.COGNITO_DEFAULT:
        # It may be forbidden where the sign-in needs mail, and it limits every pool of the account: a person decides.
        doubt = doubt or message("evidence.back-to-default")
    is_shown = path.ledger_facts.email_is_shown
    not_safe = doubt or (None if is_shown else message("evidence.not-learned", region=path.pool.ref.region))
    return Fix(
        title=message("fix.restore-sender", pool=pool_message(path.pool)),
        applicability=Applicability.SAFE if not_safe is None else Applicability.MANUAL,
        not_safe=not_safe,
        change=ReplaceEmailConfiguration(
            pool=path.pool.ref,
            before=path.pool.email,
            after=reset.known.email,
            modified=path.pool.last_modified,
        ),
    )


def configuration_parts(email: EmailConfiguration) -> tuple[Message, ...]:
    """An EmailConfiguration, member by member, as people read it."""
    sender = message("email.default-sender") if email.mode is SenderMode.COGNITO_DEFAULT else None
    parts = (
        sender,
        message("email.identity", identity=email.source_arn) if email.source_arn else None,
        message("email.from", address=email.from_address) if email.from_address else None,
        message("email.reply-to", address=email.reply_to) if email.reply_to else None,
        message("email.configuration-set", name=email.configuration_set) if email.configuration_set else None,
    )
    return tuple(part for part in parts if part is not None)


def _evidence(path: MailPath, reset: SenderReset) -> Mapping[str, Argument]:
    calls = reset.authorship.calls
    evidence: dict[str, Argument] = {
        "configuration_before": configuration_parts(reset.known.email),
        "configuration_now": configuration_parts(path.pool.email),
        "changed_by": author_message(RULE.rule_id, reset.authorship),
        "last_modified": path.pool.last_modified.isoformat(timespec="seconds"),
        "mails_a_day": _mails_a_day(path),
    }
    if calls:
        evidence["event_id"] = event_ids(reset.authorship)
    others = tuple(changed_settings(reset.known.settings, path.pool.settings)) if reset.known.settings else ()
    if others:
        shown = others[:_MOST_SETTINGS]
        more = len(others) - len(shown)
        evidence["also_changed"] = message("words.several-and-more", shown=shown, more=more) if more else shown
    return evidence


def changed_settings(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Message]:
    """The settings that differ between two looks, by path; what is a digest is named without its value."""
    for path in sorted(before.keys() | now.keys()):
        old, new = before.get(path), now.get(path)
        if old == new:
            continue
        if (old or "").startswith("#") or (new or "").startswith("#"):
            yield message("setting.gone" if new is None else "setting.changed", setting=path)
        else:
            absent = message("words.absent")
            yield message("setting.from-to", setting=path, old=old or absent, new=new or absent)


def _mails_a_day(path: MailPath) -> Message:
    if path.pool.email.mode is SenderMode.COGNITO_DEFAULT:
        return message("MW101.limit", limit=MAILS_A_DAY)
    accounts = [ses_state.account for ses_state in path.ses_states]
    quotas = [account.max_24_hour_send for account in accounts if isinstance(account, SesAccount)]
    return message("MW108.quota", limit=int(min(quotas))) if quotas else message("words.unknown")


RULE = Rule(
    rule_id="MW108",
    name="sender-reset",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    writes=frozenset({"cognito-idp:UpdateUserPool"}),
    check=check,
)
