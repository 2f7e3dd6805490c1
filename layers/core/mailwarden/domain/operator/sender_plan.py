"""Derives the EmailConfiguration that an order asks for: the live one, with nothing changed but what is named.

Errors are messages: the order is refused with them, and nothing is written.
"""

from dataclasses import replace

from mailwarden.domain.findings.changes import ReplaceRiskConfiguration
from mailwarden.domain.known_good.notices import lost_notices
from mailwarden.domain.known_good.risk_configuration import with_notices
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.operator.sender_order import SenderOrder, SenderSetting
from mailwarden.domain.readings import EmailConfiguration, MailFactors, SenderMode, Unreadable
from mailwarden.message import Message, message


def wanted_sender(order: SenderOrder, live: EmailConfiguration, source_arn: str | None) -> EmailConfiguration | Message:
    """The EmailConfiguration after the order, or why there is none; *source_arn* is that of the order's identity."""
    email = _with_sender(order, live, source_arn)
    if email.mode is SenderMode.UNKNOWN:
        return message("set-sender.unknown-mode")
    if email.mode is SenderMode.COGNITO_DEFAULT:
        # "Cannot configure From email address for default email configuration" (UpdateUserPool, aws-cdk issue 9739).
        if order.settings.get(SenderSetting.FROM) is not None:
            return message("set-sender.from-with-default")
        if order.settings.get(SenderSetting.CONFIGURATION_SET) is not None:
            return message("set-sender.set-with-default")
    for setting, value in order.settings.items():
        match setting:
            case SenderSetting.FROM:
                email = replace(email, from_address=value)
            case SenderSetting.REPLY_TO:
                email = replace(email, reply_to=value)
            case SenderSetting.CONFIGURATION_SET:
                email = replace(email, configuration_set=value)
    return email


def restored_notices(path: MailPath) -> ReplaceRiskConfiguration | Message:
    """The risk configuration with the sender of notices that threat protection lost, or why there is none.

    All other parts are those that are live.
    """
    known, risk = path.ledger_facts.notices, path.pool.risk
    if isinstance(path.pool.threat_notices, Unreadable):
        return path.pool.threat_notices.message
    if known is None or risk is None or lost_notices(known, path.pool) is None:
        return message("restore.no-notices-lost")
    after = with_notices(risk, known.sender)
    if after is None:
        return message("restore.notices-not-known")
    return ReplaceRiskConfiguration(pool=path.pool.ref, before=risk, after=after)


def why_nothing_accepted(path: MailPath) -> Message:
    """Why there is no loss to accept; a sender of notices that cannot be read may be one."""
    notices = path.pool.threat_notices
    return notices.message if isinstance(notices, Unreadable) else message("restore.nothing-lost")


def why_nothing_lost(path: MailPath) -> Message:
    """Why the pool's own sender is not restored; where that of the notices was lost, the order that restores it."""
    if lost_notices(path.ledger_facts.notices, path.pool) is None:
        return message("restore.nothing-lost")
    return message("restore.only-notices-lost", id=path.pool.ref.pool_id)


def _with_sender(order: SenderOrder, live: EmailConfiguration, source_arn: str | None) -> EmailConfiguration:
    if order.default:
        # The default sender takes neither a FROM nor a configuration set.
        return EmailConfiguration(
            sending_account=SenderMode.COGNITO_DEFAULT, source_arn=source_arn, reply_to=live.reply_to
        )
    if source_arn is not None:
        return replace(live, sending_account=SenderMode.DEVELOPER, source_arn=source_arn)
    return live


def why_default_is_illegal(
    email: EmailConfiguration, factors: MailFactors, *, second_factor: bool | Unreadable
) -> Message | None:
    """Why the pool may not use the default sender; None if it may, or if *email* does not.

    AWS requires SES in your own account where email is a factor of the sign-in (Cognito developer guide, "SMS and
    email message MFA"). A factor that could not be read counts as one.
    """
    if email.mode is not SenderMode.COGNITO_DEFAULT:
        return None
    if isinstance(factors.first_factor, Unreadable):
        return message("set-sender.mail-factor-unknown", refusal=factors.first_factor.message)
    if factors.first_factor:
        return message("set-sender.mail-factor", factor=message("MW109.first-factor"))
    match second_factor:
        case Unreadable():
            return message("set-sender.mail-factor-unknown", refusal=second_factor.message)
        case True:
            return message("set-sender.mail-factor", factor=message("MW109.second-factor"))
        case False:
            return None
