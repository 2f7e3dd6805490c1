"""The report as one JSON document, written pool by pool (docs/audit.schema.json)."""

import json
from collections.abc import Iterator

from mailwarden.documents.reader import JsonDocument
from mailwarden_command.audit.report import AuditedAccount, AuditReport
from mailwarden_command.output.documents import name_of, pool_document

VERSION = 1


def json_lines(report: AuditReport) -> Iterator[str]:
    """The lines of the document; each pool is on one."""
    head = json.dumps(_head(report), ensure_ascii=False, indent=1)
    yield f"{head.removesuffix('}').rstrip()},"
    last = len(report.pools) - 1
    yield ' "pools": ['
    for number, explained in enumerate(report.pools):
        comma = "" if number == last else ","
        yield f"  {json.dumps(pool_document(explained), ensure_ascii=False)}{comma}"
    yield " ]"
    yield "}"


def _head(report: AuditReport) -> JsonDocument:
    return {
        "mailwarden": "audit",
        "version": VERSION,
        "by": f"mailwarden/{report.version}",
        "started_at": report.started_at.isoformat(timespec="seconds"),
        "ended_at": report.ended_at.isoformat(timespec="seconds"),
        "verdicts": {answer.value: number for answer, number in report.verdicts.items()},
        "accounts": [_account(account) for account in report.accounts],
        "stopped": None if report.stopped is None else str(report.stopped),
        "unread": [
            {"arn": pool.ref.arn, "name": name_of(pool.name), "refusal": str(pool.refusal)} for pool in report.unread
        ],
    }


def _account(account: AuditedAccount) -> JsonDocument:
    return {
        "account": account.account,
        "partition": account.partition,
        "caller": account.caller,
        "refusal": None if account.unreadable is None else str(account.unreadable),
        "regions": [
            {
                "region": region.region,
                "pools": region.pools,
                "refusal": None if region.refusal is None else str(region.refusal),
            }
            for region in account.regions
        ],
        "unjudged": account.unjudged or 0,
        "turned_off": list(account.turned_off),
        "deleted": account.deleted,
    }
