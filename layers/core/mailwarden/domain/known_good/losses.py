"""The losses of an EmailConfiguration, compared with the one that was there before."""

from enum import StrEnum

from mailwarden.domain.readings import EmailConfiguration, SenderMode


class Loss(StrEnum):
    """The members that are gone, the worst first."""

    IDENTITY = "identity"
    """The pool sent as an identity of the account, and sends from the default sender."""
    REGION = "region"
    """The pool sends as an identity in a region that it may not use; before, it was one that it may."""
    CUSTOM_FROM = "from"
    """The FROM address of the pool's own."""
    CONFIGURATION_SET = "configuration set"
    REPLY_TO = "reply-to"


def losses_of(before: EmailConfiguration, now: EmailConfiguration, *, region_lost: bool = False) -> tuple[Loss, ...]:
    """The members of *before* that *now* lacks, the worst first; ``region_lost`` is the region table's word.

    Another identity, address or set is a choice of a caller, and no loss.
    """
    lost = {
        Loss.IDENTITY: before.mode is SenderMode.DEVELOPER and now.mode is SenderMode.COGNITO_DEFAULT,
        Loss.REGION: region_lost,
        Loss.CUSTOM_FROM: _is_gone(before.from_address, now.from_address) or _lost_custom_from(before, now),
        Loss.CONFIGURATION_SET: _is_gone(before.configuration_set, now.configuration_set),
        Loss.REPLY_TO: _is_gone(before.reply_to, now.reply_to),
    }
    return tuple(loss for loss, is_lost in lost.items() if is_lost)


def _lost_custom_from(before: EmailConfiguration, now: EmailConfiguration) -> bool:
    """On the default sender SourceArn is the custom FROM address (Cognito API reference, EmailConfigurationType)."""
    default = SenderMode.COGNITO_DEFAULT
    return before.mode is default and now.mode is default and _is_gone(before.source_arn, now.source_arn)


def _is_gone(before: str | None, now: str | None) -> bool:
    return bool(before) and not now
