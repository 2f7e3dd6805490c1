"""Every rule fires once in the deployed stack."""

from mailwarden.rules import ALL
from tests.e2e.broken_links import ACCOUNT_BREAKS, BREAKS, ELSEWHERE


def test_every_rule_is_broken_once() -> None:
    rules = {rule.rule_id for rule in ALL}
    broken = {link.rule for link in BREAKS} | {link.rule for link in ACCOUNT_BREAKS}

    unbroken = rules - broken - ELSEWHERE.keys()
    assert not unbroken, f"break the link of each in tests/e2e/broken_links.py: {sorted(unbroken)}"
    assert broken | ELSEWHERE.keys() == rules
    assert not broken & ELSEWHERE.keys()
