"""Fixes that are not written: nobody judged them, or the owner of an identity that they concern asked for it."""

from dataclasses import replace

import pytest

from mailwarden.domain.repair.decision import Repair, plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.message import message
from tests.builders import identity
from tests.unit.decisions.test_decision import PATH, TODAY, finding, fix_of, reason_of


@pytest.mark.parametrize("applicability", ["unsafe", "manual"])
def test_a_fix_that_nobody_judged_says_so(applicability: str) -> None:
    fix = fix_of("this", applicability)
    assert fix is not None

    (decision,) = plan([finding(replace(fix, not_safe=None))], PATH, Limits(repair_mode=RepairMode.SAFE), today=TODAY)

    reason = reason_of(decision)
    assert reason is not None
    assert dict(reason.args)["reason"] == message("law.not-judged")


def test_a_restore_keeps_away_from_the_former_identity_if_its_owner_asked_for_it() -> None:
    tagged = replace(PATH, ses_states=(replace(PATH.ses_states[0], identity=identity(tags={"mailwarden": "off"})),))
    path = replace(PATH, as_restored=tagged)

    for on, repaired in ((PATH, True), (path, False)):
        (decision,) = plan([finding(fix_of("move to", "safe"))], on, Limits(repair_mode=RepairMode.SAFE), today=TODAY)
        assert isinstance(decision, Repair) == repaired
