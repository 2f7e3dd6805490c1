"""Reads, carries out and answers ``{"release": {"budget": true}}`` and ``{"release": {"pool": "<ARN>"}}``."""

from dataclasses import dataclass

from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.refs.resources import NotASubject, PoolRef
from mailwarden.inbound.sqs.batch import Log
from mailwarden.masking import masked
from mailwarden.message import message
from mailwarden.presentation.answers.release import busy_document, release_document
from mailwarden.presentation.masking import one_line
from mailwarden.service.operator.release import Release
from mailwarden.service.repair.write_protocol import ResourceBusy

RELEASE = "release"
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOrders:
    """Carries out one order; ``partition`` and ``account`` are the deployment's."""

    release: Release
    partition: str
    account: str

    def carry_out(self, event: object, *, log: Log) -> dict[str, object]:
        """The answer as a document; raises MalformedDocument with the reason."""
        whole = Members.of(event, where="the order")
        members = whole.members(RELEASE)
        by = one_line(masked(members.text("by")), _LONGEST)
        if set(members.values) == {"budget", "by"} and members.truth("budget"):
            released = self.release.budget(self.account)
            said = message("release.budget", count=released)
        elif set(members.values) == {"pool", "by"}:
            pool = self._pool(members)
            try:
                released = self.release.fights(pool)
            except ResourceBusy:
                log.info(RELEASE, extra={"by": by, "released": 0, "pool": pool.arn})
                return busy_document(message("release.busy", pool=pool.pool_id))
            said = message("release.fights", count=released, pool=pool.pool_id)
        else:
            raise MalformedDocument(f"{members.where} is to have the member by, and either budget (true) or pool")
        log.info(RELEASE, extra={"by": by, "released": released, "pool": members.values.get("pool", "")})
        return release_document(said, released=released)

    def _pool(self, members: Members) -> PoolRef:
        try:
            pool = PoolRef.from_arn(members.text("pool"))
        except NotASubject as error:
            raise MalformedDocument(f"{members.where}.pool is not the ARN of a user pool: {error}") from error
        if (pool.partition, pool.account) != (self.partition, self.account):
            raise MalformedDocument(f"{members.where}.pool names a pool of account {pool.account}")
        return pool
