"""Where several accounts alert to one channel, every form of an alert names its account."""

import pytest

from mailwarden.domain.incidents.alert import alert_of
from mailwarden.presentation.alerts.document import alert_body, alert_document, notice_from_body
from mailwarden.presentation.alerts.email_text import alert_short_text, alert_subject, alert_text
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.language import Language
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.slack.message import slack_message
from tests.fakes.examples import ACCOUNT, OREGON_IDENTITY, a_record


def notice(name: str, **members: object) -> Notice:
    record = a_record(**members)  # type: ignore[arg-type]
    return notice_of(alert_of(record), rule_pages="https://docs.example/", account_name=name)


@pytest.mark.parametrize("catalogue", [catalogue_of(language) for language in Language])
def test_every_form_of_an_alert_begins_with_the_name_of_the_account(catalogue: Catalogue) -> None:
    named = notice("production")
    assert alert_text(named, catalogue=catalogue).startswith("[production 111122223333] ")
    assert alert_subject(named, catalogue=catalogue).startswith("[production 111122223333] ")
    assert alert_short_text(named, catalogue=catalogue).startswith("[production 111122223333] ")
    assert str(alert_document(named, catalogue=catalogue)["headline"]).startswith("[production 111122223333] ")
    assert "[production 111122223333] " in str(slack_message(named, catalogue=catalogue))
    assert notice_from_body(alert_body(named, catalogue=catalogue)) == named


@pytest.mark.parametrize("members", [{}, {"subject": OREGON_IDENTITY, "rule_id": "MW302"}])
def test_the_place_has_the_id_and_the_name(members: dict[str, object]) -> None:
    assert f"account production ({ACCOUNT})" in " ".join(alert_text(notice("production", **members)).split())
    assert alert_document(notice("production", **members))["account"] == {"id": ACCOUNT, "name": "production"}


def test_without_a_name_the_place_has_the_id_alone() -> None:
    text = alert_text(notice(""))
    assert text.startswith("CRITICAL: ")
    assert f"account {ACCOUNT} " in " ".join(text.split())


def test_a_name_is_shown_on_one_line_and_masked() -> None:
    assert notice("ann@corp.example\nprod").account_name == "a***@corp.example prod"
