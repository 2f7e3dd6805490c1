"""An operator's order about the sender of a pool, and its possible results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration, ReplaceRiskConfiguration
from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.operator.undo import ForeseenPool
from mailwarden.domain.repair.journal import WriteResult
from mailwarden.message import Message

type SenderChange = ReplaceEmailConfiguration | ReplaceRiskConfiguration
"""The write of an order about a sender."""


class SenderSetting(StrEnum):
    """The settings of a sender that an order can name beside the identity."""

    FROM = "from"
    REPLY_TO = "reply_to"
    CONFIGURATION_SET = "configuration_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderOrder:
    """The order; without ``apply`` it is a dry run. ``by`` and ``reason`` are the caller's own claims.

    ``name`` is the name by which the pool was found: a pool that has another name by now is not meant.

    ``identity`` is an ARN, or the name of an identity that is looked for in the SES regions that the pool may use.
    ``settings`` has the named settings only; None removes one. ``default`` asks for Cognito's default sender.
    ``although_worse`` accepts a judgment that is worse but does not stop the mail. ``restore`` asks for the last known
    good sender in place of all that, ``restore_notices`` for that of threat protection's notices; ``accept`` declares
    the live ones good: then nothing is written to the pool.
    """

    pool: AskedPool
    by: str
    reason: str = ""
    name: str | None = None
    identity: str | None = None
    settings: Mapping[SenderSetting, str | None] = field(default_factory=dict)
    default: bool = False
    although_worse: bool = False
    restore: bool = False
    restore_notices: bool = False
    accept: bool = False
    apply: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRefused:
    """Nothing was written, for ``reason``; ``change`` and ``foreseen`` are there if the result is worse."""

    reason: Message
    change: SenderChange | None = None
    foreseen: ForeseenPool | None = None
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderUnchanged:
    """The pool has this sender already: there is nothing to write."""

    foreseen: ForeseenPool


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderPlanned:
    """The result of a dry run: the write, the judgment after it, and what the operator should know before."""

    change: SenderChange
    foreseen: ForeseenPool
    warnings: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderCarriedOut:
    """The write was attempted; ``entry_id`` is its journal entry."""

    change: SenderChange
    foreseen: ForeseenPool
    warnings: tuple[Message, ...]
    entry_id: str
    outcome: WriteResult


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderAccepted:
    """The live sender is the expected one from now on; nothing was written to the pool."""

    foreseen: ForeseenPool


type SenderAnswer = SenderRefused | SenderUnchanged | SenderPlanned | SenderCarriedOut | SenderAccepted
