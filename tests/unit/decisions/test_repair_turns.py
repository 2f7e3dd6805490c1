"""Which of several repairs of one pool is made first."""

from mailwarden.domain.repair.decision import Repair, plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from tests.unit.decisions.test_decision import PATH, TODAY, finding, fix_of


def test_the_sender_that_was_lost_comes_first_then_what_it_depends_on_then_the_pool() -> None:
    order = {"MW108": "move to", "MW409": "role", "MW105": "move to"}
    findings = {rule: finding(fix_of(change, "safe"), rule_id=rule) for rule, change in order.items()}
    limits = Limits(repair_mode=RepairMode.UNSAFE)
    for rules in (["MW105", "MW409", "MW108"], ["MW105", "MW409"], ["MW105"]):
        decisions = plan([findings[rule] for rule in rules], PATH, limits, today=TODAY)

        repairs = [decision.finding.rule_id for decision in decisions if isinstance(decision, Repair)]
        assert repairs == [next(rule for rule in order if rule in rules)]
