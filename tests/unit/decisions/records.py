"""A finding's record and observations of it, as the tables of the lifecycle name them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.lifecycle import Observation
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling, ProposedWrite
from mailwarden.domain.mail_path.verdict import Answer, Link, Verdict
from mailwarden.domain.refs.causes import Cause
from mailwarden.message import verbatim
from tests.builders import NOON, identity_ref, pool_ref
from tests.fakes.records import record_of

THIS = pool_ref(pool_id="us-east-1_M")
FIRST, LAST = pool_ref(pool_id="us-east-1_A"), pool_ref(pool_id="us-east-1_Z")
SUBJECT = identity_ref()
PATIENCE = timedelta(minutes=2)
SECOND = timedelta(seconds=1)
TIMES = {"earlier": NOON - SECOND, "same time": NOON, "later": NOON + SECOND}
PROPOSED = ProposedWrite(title=verbatim("Old"), applicability="safe", resource="r", before="{}", after="{}")
ANEW = replace(PROPOSED, title=verbatim("New"))
VERDICT = Verdict(answer=Answer.NO, deciding=Link.IDENTITY, links=())
AFFECTED = {
    "this": (THIS,),
    "this first": (THIS, LAST),
    "this last": (FIRST, THIS),
    "another": (FIRST,),
    "both": (FIRST, THIS),
    "nobody": (),
}
HANDLED = {
    "pending": Handled(handling=Handling.PENDING, proposed=ANEW, patience=PATIENCE),
    "withheld": Handled(handling=Handling.WITHHELD, reason=verbatim("new note"), proposed=ANEW),
    "muted": Handled(handling=Handling.WITHHELD, reason=verbatim("be silent"), exempt=True),
    "writing": Handled(handling=Handling.WRITING, proposed=ANEW, undo_id="new undo"),
    "written": Handled(handling=Handling.WRITTEN, reason=verbatim("new note"), undo_id="new undo", patience=PATIENCE),
    "failed": Handled(handling=Handling.FAILED, reason=verbatim("new note")),
}
WORDS = {
    "same": (Severity.HIGH, Effect.LOST),
    "worse": (Severity.CRITICAL, Effect.LOST),
    "other effect": (Severity.HIGH, Effect.AT_RISK),
    "doubtful now": (Severity.MEDIUM, Effect.UNKNOWN),
}


def call(event_id: str, *, seconds: int) -> Cause:
    """Somebody's call, so many seconds after the finding was opened."""
    return Cause(
        event_name="DeleteEmailIdentity",
        event_id=event_id,
        actor="alice",
        user_agent="aws-cli/2",
        region="us-east-1",
        at=NOON + seconds * SECOND,
    )


KNOWN = call("known", seconds=-5)


def record(case: Mapping[str, str]) -> FindingRecord:
    """What the ledger holds: opened in version 2 at noon, now in version 3."""
    over = case["record"] in {"repaired", "resolved"}
    pools = () if over else AFFECTED[case["pools"]]
    silent = {"everybody": pools, "this": (THIS,), "other": tuple(pool for pool in pools if pool != THIS)}
    return record_of(
        subject=SUBJECT,
        rule_id="MW302",
        rule_name="identity-not-verified",
        link=Link.IDENTITY,
        severity=Severity.HIGH,
        effect=Effect.LOST,
        state=FindingState(case["record"]),
        version=3,
        opened_version=2,
        revision=7,
        message=verbatim("old message"),
        why=verbatim("old why"),
        remediation=verbatim("old remediation"),
        evidence={"old": "evidence"},
        unknown_reason=verbatim("old doubt"),
        affected={pool.arn: NOON for pool in pools},
        exempt=frozenset(pool.arn for pool in silent.get(case.get("silent", "nobody"), ())),
        pool=FIRST,
        pool_name="old name",
        verdict=Answer.UNKNOWN,
        deciding=Link.ACCOUNT,
        handling=Handling(case["did"].partition(" ")[0]),
        by_order=case["did"].endswith("by an order"),
        reason=verbatim("old note"),
        proposed=PROPOSED,
        undo_id="old undo" if case["did"] in {"writing", "written", "failed"} else None,
        cause=KNOWN,
        opened_at=NOON,
        changed_at=NOON,
        looked_at=NOON,
        announce_after=due_at(case),
        announced={"topic": 2 if case.get("told") == "yes" else 1},
    )


def due_at(case: Mapping[str, str]) -> datetime:
    """When the record is to be announced, seen from the look."""
    match case.get("due", "no"):
        case "yes":
            return NOON - PATIENCE
        case "just now":
            return TIMES[case["look"]]
        case _:
            return NOON + PATIENCE / 2


def observation(case: Mapping[str, str], *, cause: Cause | None = None) -> Observation:
    """What the look at this pool sees."""
    severity, effect = WORDS[case["word"]]
    return Observation(
        finding=Finding(
            rule_id="MW302",
            rule_name="identity-not-verified",
            link=Link.IDENTITY,
            severity=severity,
            effect=effect,
            subject=SUBJECT,
            message=verbatim("new message"),
            why=verbatim("new why"),
            remediation=verbatim("new remediation"),
            evidence={"new": "evidence"},
            unknown_reason=verbatim("new doubt"),
        ),
        seen_from=THIS,
        pool_name="new name",
        verdict=VERDICT,
        handled=HANDLED[case["now"]],
        cause=cause,
        at=TIMES[case["look"]],
    )
