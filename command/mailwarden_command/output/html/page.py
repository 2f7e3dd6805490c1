"""The page: every value that the template shows, and the file with them."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.html.findings import RuleGroup, rule_groups_of
from mailwarden_command.output.html.glance import VerdictBar, empty_regions, regions_of, total_of
from mailwarden_command.output.html.identities import ExemptResource, IdentityCard, exemptions_of, identities_of
from mailwarden_command.output.html.paths import PathGroup, UnreadLine, groups_of, unread_of
from mailwarden_command.output.html.rates import RateCard, rate_cards_of
from mailwarden_command.output.html.wording import configured, say, shown
from mailwarden_command.screen import refused_access

_CALLER = 200
_CODE = re.compile(r"`([^`\n]+)`")

# The sign of a state, which is never carried by color alone.
_STATE_OF_EFFECT = {"lost": "broken", "at risk": "at-risk", "unknown": "unknown", "none": "not-used"}
_STATE_OF_IDENTITY = {"verified": "sound", "unverified": "broken", "missing": "broken", "unreadable": "unknown"}
_STATE_OF_LEVEL = {
    "normal": "sound",
    "elevated": "at-risk",
    "high": "at-risk",
    "review": "broken",
    "pause": "broken",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """The values that the template shows. Texts are plain; only ``style`` and ``script``, our own files, are markup.

    ``contents`` are the sections with the number of their entries, ``rule_anchors`` where a rule is explained.
    """

    language: str
    version: str
    summary: str
    ended_at: str
    ended_shown: str
    accounts: tuple[str, ...]
    has_accounts: bool
    contents: tuple[tuple[str, int | None], ...]
    total: VerdictBar
    regions: tuple[VerdictBar, ...]
    empty_regions: int
    region_names: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    rule_anchors: Mapping[str, str]
    findings: tuple[RuleGroup, ...]
    unknown: tuple[RuleGroup, ...]
    is_shortened: bool
    not_readable: tuple[str, ...]
    refused_advice: str
    deleted: str
    unread: tuple[UnreadLine, ...]
    groups: tuple[PathGroup, ...]
    identities: tuple[IdentityCard, ...]
    rates: tuple[RateCard, ...]
    has_suppression: bool
    exemptions: tuple[ExemptResource, ...]
    has_consents: bool
    closed: int
    style: Markup
    script: Markup
    style_hash: str
    script_hash: str
    state_of_effect: Mapping[str, str]
    state_of_identity: Mapping[str, str]
    state_of_level: Mapping[str, str]


def html_lines(report: AuditReport) -> Iterator[str]:
    """The whole file as one text, in the language that this process speaks."""
    yield _environment().get_template("report.html.jinja").render(page=page_of(report), t=say)


def page_of(report: AuditReport) -> ReportPage:
    """The page about a report."""
    groups = rule_groups_of(report)
    findings = tuple(group for group in groups if not group.is_unknown)
    unknown = tuple(group for group in groups if group.is_unknown)
    paths, identities, rates = groups_of(report), identities_of(report), rate_cards_of(report)
    exemptions, unread = exemptions_of(report), unread_of(report)
    refused = tuple(_refused(report))
    regions = regions_of(report)
    style, script = _own_file("style.css"), _own_file("script.js")
    seconds = f"{(report.ended_at - report.started_at).total_seconds():.1f}"
    total = total_of(report)
    return ReportPage(
        language=spoken().language,
        version=report.version,
        summary=say("summary", count=total.total, regions=say("regions", count=len(regions)), seconds=seconds),
        ended_at=report.ended_at.isoformat(timespec="seconds"),
        ended_shown=f"{report.ended_at:%Y-%m-%d %H:%M} UTC",
        accounts=tuple(
            say("account", account=account.account, caller=configured(account.caller, _CALLER))
            for account in report.accounts
        ),
        has_accounts=len(report.accounts) > 1,
        contents=(
            ("glance", None),
            ("findings", sum(len(group.cards) for group in findings)),
            ("unknown", sum(len(group.cards) for group in unknown) + len(refused) + len(unread)),
            ("paths", len(paths)),
            ("identities", len(identities)),
            ("rates", len(rates)),
            ("exemptions", len(exemptions) + sum(bool(card.consents) for card in identities)),
        ),
        total=total,
        regions=regions,
        empty_regions=empty_regions(report),
        region_names=tuple(sorted({bar.region for bar in regions})),
        rules=tuple(sorted({(said.finding.rule_id, said.finding.rule_name) for _, said in report.said()})),
        rule_anchors=_anchors(groups),
        findings=findings,
        unknown=unknown,
        is_shortened=any(card.is_short for group in groups for card in group.cards),
        not_readable=refused,
        refused_advice=say("unread.refused") if refused_access(report) else "",
        deleted=say("deleted", count=report.deleted) if report.deleted else "",
        unread=unread,
        groups=paths,
        identities=identities,
        rates=rates,
        has_suppression=any(card.suppression is not None for card in rates),
        exemptions=exemptions,
        has_consents=any(card.consents for card in identities),
        closed=sum(closed.pools for card in identities for closed in card.closed),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_hash=_source_hash(style),
        script_hash=_source_hash(script),
        state_of_effect=_STATE_OF_EFFECT,
        state_of_identity=_STATE_OF_IDENTITY,
        state_of_level=_STATE_OF_LEVEL,
    )


def _refused(report: AuditReport) -> Iterator[str]:
    """The accounts and regions that are missing from the report, and why."""
    for account in report.accounts:
        if account.unreadable is not None:
            reason = shown(account.unreadable.about or account.unreadable.message)
            yield say("unread.account", account=shown(account.account), reason=reason)
        yield from (shown(each.refusal.message) for each in account.regions if each.refusal is not None)
    if report.stopped is not None:
        yield shown(report.stopped.about or report.stopped.message)


def _anchors(groups: tuple[RuleGroup, ...]) -> Mapping[str, str]:
    """Where each rule is explained first: its group, or the first cause that leaves it undecided."""
    anchors: dict[str, str] = {}
    for group in groups:
        if not group.is_unknown:
            anchors.setdefault(group.rule_id, group.anchor)
        for card in group.cards if group.is_unknown else ():
            for rule in card.rules:
                anchors.setdefault(rule, card.anchor)
    return anchors


@cache
def _own_file(name: str) -> str:
    return files("mailwarden_command.output.html").joinpath(name).read_text(encoding="utf-8").strip()


def _source_hash(text: str) -> str:
    """As a policy names an inline style or script (CSP Level 3, "hash-source")."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_own_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({"inline": _inline, "percent": _percent, "threshold": _threshold, "amount": _amount})
    return environment


def _inline(text: str) -> Markup:
    """The text with what is between backticks as code; everything else is escaped."""
    parts = _CODE.split(text)
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if number % 2 else escape(part) for number, part in enumerate(parts))


def _percent(rate: float) -> str:
    return f"{rate * 100:.2f} %"


def _threshold(rate: float) -> str:
    return f"{rate * 100:g} %"


def _amount(number: float | None) -> str:
    """A whole number; a dash for one that is not known, which is never zero."""
    return "\N{EN DASH}" if number is None else f"{number:,.0f}"
