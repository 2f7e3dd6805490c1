"""Notices of SES of a batch: each is kept by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailwarden.inbound.ses.notices import SesStatement
from mailwarden.inbound.sqs.batch import Log
from mailwarden.service.reputation.ses_notice_recorder import SesNoticeRecorder


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTallies:
    """Notices about one account."""

    noticing: SesNoticeRecorder

    def keep(self, told: Sequence[tuple[str, SesStatement]], *, log: Log) -> set[str]:
        """Keep what messages tell; the ids of those that are to come again."""
        failed: set[str] = set()
        for message_id, said in told:
            for notice in said.notices:
                try:
                    news = self.noticing.keep(notice, stands=said.stands, cause=said.cause)
                except Exception:
                    log.exception("notice not kept", extra={"about": notice.about})
                    failed.add(message_id)
                    continue
                log.info(
                    "notice" if news else "notice overtaken by a later one",
                    extra={"about": notice.about, "kind": notice.kind.value, "stands": said.stands},
                )
        return failed
