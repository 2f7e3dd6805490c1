"""The addresses that an operator acts on are shown in every text about a finding; every other one is masked."""

from collections.abc import Iterator

import pytest

from mailwarden.domain.findings.finding import Finding
from mailwarden.message import Argument, message
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.masking import configured_in, masked_argument
from tests.unit.presentation.alerts_of_rules import every_finding


def _said(finding: Finding) -> Iterator[Argument]:
    yield from (finding.message, finding.why, finding.remediation, *finding.evidence.values())


@pytest.mark.parametrize("finding", every_finding(), ids=lambda finding: f"{finding.rule_id}-{finding.message.id}")
def test_no_sender_identity_or_example_is_masked_in_what_a_rule_says(finding: Finding) -> None:
    keep = configured_in(finding)

    shown = [ENGLISH.text(masked_argument(said, keep=keep)) for said in _said(finding)]

    assert [text for text in shown if "***@" in text] == []


def test_an_address_that_nobody_configured_is_masked_although_the_others_are_shown() -> None:
    finding = every_finding()[0]
    said = message("verbatim", text="jane.doe@private.example complained")

    assert "jane.doe" not in ENGLISH.text(masked_argument(said, keep=configured_in(finding)))
