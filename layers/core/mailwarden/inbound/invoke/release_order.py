"""Reads, carries out and answers ``{"release": {"budget": true}}`` and ``{"release": {"pool": "<ARN>"}}``."""

from dataclasses import dataclass
from functools import partial

from mailwarden.documents.faults import at
from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.domain.refs.resources import NotASubject, PoolRef
from mailwarden.inbound.invoke.orders import Action, Invocation, operator_in
from mailwarden.message import message
from mailwarden.presentation.answers.release import busy_document, release_document
from mailwarden.service.operator.release import Release
from mailwarden.service.repair.write_protocol import ResourceBusy

RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOrders:
    """Reads and carries out an order; ``partition`` and ``account`` are the deployment's."""

    release: Release
    partition: str
    account: str

    def read(self, members: Members) -> Action:
        """The release; raises MalformedDocument with the reason."""
        by = operator_in(members)
        if set(members.values) == {"budget", "by"} and members.truth("budget"):
            return partial(self._budget, by)
        if set(members.values) == {"pool", "by"}:
            return partial(self._fights, by, self._pool(members))
        raise MalformedDocument(message("order.release-members", member=members.where))

    def _budget(self, by: str, call: Invocation) -> JsonDocument:
        released = self.release.budget(self.account)
        call.log.info(RELEASE, extra={"by": by, "released": released, "pool": ""})
        return release_document(message("release.budget", count=released), released=released)

    def _fights(self, by: str, pool: PoolRef, call: Invocation) -> JsonDocument:
        try:
            released = self.release.fights(pool)
        except ResourceBusy:
            call.log.info(RELEASE, extra={"by": by, "released": 0, "pool": pool.arn})
            return busy_document(message("release.busy", pool=pool.pool_id))
        call.log.info(RELEASE, extra={"by": by, "released": released, "pool": pool.arn})
        return release_document(message("release.fights", count=released, pool=pool.pool_id), released=released)

    def _pool(self, members: Members) -> PoolRef:
        try:
            pool = PoolRef.from_arn(members.text("pool"))
        except NotASubject as error:
            raise MalformedDocument(at(f"{members.where}.pool", error.said)) from error
        if (pool.partition, pool.account) != (self.partition, self.account):
            raise MalformedDocument(
                message("order.other-account", member=f"{members.where}.pool", account=pool.account)
            )
        return pool
