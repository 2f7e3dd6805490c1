"""Audits the account of a sandbox with the keys of its root user, as a caller without a deployment would."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from mailwarden.domain.operator.question import Explained
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.reading.accounts import EnteredAccount, enter, session_of
from mailwarden_command.reading.run import AuditRun
from tests.e2e.box import HOME, WATCHED, Box


@dataclass(frozen=True, slots=True)
class Silent:
    """Implements ``Progress``."""

    def listed(self, account: EnteredAccount, pools: int, regions: int) -> None: ...

    def judged(self) -> None: ...


def audited(box: Box, *pools: str) -> Mapping[str, Explained]:
    """The answers about these pools, or about all in the watched regions, by the id of the pool."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in box.running.environment.items():
            patch.setenv(name, value)
        account = enter(session_of(profile=None, region=HOME), share=0)
        wanted = Wanted(regions=() if pools else WATCHED, pools=pools)
        report = AuditRun(wanted=wanted, settings=OperatorSettings(), progress=Silent()).report([account])
    assert report.refusals == ()
    return {explained.path.pool.ref.pool_id: explained for explained in report.pools}
