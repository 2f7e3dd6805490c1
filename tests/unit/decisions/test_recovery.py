"""What became of a write that nobody concluded, as the tables say it: by the live resource, and by nothing else."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import GrantSending, ReplaceEmailConfiguration, ReplaceRiskConfiguration
from mailwarden.domain.known_good.risk_configuration import notices_in, risk_text
from mailwarden.domain.readings import (
    EmailConfiguration,
    IdentityReading,
    Missing,
    Pool,
    PoolReading,
    RoleReading,
    SenderMode,
    ServiceLinkedRole,
    Unreadable,
)
from mailwarden.domain.repair.journal import NotWritten, Overtaken, SideEffect, WriteOutcome, Written
from mailwarden.domain.repair.recovery import (
    LiveState,
    outcome_of,
    state_of_policies,
    state_of_pool,
    state_of_risk,
    state_of_role,
)
from mailwarden.message import message
from tests.builders import developer, identity, identity_ref, pool, unread
from tests.tables import Row, table
from tests.unit.known_good.risks import TAKEOVER, Parts, takeover

REFUSED = unread("any:Read")
BEFORE = EmailConfiguration(reply_to="help@example.com")
AFTER = developer(identity_ref())
MOVE = ReplaceEmailConfiguration(pool=pool().ref, before=BEFORE, after=AFTER)
POOLS: dict[str, PoolReading] = {
    "before": pool(email=BEFORE),
    "before, with its mode": pool(email=replace(BEFORE, sending_account=SenderMode.COGNITO_DEFAULT)),
    "after": pool(email=AFTER),
    "after and another From": pool(email=replace(AFTER, from_address="else@example.com")),
    "after, but on the default sender": pool(email=replace(AFTER, sending_account=None)),
    "after and another set": pool(email=replace(AFTER, configuration_set="else")),
    "before and another reply-to": pool(email=replace(BEFORE, reply_to=None)),
    "gone": Missing(arn=pool().ref.arn),
    "refused": REFUSED,
    "throttled": replace(REFUSED, transient=True),
}
OTHERS: Parts = {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.1/32"]}}
SENDER: Parts = {TAKEOVER: takeover("High")}
NOTICES = ReplaceRiskConfiguration(pool=pool().ref, before=risk_text(OTHERS), after=risk_text({**OTHERS, **SENDER}))


def with_risk(parts: Parts) -> Pool:
    return replace(pool(), acts_on_threats=True, risk=risk_text(parts), threat_notices=notices_in(risk_text(parts)))


RISKS: dict[str, PoolReading] = {
    "before": with_risk(OTHERS),
    "after": with_risk({**OTHERS, **SENDER}),
    "after and another part": with_risk({**OTHERS, **SENDER, "CompromisedCredentialsRiskConfiguration": {"A": "B"}}),
    "the sender and no other part": with_risk(SENDER),
    "nothing": with_risk({}),
    "threat protection off": pool(),
    "gone": Missing(arn=pool().ref.arn),
    "refused": REFUSED,
    "risk refused": replace(pool(), acts_on_threats=True, threat_notices=REFUSED),
}
TEXTS = {
    "before": '{"Statement":[],"Version":"1"}',
    "before, in other words": '{ "Version": "1",\n "Statement": [] }',
    "after": '{"Statement":[],"Version":"2"}',
    "after, in other words": '{"Version":"2", "Statement":[]}',
    "else": '{"Statement":[],"Version":"3"}',
    "not JSON": "{",
}
GRANT = GrantSending(
    identity=identity_ref(),
    pools=(pool().ref,),
    before={"a": TEXTS["before"], "b": None, "c": TEXTS["before"]},
    after={"a": TEXTS["after"], "b": TEXTS["after"], "c": None},
)
ROLES: dict[str, RoleReading] = {
    "absent": ServiceLinkedRole.ABSENT,
    "present": ServiceLinkedRole.PRESENT,
    "refused": REFUSED,
}


OUTCOMES: dict[LiveState, WriteOutcome] = {
    LiveState.BEFORE: NotWritten(reason=message("recovery.not-written")),
    LiveState.AFTER: Written(entry_id="entry"),
    LiveState.PARTLY: SideEffect(reason=message("recovery.partly-written")),
    LiveState.OTHER: Overtaken(reason=message("recovery.overtaken")),
}


def told(state: LiveState | Unreadable) -> tuple[str, str]:
    """The state and the kind of outcome."""
    if isinstance(state, Unreadable):
        return "refused", ""
    outcome = outcome_of(state, entry_id="entry")
    assert outcome == OUTCOMES[state]
    return state.value, type(outcome).__name__


def expected(row: Row) -> tuple[str, str]:
    return row.outcome["state"], row.outcome["outcome"]


@pytest.mark.parametrize("row", table("recovery", "A pool").rows, ids=lambda row: str(row.conditions["live"]))
def test_a_pool_is_compared_by_its_email_configuration(row: Row) -> None:
    assert told(state_of_pool(MOVE, POOLS[row.conditions["live"]])) == expected(row)


@pytest.mark.parametrize("row", table("recovery", "The policies of an identity").rows, ids=str)
def test_policies_are_compared_by_meaning_and_only_those_that_the_change_names(row: Row) -> None:
    case = row.conditions
    policies = {name: TEXTS[case[name]] for name in "abc" if case.get(name) in TEXTS}
    policies |= {"theirs": TEXTS["else"]} if case.get("theirs") == "changed" else {}
    absent: dict[str, IdentityReading] = {"gone": Missing(arn=identity_ref().arn), "refused": REFUSED}
    live = absent.get(case["a"], identity(policies=policies))

    assert told(state_of_policies(GRANT, live)) == expected(row)


@pytest.mark.parametrize("row", table("recovery", "A risk configuration").rows, ids=str)
def test_a_risk_configuration_is_compared_whole(row: Row) -> None:
    assert told(state_of_risk(NOTICES, RISKS[row.conditions["live"]])) == expected(row)


@pytest.mark.parametrize("row", table("recovery", "The role").rows, ids=lambda row: str(row.conditions["live"]))
def test_the_role_is_there_or_not(row: Row) -> None:
    assert told(state_of_role(ROLES[row.conditions["live"]])) == expected(row)


@pytest.mark.parametrize("odd", ["", "{", "[" * 100_000 + "]" * 100_000, "NaN", '"\\ud800"'], ids=lambda odd: odd[:9])
def test_a_policy_that_cannot_be_read_is_compared_by_its_text(odd: str) -> None:
    change = replace(GRANT, before={"a": odd}, after={"a": None})

    assert state_of_policies(change, identity(policies={"a": odd})) is LiveState.BEFORE
    assert state_of_policies(change, identity(policies={"a": odd + "x"})) is LiveState.OTHER
    assert state_of_policies(change, identity()) is LiveState.AFTER
