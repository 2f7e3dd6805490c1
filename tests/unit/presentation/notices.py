"""Notices as the product makes them, from records that a test describes."""

from typing import Unpack

from mailwarden.domain.incidents.alert import alert_of
from mailwarden.presentation.alerts.notice import Notice, notice_of
from tests.fakes.examples import a_record
from tests.fakes.records import RecordMembers


def a_notice(**members: Unpack[RecordMembers]) -> Notice:
    """The notice of the alert for a record with these members."""
    return notice_of(alert_of(a_record(**members)), rule_pages="https://docs.example/rules/")
