"""The pages of the cost and of the dashboard: their tools generate them, and the numbers add up."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden_command.application import OWN_COMMANDS
from mailwarden_command.programs import PROGRAMS
from tests.infrastructure.dashboard import alarmed
from tests.infrastructure.templates import HOME, ROOT, template
from tools import command_docs, cost, dashboard_picture
from tools.documents import alert_pictures, prices, usage

SERIES = json.loads((ROOT / "docs" / "dashboard-series.json").read_text(encoding="utf-8"))


def test_the_page_of_the_cost_is_written_by_its_tool() -> None:
    assert (ROOT / "docs" / "cost.md").read_text(encoding="utf-8") == cost.page(), "run `make docs`"


def test_the_page_of_the_command_is_written_by_its_tool_and_has_every_command() -> None:
    page = (ROOT / "docs" / "command.md").read_text(encoding="utf-8")

    assert page == command_docs.page(), "run `make docs`"
    assert set(re.findall(r"^## `mailwarden ([\w-]+)`$", page, re.MULTILINE)) == {
        *OWN_COMMANDS,
        *(program.name for program in PROGRAMS),
    }


def test_alarms_and_polled_queues_are_counted_as_the_template_has_them() -> None:
    polled = [kind for _, _, kind, _ in template(HOME).sources() if kind == "SQS"]

    assert len(list(alarmed())) == usage.ALARMS
    assert len(polled) == usage.MAPPINGS
    assert (usage.CHAT_ALARMS, usage.CHAT_MAPPINGS) == (2, 1)


@pytest.mark.parametrize("deployment", [usage.SMALL, usage.LARGE], ids=["small", "large"])
def test_the_lines_add_up_to_the_bill(deployment: usage.Deployment) -> None:
    listed, allowed = usage.bill(deployment)

    paid = [line.dollars for line in usage.lines(deployment) if line.price is not prices.DASHBOARD]
    assert listed == pytest.approx(sum(paid))
    assert 0 < allowed < listed
    assert all(line.number >= 0 for line in usage.lines(deployment))


def test_the_targets_are_met_with_the_free_allowances() -> None:
    for deployment in (usage.SMALL, usage.LARGE):
        assert usage.bill(deployment)[1] < deployment.target


def test_a_slower_sweep_costs_less() -> None:
    slower = replace(usage.LARGE, sweeps_a_day=12)

    assert usage.bill(slower)[0] < usage.LARGE.target < usage.bill(usage.LARGE)[0]


def test_every_unit_has_one_price_and_every_price_is_used() -> None:
    used = {line.price for line in [*usage.lines(usage.SMALL), *usage.chat(), *usage.copies(usage.SMALL)]}

    assert used == set(prices.PRICES)
    assert len({(price.service, price.unit) for price in prices.PRICES}) == len(prices.PRICES)


def test_the_picture_is_drawn_by_its_tool_from_the_series() -> None:
    assert (ROOT / "docs" / "dashboard.svg").read_text(encoding="utf-8") == dashboard_picture.picture(SERIES), (
        "run `make docs`"
    )


def test_the_picture_shows_the_steps_the_verdicts_and_the_lengths_that_there_are() -> None:
    steps, rates = Thresholds().bounce_rates, SERIES["bounce_rate"]

    assert [step["at"] for step in rates["steps"]] == [steps.elevated, steps.high, steps.review, steps.pause]
    assert set(SERIES["verdicts"]) == set(Answer)
    assert {len(values) for values in rates["regions"].values()} == {len(rates["hours"])}
    assert {len(values) for values in SERIES["suppressed"]["regions"].values()} == {len(SERIES["repairs"])} == {7}


def test_the_picture_is_xml_that_runs_and_fetches_nothing() -> None:
    text = dashboard_picture.picture(SERIES)

    root = ET.fromstring(text)  # noqa: S314 - our own
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}

    assert kinds == {"svg", "rect", "path", "text"}
    assert not re.search(r"href|url\(|style=", text)


def test_texts_in_the_picture_are_escaped() -> None:
    text = dashboard_picture.picture({**SERIES, "about": "<script>alert('&')</script>"})

    assert "<script>" not in text
    ET.fromstring(text)  # noqa: S314 - our own


@pytest.mark.parametrize("file", [alert_pictures.THREAD, alert_pictures.MAIL], ids=lambda file: file.name)
def test_the_pictures_of_alerts_show_what_the_code_makes_of_them_and_are_small(file: Path) -> None:
    alerts = alert_pictures.notices()
    thread = alert_pictures.thread_picture(alerts)

    drawn = thread if file == alert_pictures.THREAD else alert_pictures.mail_picture(alerts[0])

    assert file.read_text(encoding="utf-8") == drawn, "run `make docs`"
    assert len(drawn) < 150_000
    assert {element.tag.partition("}")[2] for element in ET.fromstring(drawn).iter()} <= {  # noqa: S314 - our own
        *("svg", "title", "rect", "text", "tspan", "path"),
    }
