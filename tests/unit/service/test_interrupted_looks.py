"""Looks between whose reading of the last look and their own recording another look comes in."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Missing, Pool
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.service.findings.finding_recorder import LedgerContention
from tests.builders import LAMBDA, NOON, developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, hint
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.looks import InMemoryLooks
from tests.texts import english

SENDER = identity_ref("example.com")


def pools(number: int) -> list[Pool]:
    """Pools that all send as one identity."""
    return [pool(pool_id=f"us-east-1_P{each:02}", email=developer(SENDER)) for each in range(number)]


def deployment(looks: InMemoryLooks, *held: Pool) -> Deployment:
    mailwarden = Deployment()
    mailwarden.hold(*held, identity("example.com"))
    mailwarden.ledger = InMemoryLedger(looks=looks)
    return mailwarden


@dataclass(slots=True, kw_only=True)
class Interrupted(InMemoryLooks):
    """Before each of the next looks is put, one thing happens."""

    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def replace(self, last: LookRecord | None, look: LookRecord) -> bool:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return InMemoryLooks.replace(self, last, look)


def test_a_look_that_is_overtaken_while_it_is_recorded_takes_back_what_it_alone_found() -> None:
    held, other = pools(2)
    looks = Interrupted()
    mailwarden = deployment(looks, held, other)
    mailwarden.identities.held[SENDER] = Missing(arn=SENDER.arn)
    mailwarden.inspect(hint(other))
    slow = mailwarden.inspector()

    def custom_sender_takes_over() -> None:
        mailwarden.hold(replace(held, custom_sender_lambda=LAMBDA))
        mailwarden.inspect(hint(held))

    looks.meanwhile.append(custom_sender_takes_over)
    done = slow.inspect(hint(held))

    assert english(done.note) == "a newer look is known"
    assert set(mailwarden.finding("MW301", SENDER.arn).lifecycle.affected) == {other.ref.arn}


def test_what_an_older_look_that_comes_in_between_found_is_over_when_it_is_not_found_any_more() -> None:
    (held,) = pools(1)
    looks = Interrupted()
    mailwarden = deployment(looks, held)

    def the_sweep_looks_at_what_was() -> None:
        mailwarden.identities.held[SENDER] = Missing(arn=SENDER.arn)
        mailwarden.inspect(PoolHint(pool=held.ref))
        assert mailwarden.finding("MW301", SENDER.arn).lifecycle.state is FindingState.OPEN
        mailwarden.identities.held[SENDER] = identity("example.com")

    looks.meanwhile.append(the_sweep_looks_at_what_was)
    done = mailwarden.inspector().inspect(hint(held))

    assert done.verdict is not None
    assert mailwarden.finding("MW301", SENDER.arn).lifecycle.state is FindingState.RESOLVED
    last = looks.last(held.ref)
    assert last is not None
    assert "MW301" not in {key.rule_id for key in last.findings}


def test_a_look_at_a_pool_that_is_gone_meanwhile_is_not_kept() -> None:
    (held,) = pools(1)
    looks = Interrupted()
    mailwarden = deployment(looks, held)
    mailwarden.identities.held[SENDER] = Missing(arn=SENDER.arn)
    slow = mailwarden.inspector()
    looks.meanwhile.append(lambda: looks.forget(held.ref, at=mailwarden.clock.now()))

    done = slow.inspect(hint(held))

    assert english(done.note) == "a newer look is known"
    assert looks.last(held.ref) is None


@dataclass(slots=True, kw_only=True)
class Crowded(InMemoryLooks):
    """Looks that somebody else replaces each time."""

    def replace(self, last: LookRecord | None, look: LookRecord) -> bool:  # noqa: ARG002 - whatever it is
        return False


def test_who_is_never_fast_enough_says_so() -> None:
    (held,) = pools(1)
    looks = Crowded()
    mailwarden = deployment(looks, held)
    mailwarden.identities.held[SENDER] = Missing(arn=SENDER.arn)
    slow = mailwarden.inspector()
    looks.put(
        LookRecord(
            pool=held.ref,
            pool_name="",
            looked_at=NOON,
            answer=Answer.YES,
            deciding=None,
            findings=(),
            uses=(),
        )
    )

    with pytest.raises(LedgerContention, match=held.ref.pool_id):
        slow.inspect(hint(held))
