"""The verdict: the first link that decides, and that broken outweighs unknown, and unknown a mere risk."""

from itertools import product

import pytest

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.path_verdict import verdict_of
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState
from mailwarden.domain.readings import VerificationStatus
from mailwarden.message import verbatim
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import (
    LAMBDA,
    OTHER_ACCOUNT,
    configuration_set,
    configuration_set_ref,
    custom_from,
    developer,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    sending_policy,
    ses_account,
    unread,
)

SOUND = mail_path(pool(email=developer(identity_ref())), identity())
STATES = {
    Effect.LOST: LinkState.BROKEN,
    Effect.UNKNOWN: LinkState.UNKNOWN,
    Effect.AT_RISK: LinkState.AT_RISK,
    Effect.NONE: LinkState.SOUND,
}
ANSWERS = {
    Effect.LOST: Answer.NO,
    Effect.UNKNOWN: Answer.UNKNOWN,
    Effect.AT_RISK: Answer.AT_RISK,
    Effect.NONE: Answer.YES,
}
MAIL_LINKS = (Link.SENDER, Link.REGION, Link.IDENTITY, Link.AUTHORIZATION, Link.ACCOUNT)


def _finding(link: Link, effect: Effect) -> Finding:
    return Finding(
        rule_id="MW999",
        rule_name="made-up-rule",
        link=link,
        severity=Severity.HIGH,
        effect=effect,
        subject=SOUND.pool.ref,
        message=verbatim("something is wrong"),
        why=verbatim("it is made up"),
        remediation=verbatim("Do nothing"),
    )


def test_a_path_without_findings_is_a_plain_yes() -> None:
    verdict = verdict_of(SOUND, [])

    assert verdict.answer is Answer.YES
    assert verdict.deciding is None
    assert {link for link, state in verdict.links if state is LinkState.SOUND} >= set(MAIL_LINKS)


@pytest.mark.parametrize(("link", "effect"), list(product(MAIL_LINKS, Effect)))
def test_one_finding_decides_for_its_link(link: Link, effect: Effect) -> None:
    verdict = verdict_of(SOUND, [_finding(link, effect)])

    assert verdict.answer is ANSWERS[effect]
    assert verdict.deciding is (None if effect is Effect.NONE else link)
    assert dict(verdict.links)[link] is STATES[effect]


@pytest.mark.parametrize(("first", "second"), list(product(MAIL_LINKS, MAIL_LINKS)))
def test_broken_beats_unknown_and_unknown_beats_at_risk_wherever_they_are(first: Link, second: Link) -> None:
    for worse, better in (
        (Effect.LOST, Effect.UNKNOWN),
        (Effect.LOST, Effect.AT_RISK),
        (Effect.UNKNOWN, Effect.AT_RISK),
        (Effect.AT_RISK, Effect.NONE),
    ):
        verdict = verdict_of(SOUND, [_finding(first, better), _finding(second, worse)])

        assert (verdict.answer, verdict.deciding) == (ANSWERS[worse], second)


@pytest.mark.parametrize("effect", [Effect.LOST, Effect.UNKNOWN, Effect.AT_RISK])
def test_of_equally_bad_links_the_first_on_the_way_decides_whatever_the_order_of_the_findings(effect: Effect) -> None:
    findings = [_finding(link, effect) for link in reversed(MAIL_LINKS)]

    assert verdict_of(SOUND, findings).deciding is Link.SENDER
    assert verdict_of(SOUND, findings[:2]).deciding is Link.AUTHORIZATION


def test_the_links_stand_in_the_order_in_which_a_mail_meets_them() -> None:
    assert [link for link, _ in verdict_of(SOUND, []).links] == list(Link)


