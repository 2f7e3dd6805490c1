"""The table's effect on a pool: a sound pool in every row, lost mail outside it, unknown without a row."""

import pytest

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import custom_from, developer, identity, identity_ref, mail_path, pool, pool_ref, sending_policy
from tests.unit.regions.pages import NEWER, OLDER, PROVISIONAL, SES_REGIONS, WITHOUT_A_ROW, Row

each_row = pytest.mark.parametrize("row", NEWER, ids=lambda row: row.pool_region)


def _developer(pool_region: str, ses_region: str, principal: str) -> MailPath:
    ref = identity_ref(region=ses_region)
    policy = sending_policy(ref, pool_ref(pool_region), principal=principal)
    return mail_path(pool(pool_region, email=developer(ref)), identity(region=ses_region, policies={"cognito": policy}))


def _default(pool_region: str, ses_region: str, row: Row) -> MailPath:
    of = pool_ref(pool_region)
    regions = row.default if ses_region == "*" else (ses_region,)
    identities = [
        identity(
            region=region,
            policies={"cognito": sending_policy(identity_ref(region=region), of, principal=row.principal)},
        )
        for region in regions
    ]
    return mail_path(pool(pool_region, email=custom_from(identity_ref(region=ses_region))), *identities)


@pytest.mark.parametrize("pool_region", OLDER)
def test_developer_can_send_through_every_region_of_the_older_page(pool_region: str) -> None:
    row = next(row for row in NEWER if row.pool_region == pool_region)
    for ses_region in OLDER[pool_region].split():
        verdict = judge(_developer(pool_region, ses_region, row.principal), ALL).verdict

        assert verdict.answer is Answer.YES


@each_row
def test_developer_can_send_through_the_listed_regions_and_through_no_other(row: Row) -> None:
    for ses_region in SES_REGIONS:
        verdict = judge(_developer(row.pool_region, ses_region, row.principal), ALL).verdict

        if ses_region in row.developer:
            assert verdict.answer is Answer.YES
        elif ses_region == row.pool_region:
            assert (verdict.answer, verdict.deciding) == (Answer.UNKNOWN, Link.REGION)
        else:
            assert (verdict.answer, verdict.deciding) == (Answer.NO, Link.REGION)


@each_row
def test_a_pool_with_an_identity_in_its_own_region_is_never_moved(row: Row) -> None:
    own, name = row.pool_region, "example.com"
    elsewhere = [
        identity(
            name,
            region=region,
            policies={
                "cognito": sending_policy(identity_ref(name, region=region), pool_ref(own), principal=row.principal)
            },
        )
        for region in (*row.default, *row.developer)
        if region != own
    ]
    for email in (developer(identity_ref(name, region=own)), custom_from(identity_ref(name, region=own))):
        judgment = judge(mail_path(pool(own, email=email), identity(name, region=own), *elsewhere), ALL)

        assert "MW201" not in {each.rule_id for each in judgment.findings}
        moves = [
            each.fix
            for each in judgment.findings
            if each.fix and isinstance(each.fix.change, ReplaceEmailConfiguration)
        ]
        assert moves == []


@each_row
def test_the_default_sender_can_send_with_a_custom_from_as_on_the_page(row: Row) -> None:
    for ses_region in ("*",) if row.both_at_once else row.default:
        verdict = judge(_default(row.pool_region, ses_region, row), ALL).verdict

        assert verdict.answer is Answer.YES


@each_row
def test_the_default_sender_cannot_send_through_a_region_that_is_not_listed(row: Row) -> None:
    for ses_region in SES_REGIONS:
        if ses_region in {*row.default, row.pool_region}:
            continue
        verdict = judge(_default(row.pool_region, ses_region, row), ALL).verdict

        assert (verdict.answer, verdict.deciding) == (Answer.NO, Link.REGION)


@pytest.mark.parametrize("pool_region", [*WITHOUT_A_ROW, PROVISIONAL, "xx-nowhere-1"])
@pytest.mark.parametrize("ses_region", ["us-east-1", "ap-northeast-2", "*"])
def test_without_a_certain_row_it_is_unknown_whether_a_pool_can_send(pool_region: str, ses_region: str) -> None:
    identities = [identity(region="us-east-1"), identity(region="ap-northeast-2")]
    for email in (developer(identity_ref(region=ses_region)), custom_from(identity_ref(region=ses_region))):
        judgment = judge(mail_path(pool(pool_region, email=email), *identities), ALL)

        assert (judgment.verdict.answer, judgment.verdict.deciding) == (Answer.UNKNOWN, Link.REGION)
        assert all(finding.fix is None for finding in judgment.findings)


@pytest.mark.parametrize("pool_region", [row.pool_region for row in NEWER] + [*WITHOUT_A_ROW, PROVISIONAL])
def test_the_default_sender_without_an_identity_needs_no_row(pool_region: str) -> None:
    assert judge(mail_path(pool(pool_region)), ALL).verdict.answer is Answer.YES
