"""What a person may undo, and what is left alone then, as the tables say it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    OperatorChange,
    RemoveSuppression,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
)
from mailwarden.domain.known_good.risk_configuration import notices_in, risk_text
from mailwarden.domain.readings import EmailConfiguration, IdentityReading, Missing, PoolReading, SenderMode
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import (
    Drifted,
    Entry,
    Intention,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    WriteOutcome,
    Written,
)
from mailwarden.domain.repair.undo import undo_of_configuration, undo_of_grant, undo_of_risk, why_not_undone
from mailwarden.message import Argument, Message, message, verbatim
from mailwarden.policy import GrantPlan, grant_pools, own_grants
from mailwarden.policy.grant.grant import Grant
from tests.builders import ACCOUNT, NOON, developer, identity, identity_ref, pool, ses_account, unread
from tests.tables import combinations, table
from tests.unit.known_good.risks import TAKEOVER, takeover

HERE = identity_ref()
MOVE = ReplaceEmailConfiguration(
    pool=pool().ref, before=EmailConfiguration(reply_to="help@example.com"), after=developer(HERE)
)
GLOBAL = "email.cognito-idp.amazonaws.com"
POOLS = {name: pool(pool_id=f"us-east-1_{name}") for name in "ABCD"}
WHY = verbatim("because")
OUTCOMES: dict[str, WriteOutcome | None] = {
    "open": None,
    "Written": Written(entry_id="e"),
    "Drifted": Drifted(reason=WHY),
    "Refused": Refused(reason=WHY),
    "SideEffect": SideEffect(reason=WHY),
    "NotWritten": NotWritten(reason=WHY),
    "Overtaken": Overtaken(reason=WHY),
}


def policy(*names: str) -> dict[str, str]:
    """Our policy that lets these pools send."""
    return granting({}, *names).after_texts


class _Plan:
    def __init__(self, plan: GrantPlan) -> None:
        self.before, self.after = plan.before, plan.after

    @property
    def after_texts(self) -> dict[str, str]:
        return {name: text for name, text in self.after.items() if text is not None}


def granting(live: dict[str, str], *names: str) -> _Plan:
    grants = [Grant(principal=GLOBAL, pool_arn=POOLS[name].ref.arn) for name in names]
    planned = grant_pools(live, identity_arn=HERE.arn, account=ACCOUNT, grants=grants)
    assert isinstance(planned, GrantPlan)
    return _Plan(planned)


def a_grant(live: dict[str, str], *names: str) -> GrantSending:
    planned = granting(live, *names)
    refs = tuple(POOLS[name].ref for name in names)
    return GrantSending(identity=HERE, pools=refs, before=planned.before, after=planned.after)


def an_entry(
    change: Change | OperatorChange,
    *,
    outcome: WriteOutcome | None = OUTCOMES["Written"],
    undoes: str | None = None,
    undone_by: str | None = None,
    entry_id: str = "e-1",
) -> Entry:
    intention = Intention(
        entry_id=entry_id,
        at=NOON,
        findings=(),
        pools=(),
        title=verbatim("Mend it"),
        change=change,
        change_digest=change_digest(change),
        cause=None,
        undoes=undoes,
    )
    return Entry(intention=intention, outcome=outcome, concluded_at=NOON, undone_by=undone_by)


NOTICES = ReplaceRiskConfiguration(pool=MOVE.pool, before=risk_text({}), after=risk_text({TAKEOVER: takeover("High")}))
CHANGES: dict[str, Change | OperatorChange] = {
    "role": CreateServiceLinkedRole(partition="aws", account=ACCOUNT),
    "suppression": RemoveSuppression(account=ses_account().ref, address_digest="0", reason="BOUNCE", since=NOON),
    "grant": a_grant({}, "A"),
    "move": MOVE,
    "notices": NOTICES,
}


NO_UNDO: dict[str, Message | None] = {
    "": None,
    "undo.role": message("undo.role"),
    "undo.suppression": message("undo.suppression"),
    "undo.other-account": message("undo.other-account", account=ACCOUNT),
    "undo.is-an-undo": message("undo.is-an-undo", entry_id="e-0"),
    "undo.open": message("undo.open"),
    "undo.not-written": message("undo.not-written", reason=WHY),
    "undo.already": message("undo.already", entry_id="e-2"),
    "undo.too-old": message("undo.too-old", days=30),
}


def test_whether_an_entry_has_an_undo() -> None:
    expected = table("undo", "Whether an entry has an undo")
    for case in combinations(
        **{
            "change": tuple(CHANGES),
            "account": ("this", "other"),
            "is an undo": ("no", "yes"),
            "outcome": tuple(OUTCOMES),
            "undone": ("no", "yes"),
            "age": ("30 days", "over 30 days"),
        }
    ):
        entry = an_entry(
            CHANGES[case["change"]],
            outcome=OUTCOMES[case["outcome"]],
            undoes="e-0" if case["is an undo"] == "yes" else None,
            undone_by="e-2" if case["undone"] == "yes" else None,
        )
        age = timedelta(days=30, microseconds=1 if case["age"] == "over 30 days" else 0)

        reason = why_not_undone(entry, at=NOON + age, account=ACCOUNT if case["account"] == "this" else "999999999999")

        assert reason == NO_UNDO[expected.decide(case)["reason"]], case
    assert expected.idle == []


AFTER = MOVE.after
LIVE_POOLS: dict[str, PoolReading] = {
    "what was written": pool(email=AFTER),
    "what was written, and another From": pool(email=replace(AFTER, from_address="else@example.com")),
    "what was written, without a set": pool(email=replace(AFTER, configuration_set="else")),
    "the former configuration": pool(email=MOVE.before),
    "nothing": pool(email=EmailConfiguration()),
    "refused": unread("cognito-idp:DescribeUserPool"),
    "gone": Missing(arn=pool().ref.arn),
}


@pytest.mark.parametrize("live", LIVE_POOLS)
def test_the_undo_of_a_configuration(live: str) -> None:
    undo = undo_of_configuration(MOVE, LIVE_POOLS[live])

    expected = table("undo", "A configuration").decide({"live": live})["undo"]
    if expected == "the former configuration":
        assert undo == ReplaceEmailConfiguration(pool=MOVE.pool, before=AFTER, after=MOVE.before)
    else:
        refused = {"refusal": unread("cognito-idp:DescribeUserPool").message} if live == "refused" else {}
        assert undo == message(expected, **refused)


WITH_NOTICES = replace(pool(), acts_on_threats=True, risk=NOTICES.after, threat_notices=notices_in(NOTICES.after))
LIVE_RISKS: dict[str, PoolReading] = {
    "what was written": WITH_NOTICES,
    "the former configuration": replace(WITH_NOTICES, risk=NOTICES.before, threat_notices=None),
    "another part": replace(WITH_NOTICES, risk=risk_text({"RiskExceptionConfiguration": {"A": "B"}})),
    "threat protection off": pool(),
    "refused": unread("cognito-idp:DescribeUserPool"),
    "risk refused": replace(pool(), acts_on_threats=True, threat_notices=unread("cognito-idp:DescribeUserPool")),
    "gone": Missing(arn=pool().ref.arn),
}


@pytest.mark.parametrize("live", LIVE_RISKS)
def test_the_undo_of_a_risk_configuration(live: str) -> None:
    undo = undo_of_risk(NOTICES, LIVE_RISKS[live])

    expected = table("undo", "A risk configuration").decide({"live": live})["undo"]
    if expected == "the former configuration":
        assert undo == replace(NOTICES, before=NOTICES.after, after=NOTICES.before)
    else:
        refused = {"refusal": unread("cognito-idp:DescribeUserPool").message} if "refused" in live else {}
        assert undo == message(expected, **refused)


def test_the_former_mode_may_be_absent_in_what_is_live() -> None:
    back = ReplaceEmailConfiguration(pool=MOVE.pool, before=AFTER, after=EmailConfiguration())
    to_default = replace(back, after=replace(back.after, sending_account=SenderMode.COGNITO_DEFAULT))
    live = pool(email=EmailConfiguration())

    undo = undo_of_configuration(to_default, live)

    # The writer compares with what is live, so that stands there as it was read.
    assert undo == ReplaceEmailConfiguration(pool=MOVE.pool, before=live.email, after=AFTER)


GRANT = a_grant(policy("C"), "A", "B")
NEW = a_grant({}, "A", "B")
LIVE: dict[str, IdentityReading] = {
    "refused": unread("ses:GetEmailIdentity"),
    "gone": Missing(arn=HERE.arn),
    "edited": identity(
        policies={"mailwarden-cognito": policy("A", "B", "C")["mailwarden-cognito"].replace("Allow", "Deny")}
    ),
    "no policy": identity(policies={"theirs": "{}"}),
    "C": identity(policies=policy("C")),
    "ABC": identity(policies={**policy("A", "B", "C"), "theirs": "{}"}),
    "ABCD": identity(policies=policy("A", "B", "C", "D")),
    "AC": identity(policies=policy("A", "C")),
    "new": identity(policies=policy("A", "B")),
}
LATER = {
    "nobody": (),
    "A": (an_entry(a_grant({}, "A"), entry_id="e-2"),),
    "A and B": (an_entry(a_grant({}, "B"), entry_id="e-2"), an_entry(a_grant({}, "A"), entry_id="e-3")),
    "D": (an_entry(a_grant({}, "D"), entry_id="e-2"),),
    "A perhaps": (an_entry(a_grant({}, "A"), outcome=SideEffect(reason=WHY), entry_id="e-2"),),
    "A not written": (an_entry(a_grant({}, "A"), outcome=Drifted(reason=WHY), entry_id="e-2"),),
}

A_GRANT = table("undo", "A grant")


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("live", LIVE)
def test_the_undo_of_a_grant(live: str, later: str) -> None:
    reading = LIVE[live]

    undo = undo_of_grant(NEW if live == "new" else GRANT, reading, later=LATER[later])

    expected = A_GRANT.decide({"live": live, "later": later})["undo"]
    if isinstance(undo, Message):
        of_message: dict[str, dict[str, Argument]] = {
            "undo.unreadable": {"refusal": unread("ses:GetEmailIdentity").message},
            "undo.policy-edited": {"policies": ("mailwarden-cognito",)},
            "undo.granted-again": {"entries": tuple(entry.intention.entry_id for entry in LATER[later])},
        }
        assert undo == message(expected, **of_message.get(expected, {}))
        return
    assert isinstance(undo, GrantSending)
    assert undo.before.keys() == undo.after.keys() == {"mailwarden-cognito"}
    held = reading.policies["mailwarden-cognito"]  # type: ignore[union-attr]
    assert undo.before["mailwarden-cognito"] == held
    after = undo.after["mailwarden-cognito"]
    removed = granted(held) - granted(after)
    assert {ref.pool_id for ref in undo.pools} == removed == {f"us-east-1_{name}" for name in WHOM[expected]}
    assert (after is None) == (expected == "deletes the policy")
    if expected.endswith("as before"):
        assert undo.after == GRANT.before


WHOM = {
    "removes A and B, as before": "AB",
    "removes A and B": "AB",
    "removes A": "A",
    "removes B": "B",
    "deletes the policy": "AB",
}


def test_every_row_about_a_grant_decides_something() -> None:
    for case in combinations(live=tuple(LIVE), later=tuple(LATER)):
        A_GRANT.decide(case)
    assert A_GRANT.idle == []


def granted(text: str | None) -> set[str]:
    if text is None:
        return set()
    grants = own_grants({"mailwarden-cognito": text}, identity_arn=HERE.arn, account=ACCOUNT)
    return {grant.pool_arn.rpartition("/")[2] for grant in grants}