@pytest.mark.parametrize(
    ("path", "answer", "deciding"),
    [
        (
            mail_path(
                pool("eu-west-3", email=developer(identity_ref())),
                identity(verified=False),
                accounts=[ses_account(production_access=False)],
            ),
            Answer.NO,
            Link.REGION,
        ),
        (
            mail_path(
                pool(email=developer(identity_ref())),
                accounts=[ses_account(production_access=False)],
                role=unread("iam:GetRole"),
            ),
            Answer.NO,
            Link.IDENTITY,
        ),
        (
            mail_path(
                pool(email=developer(identity_ref())),
                accounts=[ses_account(production_access=False)],
                unreadable={identity_ref(): unread("ses:GetEmailIdentity")},
            ),
            Answer.NO,
            Link.ACCOUNT,
        ),
        (
            mail_path(
                pool(email=developer(identity_ref("example.com"))),
                identity("example.com", status=VerificationStatus.TEMPORARY_FAILURE),
                unreadable={"us-east-1": unread("ses:GetAccount")},
            ),
            Answer.UNKNOWN,
            Link.ACCOUNT,
        ),
        (
            mail_path(
                pool(email=developer(identity_ref("example.com"))),
                identity("example.com", status=VerificationStatus.TEMPORARY_FAILURE),
            ),
            Answer.AT_RISK,
            Link.IDENTITY,
        ),
        (
            mail_path(pool("ap-northeast-2", email=custom_from(identity_ref(region="us-west-2")))),
            Answer.NO,
            Link.IDENTITY,
        ),
    ],
    ids=["region first", "certain before unread", "broken behind unread", "unread behind a risk", "risk", "missing"],
)
def test_the_first_deciding_link_of_a_real_path(path: MailPath, answer: Answer, deciding: Link) -> None:
    verdict = judge(path, ALL).verdict

    assert (verdict.answer, verdict.deciding) == (answer, deciding)


def _links(path: MailPath, state: LinkState) -> set[Link]:
    return {link for link, its_state in judge(path, ALL).verdict.links if its_state is state}


def test_a_pool_with_a_configuration_set_uses_every_link_of_the_mail() -> None:
    path = mail_path(
        pool(email=developer(identity_ref(), configuration_set="mail")),
        identity(),
        configuration_sets=[configuration_set()],
    )

    assert _links(path, LinkState.SOUND) == {*MAIL_LINKS, Link.CONFIGURATION_SET, Link.FEEDBACK}


def test_the_default_set_of_the_identity_is_a_link_as_well() -> None:
    path = mail_path(
        pool(email=developer(identity_ref())),
        identity(configuration_set="mail"),
        configuration_sets=[configuration_set()],
    )

    assert _links(path, LinkState.SOUND) == {*MAIL_LINKS, Link.CONFIGURATION_SET, Link.FEEDBACK}


def test_the_default_sender_uses_neither_an_account_nor_a_set_of_ours() -> None:
    source = identity_ref(region="us-west-2")
    path = mail_path(
        pool("ap-northeast-2", email=custom_from(source)),
        identity(
            region="us-west-2",
            configuration_set="mail",
            policies={"cognito": sending_policy(source, pool_ref("ap-northeast-2"))},
        ),
    )

    assert _links(path, LinkState.SOUND) == {Link.SENDER, Link.REGION, Link.IDENTITY, Link.AUTHORIZATION}


def test_without_an_identity_there_is_a_sender_and_nothing_else() -> None:
    plain, handed_over = mail_path(pool()), mail_path(pool(custom_sender_lambda=LAMBDA))

    assert _links(plain, LinkState.SOUND) == {Link.SENDER}
    assert _links(handed_over, LinkState.UNKNOWN) == {Link.SENDER}
    assert _links(handed_over, LinkState.SOUND) == set()


@pytest.mark.parametrize(
    ("path", "sound"),
    [
        (mail_path(pool(email=developer(identity_ref(account=OTHER_ACCOUNT)))), {Link.REGION}),
        (mail_path(pool(email=custom_from(identity_ref(region="*"))), identity()), {Link.SENDER}),
        (
            mail_path(pool(email=developer(identity_ref())), identity("example.com")),
            {Link.REGION, Link.ACCOUNT},
        ),
        (mail_path(pool(email=developer(identity_ref()))), {Link.SENDER, Link.REGION, Link.ACCOUNT}),
    ],
    ids=["another account", "a star that has no meaning", "an address of a verified domain", "no identity"],
)
def test_what_was_not_judged_is_not_called_sound(path: MailPath, sound: set[Link]) -> None:
    assert _links(path, LinkState.SOUND) == sound


def test_behind_a_set_that_is_gone_the_feedback_is_not_called_sound() -> None:
    path = mail_path(pool(email=developer(identity_ref(), configuration_set="mail")), identity())

    assert _links(path, LinkState.BROKEN) == {Link.CONFIGURATION_SET}
    assert Link.FEEDBACK in _links(path, LinkState.NOT_USED)


def test_a_set_that_could_not_be_read_leaves_its_links_unknown() -> None:
    path = mail_path(
        pool(email=developer(identity_ref(), configuration_set="mail")),
        identity(),
        unreadable={configuration_set_ref(): unread("ses:GetConfigurationSet")},
    )

    assert _links(path, LinkState.UNKNOWN) == {Link.CONFIGURATION_SET, Link.FEEDBACK}
    assert judge(path, ALL).verdict.answer is Answer.UNKNOWN
