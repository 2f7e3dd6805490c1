"""Every link is broken once: the right rule finds it, the verdict and the mail follow, and no other pool is affected.

An audit, which knows nothing of the deployment, gives the same verdicts.

All broken pools are in one sandbox, with identities of their own, and a sound pool in each region.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import cycle

import pytest

from mailwarden.domain.operator.question import Explained
from tests.e2e.alerts import Alerts
from tests.e2e.audits import audited
from tests.e2e.box import Box, unique
from tests.e2e.breaking import DUBLIN, FRANKFURT, HOMES, PARIS, SEOUL, UAE
from tests.e2e.broken_links import ACCOUNT_BREAKS, BREAKS, AccountBreak, Break
from tests.e2e.people import People, Pool
from tests.e2e.records import Look, Records
from tests.e2e.stage import Stage
from tests.e2e.waiting import until
from tests.e2e.workshop import Workshop

NEIGHBORS = (*HOMES, SEOUL, PARIS, UAE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """The broken pools, the sound ones by region, and where the list of calls stood before."""

    stage: Stage
    workshop: Workshop
    broken: dict[Break, Pool]
    sound: dict[str, Pool]
    mark: int

    def look(self, pool: Pool, rule: str, answer: str) -> Look:
        """The last look at a pool, once it has this result, or the final one."""

        def fitting() -> Look | None:
            look = self.stage.records.last_look(pool.arn)
            return look if look is not None and (rule in look.rules or not rule) and look.answer == answer else None

        what = f"{rule or 'nothing'} and {answer} of {pool.arn}; it is {self.stage.records.last_look(pool.arn)}"
        found = until(fitting, what=what)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def street(box: Box, records: Records, alerts: Alerts) -> Iterator[Street]:
    people = People(box=box, pools=[], identities=[])
    workshop = Workshop(people=people)
    mark = box.mark()
    # Whatever fails here, the tests of other files find none of these pools.
    try:
        sound = {region: workshop.sound(region) for region in NEIGHBORS}
        shops = [replace(workshop, home=home) for home in HOMES]
        broken = {each: each.make(shop) for each, shop in zip(BREAKS, cycle(shops), strict=False)}
        # A change through the sandbox's control API has no event: a call about the pool has one.
        for pool in broken.values():
            people.touch(pool)
        box.quiet_at_once()
        stage = Stage(box=box, people=people, records=records, alerts=alerts)
        yield Street(stage=stage, workshop=workshop, broken=broken, sound=sound, mark=mark)
    finally:
        workshop.leave()
        box.quiet_at_once()


@pytest.fixture(scope="module")
def audit(street: Street) -> Mapping[str, Explained]:
    return audited(street.stage.box)


@pytest.mark.parametrize("link", BREAKS, ids=str)
def test_an_audit_without_a_deployment_sees_the_same(
    street: Street, audit: Mapping[str, Explained], link: Break
) -> None:
    explained = audit[street.broken[link].pool_id]

    assert (explained.verdict.answer, explained.verdict.deciding) == (link.answer, link.deciding)
    assert link.rule in {said.finding.rule_id for said in explained.said}


@pytest.mark.parametrize("link", BREAKS, ids=str)
def test_a_broken_link_is_seen_and_the_sound_pool_next_to_it_raises_nothing(street: Street, link: Break) -> None:
    pool = street.broken[link]

    look = street.look(pool, link.rule, link.answer)
    asked = street.stage.box.invoke("ask", {"why": pool.pool_id})
    mail = street.stage.people.sign_up(pool)

    assert (look.answer, look.deciding) == (link.answer, link.deciding)
    assert asked["verdict"] == {"can_send": link.answer, "deciding_link": link.deciding}
    assert (mail.arrived, mail.stage) == (link.lost is None, link.lost)
    assert (link.lost is None) is street.stage.people.judged(pool)["accepted"]
    assert_sound(street, street.sound[pool.region])


@pytest.mark.parametrize("link", ACCOUNT_BREAKS, ids=str)
def test_an_account_that_does_not_send_breaks_its_own_region_only(street: Street, link: AccountBreak) -> None:
    box, people = street.stage.box, street.stage.people
    pool = street.workshop.sending_as(street.workshop.domain(FRANKFURT))
    street.look(pool, "", "yes")

    box.control("POST", f"ses/{FRANKFURT}/account", link.state)
    try:
        people.touch(pool)
        look = street.look(pool, link.rule, link.answer)
        mail, verdict = people.sign_up(pool), people.judged(pool)
        audit = audited(box, pool.pool_id)[pool.pool_id].verdict
    finally:
        box.control("POST", f"ses/{FRANKFURT}/account", {"reset": True})
    people.touch(pool)
    mended = until(lambda: without(street, pool, link.rule), what=f"{link.rule} gone again")

    assert (look.answer, look.deciding) == (audit.answer, audit.deciding) == (link.answer, link.deciding)
    assert (mail.arrived, mail.stage) == (link.lost is None, link.lost)
    assert (link.lost is None) is verdict["accepted"]
    assert mended is not None
    assert (mended.answer, mended.deciding) == ("yes", None)
    assert_sound(street, street.sound[DUBLIN])


def test_a_suppressed_recipient_gets_nothing_and_the_pool_is_sound(street: Street) -> None:
    pool, address = street.sound[DUBLIN], f"{unique('bounced')}@customer.example"
    box = street.stage.box

    box.control("POST", f"ses/{DUBLIN}/suppression", {"addresses": [address], "reason": "BOUNCE"})
    box.app(DUBLIN).sign_up(
        ClientId=pool.client_id,
        Username=address.partition("@")[0],
        Password="Sesame-0pen!",
        UserAttributes=[{"Name": "email", "Value": address}],
    )
    (lost,) = until(lambda: box.control("GET", "mail/lost", to=address), what="the suppressed mail")

    assert lost["stage"] == "suppression"
    assert box.control("GET", "mail", to=address) == []
    assert_sound(street, pool)


@pytest.mark.parametrize("region", NEIGHBORS)
def test_a_sound_pool_between_the_broken_ones_mails_and_raises_nothing(
    street: Street, audit: Mapping[str, Explained], region: str
) -> None:
    pool = street.sound[region]

    assert street.stage.people.sign_up(pool).arrived

    assert street.stage.agreed(pool) == ("yes", None)
    assert street.stage.records.findings(affecting=pool.arn) == []
    assert not audit[pool.pool_id].said
    assert_sound(street, pool)


def test_the_list_of_pools_has_the_last_verdict_of_each(street: Street) -> None:
    listed = {pool["id"]: pool["can_send"] for pool in street.stage.box.invoke("ask", {"pools": {}})["pools"]}

    assert {listed[pool.pool_id] for pool in street.sound.values()} == {"yes"}
    assert {link: listed[pool.pool_id] for link, pool in street.broken.items()} == {
        link: link.answer for link in street.broken
    }


def test_nothing_was_written_without_consent(street: Street) -> None:
    calls = street.stage.box.calls(since=street.mark, role=street.stage.box.role("repair"))
    written = [
        call["action"]
        for call in calls
        if call["service"] in {"cognito-idp", "ses", "iam"}
        and not call["action"].startswith(("Describe", "Get", "List"))
    ]

    assert written == []


def assert_sound(street: Street, pool: Pool) -> None:
    look = street.stage.records.last_look(pool.arn)
    assert look is not None
    assert (look.answer, look.deciding, look.rules) == ("yes", None, ())
    assert street.stage.told(pool.arn) == []


def without(street: Street, pool: Pool, rule: str) -> Look | None:
    look = street.stage.records.last_look(pool.arn)
    return look if look is not None and rule not in look.rules else None
