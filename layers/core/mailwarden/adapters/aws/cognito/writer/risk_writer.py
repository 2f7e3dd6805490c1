"""Sets the risk configuration of a user pool whole, and nothing else; refuses what it is not certain of.

SetRiskConfiguration has no conditional form, and AWS does not document what it does to a part that a call leaves out:
the request names every part that is to be there, and the look after the write compares all of them.
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from mailwarden.adapters.aws.clients import LONGEST_CALL, LONGEST_POOL_WRITE, Clients
from mailwarden.adapters.aws.cognito.risk import DESCRIBE_RISK, DescribedRisk, described_risk
from mailwarden.adapters.aws.cognito.writer.snapshot import gone
from mailwarden.adapters.aws.errors import AwsError, code_of, message_of
from mailwarden.adapters.aws.guarded_write import GuardedWrite, Taken, WriteTime, look_before
from mailwarden.domain.findings.changes import ReplaceRiskConfiguration
from mailwarden.domain.known_good.risk_configuration import risk_parts
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, WriteResult, Written
from mailwarden.message import Message, message, verbatim

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import SetRiskConfigurationRequestTypeDef

SET_RISK = "cognito-idp:SetRiskConfiguration"
# Seconds before the second, third and fourth attempt, and before another look while the old configuration is shown.
_PAUSES = (0.3, 0.9, 2.7)
_UNTIL_SEEN = (0.2, 0.6, 1.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskWriter:
    """Carries out ReplaceRiskConfiguration. ``account`` is the deployment's; pools of other accounts are refused."""

    clients: Clients
    account: str
    time: WriteTime

    def write(self, change: ReplaceRiskConfiguration, *, entry_id: str) -> WriteResult:
        """Write ``after`` if ``before`` is live. Raises an error only if AWS certainly wrote nothing."""
        if change.pool.account != self.account:
            return Refused(reason=message("write.pool-of-another-account", account=change.pool.account))
        if change.before == change.after:
            return Refused(reason=message("write.no-change"))
        deadline, writer = self.time.begin(), self.clients.cognito_writing(change.pool.region)
        # botocore validates the request, which comes from the journal's change, before it is sent.
        request = cast(
            "SetRiskConfigurationRequestTypeDef", {"UserPoolId": change.pool.pool_id, **risk_parts(change.after)}
        )
        sent = GuardedWrite(
            resource=change.resource,
            deadline=deadline,
            look=lambda: self._before(change),
            drift=lambda look: _drift(change, look),
            is_written=lambda look: look.text == change.after,
            send=lambda: writer.set_risk_configuration(**request),
            refused=_refused,
            moved=gone,
            pauses=_PAUSES,
            longest=LONGEST_CALL + LONGEST_POOL_WRITE,
            reserve=2 * LONGEST_CALL,
        ).carry_out()
        if not isinstance(sent, Taken):
            return sent
        try:
            live = deadline.read_until(
                lambda: self._look(change.pool),
                lambda look: look.text != change.before,
                pauses=_UNTIL_SEEN,
                longest=LONGEST_CALL,
            )
        except (ClientError, BotoCoreError) as error:
            return Unconfirmed(reason=message("write.not-verified", code=code_of(error)), window=sent.window)
        if live.text == change.before:
            return Unconfirmed(reason=message("write.not-visible"), window=sent.window)
        wrong = _differing(change.after, live.text)
        if wrong:
            return SideEffect(reason=message("write.also-changed", members=wrong), window=sent.window)
        return Written(entry_id=entry_id, window=sent.window)

    def _before(self, change: ReplaceRiskConfiguration) -> DescribedRisk | Drifted | Refused:
        look = look_before(lambda: self._look(change.pool), action=DESCRIBE_RISK, moved=gone)
        if isinstance(look, DescribedRisk) and look.unknown_members:
            return Refused(reason=message("write.unknown-members", members=look.unknown_members))
        return look

    def _look(self, pool: PoolRef) -> DescribedRisk:
        return described_risk(self.clients.cognito_once(pool.region), pool)


def _drift(change: ReplaceRiskConfiguration, look: DescribedRisk) -> Message | None:
    differing = _differing(change.before, look.text)
    return message("write.risk-moved", members=differing) if differing else None


def _differing(one: str, other: str) -> tuple[str, ...]:
    """The parts that differ, by their names in the Cognito API; never a value."""
    left, right = risk_parts(one), risk_parts(other)
    names = left.keys() | right.keys()
    return tuple(sorted(name for name in names if json.dumps(left.get(name)) != json.dumps(right.get(name))))


def _refused(error: AwsError) -> Refused:
    if isinstance(error, ParamValidationError):
        return Refused(reason=message("write.risk-not-valid", error=verbatim(str(error))))
    return Refused(reason=message("write.refused", action=SET_RISK, error=message_of(error)))
