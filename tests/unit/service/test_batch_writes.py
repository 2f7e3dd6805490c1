"""The writes to an identity and to the role that pools share: read once for the looks of a batch, and never too old."""

from dataclasses import dataclass, field, replace

from mailwarden.domain.mail_path.overlap import ResourceWrites
from mailwarden.domain.monitoring.fights import WriteHistory
from mailwarden.domain.refs.resources import PoolRef
from tests.builders import NOON
from tests.fakes.deployment import TickingClock
from tests.unit.service.test_batch_cache import SENDER, deployment, one_batch, pools


@dataclass(slots=True, kw_only=True)
class CountedWrites:
    """Implements ``WindowsOfResources`` and ``HistoryOfRole``, and remembers what it was asked for."""

    asked: list[str] = field(default_factory=list)

    def of(self, resource: str) -> ResourceWrites:
        self.asked.append(resource)
        return ResourceWrites()

    def of_role(self, pool: PoolRef) -> WriteHistory | None:
        self.asked.append(f"role of {pool.account}")
        return None


def test_a_batch_reads_what_was_written_to_an_identity_and_the_role_once() -> None:
    held = pools(6)
    mailwarden, counted, clock = deployment(*held), CountedWrites(), TickingClock()
    reader = mailwarden.path_reader()
    assert reader.ledger is not None
    batch = one_batch(replace(reader, ledger=replace(reader.ledger, windows=counted, written=counted)), clock=clock)

    for each in held:
        batch.since(NOON).look(each.ref, at=NOON, fresh=True)

    once = [f"role of {held[0].ref.account}", SENDER.arn]
    assert sorted(counted.asked) == sorted(once)
    # A look for a later hint takes nothing that is older.
    batch.since(clock.now()).look(held[0].ref, at=clock.now(), fresh=True)
    assert sorted(counted.asked) == sorted(2 * once)
