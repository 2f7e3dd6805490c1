"""Records the SES notices of a batch, each separately."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailwarden.inbound.ses.notices import SesStatement
from mailwarden.inbound.sqs.batch import Log
from mailwarden.service.reputation.ses_notice_recorder import SesNoticeRecorder


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTallies:
    """SES notices about one account."""

    noticing: SesNoticeRecorder

    def keep(self, readable: Sequence[tuple[str, SesStatement]], *, log: Log) -> set[str]:
        """Record the notices; returns the ids of the messages to retry."""
        failed: set[str] = set()
        for message_id, statement in readable:
            for notice in statement.notices:
                try:
                    news = self.noticing.keep(notice, stands=statement.stands, cause=statement.cause)
                except Exception:
                    log.exception("notice not kept", extra={"about": notice.about})
                    failed.add(message_id)
                    continue
                log.info(
                    "notice" if news else "notice overtaken by a later one",
                    extra={"about": notice.about, "kind": notice.kind.value, "stands": statement.stands},
                )
        return failed
