"""The written cases of the rules: one JSON file each, from a pool and what it uses to what the rule says of it.

A case names only what it is about. ``identities`` and ``sets`` are keyed by ``region/name``; a text in place of an
object is the reason for which the read was refused. ``links`` of a pool is the domain of the links in its mail:
``none``, ``prefix``, the status of a custom domain, or a reason. ``notices`` is its NotifyConfiguration, or a reason.
``custom_sender`` has the ``policy`` of its function and the state of its ``key``: ``missing``, or a reason.
Policies are written as documents. ``came_back`` holds, by SES region, what the ledger knows of an account's feedback.
``others`` tells of other pools, by id or by ``region/id``: ``alive``, ``gone``, or a reason. ``says`` is all it says.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.mail_path.ledger_facts import LedgerFacts
from mailwarden.domain.mail_path.overlap import Overlap, StoredWindow
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.monitoring.fights import Direction, Undoing, WriteHistory
from mailwarden.domain.readings import (
    ConfigurationSet,
    Dkim,
    Enforcement,
    Identity,
    MailFrom,
    Missing,
    PoolReading,
    SesAccount,
    Unreadable,
    VerificationStatus,
)
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef
from mailwarden.domain.repair.change_documents import email_from_document
from mailwarden.domain.reputation.feedback import MailCounts
from tests.builders import (
    NOON,
    configuration_set,
    configuration_set_ref,
    event_destination,
    identity,
    identity_ref,
    mail_path,
    pool,
    ses_account,
    unread,
)
from tests.texts import english
from tests.unit.decisions.records import call
from tests.unit.rules.feedback_cases import came_back
from tests.unit.rules.known_good_cases import as_restored, known_good, known_notices, known_verification, modified
from tests.unit.rules.reading_cases import (
    custom_sender,
    delivery_failures,
    first_factor,
    ip_pool,
    link_domain,
    role,
    second_factor,
    threat_notices,
)

MEMBERS = frozenset(
    {
        "kind", "pool", "identities", "accounts", "sets", "role", "others", "unwatched", "came_back", "remembered",
        "from_local_part", "says", "verdict",
    }
)  # fmt: skip
CASES = Path(__file__).parents[1] / "cases" / "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: ``kind`` is ``fires``, ``silent`` or ``unknown``."""

    rule_id: str
    name: str
    kind: str
    path: MailPath
    says: tuple[Mapping[str, Any], ...]
    verdict: tuple[str, str | None]

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.name}"

    @property
    def file(self) -> str:
        """Where it is written."""
        return f"tests/unit/cases/rules/{self.rule_id}/{self.name}.json"


def all_cases() -> Iterator[Case]:
    """Every case, rule by rule."""
    for file in sorted(CASES.glob("*/*.json")):
        written = json.loads(file.read_text(encoding="utf-8"))
        if written.keys() - MEMBERS:
            raise ValueError(f"{file} has members that no case has: {sorted(written.keys() - MEMBERS)}")
        try:
            yield Case(
                rule_id=file.parent.name,
                name=file.stem,
                kind=written["kind"],
                path=path_of(written),
                says=tuple(written["says"]),
                verdict=(written["verdict"]["answer"], written["verdict"]["deciding"]),
            )
        except Exception as error:
            raise ValueError(f"{file} is not a case: {error!r}") from error


def path_of(written: Mapping[str, Any]) -> MailPath:
    """The mail path that a case describes."""
    of = written["pool"]
    identities: list[Identity] = []
    accounts: list[SesAccount] = []
    unreadable: dict[IdentityRef | ConfigurationSetRef | str, Unreadable] = {}
    for key, told in written.get("identities", {}).items():
        region, name = key.split("/", 1)
        if isinstance(told, str):
            ref = identity_ref(name, region=region)
            unreadable[ref] = unread("ses:GetEmailIdentity", region, reason=told)
        else:
            identities.append(_identity(name, region, told))
    for region, told in written.get("accounts", {}).items():
        if isinstance(told, str):
            unreadable[region] = unread("ses:GetAccount", region, reason=told)
        else:
            accounts.append(_account(region, told))
    sets: list[ConfigurationSet] = []
    for key, told in written.get("sets", {}).items():
        region, name = key.split("/", 1)
        if isinstance(told, str):
            unreadable[configuration_set_ref(name, region=region)] = unread(
                "ses:GetConfigurationSet", region, reason=told
            )
        else:
            sets.append(_configuration_set(name, region, told))
    path = mail_path(
        pool(
            of["region"],
            pool_id=of.get("id"),
            name=of.get("name", "shop"),
            email=email_from_document(of.get("email", {})),
            custom_sender_lambda=of.get("custom_sender_lambda"),
            unknown_members=tuple(of.get("unknown_members", ())),
            second_factor=second_factor(of.get("second_factor", False), of["region"]),
            first_factor=first_factor(of.get("first_factor", False), of["region"]),
            threat_notices=threat_notices(of["notices"], of["region"]) if "notices" in of else None,
            link_domain=link_domain(of["links"], of["region"]) if "links" in of else None,
            tags=of.get("tags"),
        ),
        *identities,
        accounts=accounts,
        configuration_sets=sets,
        unreadable=unreadable,
        role=role(written.get("role", "present")),
        others=_others(written["others"]) if "others" in written else None,
        unwatched=written.get("unwatched", ()),
    )
    states = tuple(came_back(ses_state, written.get("came_back", {})) for ses_state in path.ses_states)
    path = replace(path, pool=modified(path.pool, of), ses_states=states)
    facts = _remembered(written.get("remembered", {}))
    path = replace(path, ledger_facts=facts, from_local_part=written.get("from_local_part"))
    path = replace(path, as_restored=as_restored(path, written, path_of))
    return replace(path, custom_sender=custom_sender(of)) if "custom_sender" in of else path


