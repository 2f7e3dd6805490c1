"""The ledger's feedback in a written case: by SES region, rates, suppression and notices."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from mailwarden.domain.mail_path.path import SesRegionState
from mailwarden.domain.readings import ConfigurationSet
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import (
    Figures,
    MailCounts,
    NoticeKind,
    RateStatus,
    SesFeedback,
    SesNotice,
    SuppressionGrowth,
)
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.message import verbatim


def came_back(ses_state: SesRegionState, told: Mapping[str, Any]) -> SesRegionState:
    """*ses_state* with the case's feedback about its region; ``set_rates`` are those of the set that "
    "is used."""
    here = told.get(ses_state.identity_ref.region, {})
    used = ses_state.configuration_set
    return replace(
        ses_state,
        feedback=SesFeedback(
            rates=_standing(ses_state.account_ref, here["rates"]) if "rates" in here else None,
            suppression=_growth(here["suppression"]) if "suppression" in here else None,
            notices=tuple(_notice(ses_state.account_ref, each) for each in here.get("notices", ())),
        ),
        mail_of_account=_mail(here.get("mail_of_account")),
        mail_of_set=_mail(here.get("mail_of_set")),
        set_rates=_standing(used.ref, here["set_rates"])
        if "set_rates" in here and isinstance(used, ConfigurationSet)
        else None,
    )


def _standing(subject: SesAccountRef | ConfigurationSetRef, told: Mapping[str, Any]) -> RateStatus:
    return RateStatus(
        subject=subject,
        looked_at=_time(told.get("looked_at", "2026-03-02T11:50:00+00:00")),
        figures=Figures(**told.get("figures", {})),
        bounce_level=RateLevel[told.get("bounce_level", "normal").upper()],
        complaint_level=RateLevel[told.get("complaint_level", "normal").upper()],
        refused=verbatim(told["refused"]) if "refused" in told else None,
    )


def _mail(told: Mapping[str, int] | None) -> MailCounts | None:
    return None if told is None else MailCounts(since=date(2026, 2, 24), by_outcome=told)


def _growth(told: Mapping[str, Any]) -> SuppressionGrowth:
    return SuppressionGrowth(
        counted_to=_time(told.get("counted_to", "2026-03-02T11:50:00+00:00")),
        added={date.fromisoformat(day): reasons for day, reasons in told.get("added", {}).items()},
        total=told.get("total"),
        total_at=_time(told.get("total_at")),
        refused=verbatim(told["refused"]) if "refused" in told else None,
    )


def _notice(account: SesAccountRef, told: Mapping[str, str]) -> SesNotice:
    return SesNotice(
        account=account,
        kind=NoticeKind(told["kind"]),
        about=told.get("about", account.arn),
        text=told.get("text", ""),
        at=datetime.fromisoformat(told.get("at", "2026-03-02T08:00:00+00:00")),
    )


def _time(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