def told(finding: Finding) -> dict[str, Any]:
    """A finding as a case writes it down."""
    return {
        "message": english(finding.message),
        "effect": finding.effect.value,
        "severity": finding.severity.label,
        "subject": finding.subject.arn,
        "fix": None if finding.fix is None else f"{finding.fix.applicability}: {english(finding.fix.title)}",
    }


def as_written(says: Iterable[Mapping[str, Any]]) -> str:
    """Findings in the form of the member ``says`` of a case."""
    return json.dumps(list(says), indent=2, ensure_ascii=False)


def _remembered(told: Mapping[str, Any]) -> LedgerFacts:
    return LedgerFacts(
        failures=delivery_failures(told["failures"]) if "failures" in told else None,
        unannounced_since=datetime.fromisoformat(told["unheard_since"]) if "unheard_since" in told else None,
        mail=MailCounts(since=date(2026, 2, 24), by_outcome=told["mail"]) if "mail" in told else None,
        writes=tuple(map(_history, told.get("writes", ()))),
        overlaps=tuple(map(_overlap, told.get("overlaps", ()))),
        known_good=known_good(told["known_good"]) if "known_good" in told else None,
        email_is_shown=told.get("email_is_shown", False),
        verification=known_verification(told["verification"]) if "verification" in told else None,
        notices=known_notices(told["notices"]) if "notices" in told else None,
    )


def _history(told: Mapping[str, Any]) -> WriteHistory:
    cause = None if "by" not in told else call(told["by"], seconds=-60)
    return WriteHistory(
        resource=told["resource"],
        direction=Direction(told["direction"]),
        writes=tuple(map(datetime.fromisoformat, told["at"])),
        wrote="digest",
        entry_id="entry",
        undone=Undoing(seen_at=NOON, cause=cause) if told["undone"] else None,
    )


def _overlap(told: Mapping[str, Any]) -> Overlap:
    ended = told["written_at"]
    return Overlap(
        window=StoredWindow(
            resource=told["resource"],
            entry_id="entry-1",
            compared_at=datetime.fromisoformat(told["compared_at"]),
            written_at=None if ended is None else datetime.fromisoformat(ended),
        ),
        call=Cause(
            event_name=told["event"],
            event_id="event-1",
            actor="arn:aws:sts::111122223333:assumed-role/ops/alice",
            user_agent="aws-cli/2",
            region="us-east-1",
            at=datetime.fromisoformat(told["at"]),
            members=tuple(told.get("members", ())),
        ),
    )


def _identity(name: str, region: str, told: Mapping[str, Any]) -> Identity:
    return identity(
        name,
        region=region,
        verified=told.get("verified", True),
        status=VerificationStatus(told["status"]) if "status" in told else None,
        policies={
            policy: document if isinstance(document, str) else json.dumps(document)
            for policy, document in told.get("policies", {}).items()
        },
        tags=told.get("tags", {}),
        configuration_set=told.get("configuration_set"),
        dkim=Dkim(**told["dkim"]) if "dkim" in told else None,
        mail_from=MailFrom(**told["mail_from"]) if "mail_from" in told else None,
        feedback_forwarding=told.get("feedback_forwarding", True),
    )


def _others(told: Mapping[str, str]) -> dict[PoolRef, PoolReading]:
    found: dict[PoolRef, PoolReading] = {}
    for key, state in told.items():
        region, slash, pool_id = key.partition("/")
        held = pool(region, pool_id=pool_id) if slash else pool(key.partition("_")[0], pool_id=key)
        match state:
            case "alive":
                found[held.ref] = held
            case "gone":
                found[held.ref] = Missing(arn=held.ref.arn)
            case reason:
                found[held.ref] = unread("cognito-idp:DescribeUserPool", held.ref.region, reason=reason)
    return found


def _configuration_set(name: str, region: str, told: Mapping[str, Any]) -> ConfigurationSet:
    """A set; ``destinations`` are the event types by name, or the reason for which the read was refused.

    ``ip_pool`` has the state by name: ``there``, ``gone``, or the reason for which the read was refused.
    """
    destinations, action = told.get("destinations"), "ses:GetConfigurationSetEventDestinations"
    return configuration_set(
        name,
        region=region,
        sending_enabled=told.get("sending_enabled", True),
        tls_required=told.get("tls_required", True),
        suppressed_reasons=told.get("suppressed_reasons"),
        destinations=unread(action, region, reason=destinations)
        if isinstance(destinations, str)
        else None
        if destinations is None
        else tuple(
            event_destination(each, enabled=not each.startswith("disabled"), event_types=events)
            for each, events in destinations.items()
        ),
        ip_pool=ip_pool(told.get("ip_pool", {}), region),
    )


def _account(region: str, told: Mapping[str, Any]) -> SesAccount:
    return ses_account(
        region,
        production_access=told.get("production_access", True),
        sending_enabled=told.get("sending_enabled", True),
        enforcement=Enforcement(told.get("enforcement", "HEALTHY")),
        max_24_hour_send=told.get("quota", 50_000),
        sent_last_24_hours=told.get("sent", 100),
        suppressed_reasons=told.get("suppressed_reasons", ("BOUNCE", "COMPLAINT")),
    )
