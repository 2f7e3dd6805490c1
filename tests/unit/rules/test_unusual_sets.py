"""No false alarms about what mail passes through in SES: sound but unusual sets, identities and accounts."""

import pytest
from _pytest.mark.structures import ParameterSet

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import ConfigurationSet, Dkim, Identity, MailFrom, SesAccount
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import (
    ADDRESS,
    configuration_set,
    custom_from,
    developer,
    event_destination,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    sending_policy,
    ses_account,
)

DOMAIN = identity_ref("example.com")
OREGON = identity_ref(region="us-west-2")


def _with_a_set(*accounts: SesAccount, of: ConfigurationSet, sender: Identity | None = None) -> MailPath:
    return mail_path(
        pool(email=developer(DOMAIN, configuration_set=of.ref.name)),
        sender or identity("example.com"),
        accounts=accounts,
        configuration_sets=[of],
    )


def _default_sender(**members: object) -> MailPath:
    """A Seoul pool on the default sender, whose sound identity in Oregon has *members* besides."""
    policies = {"cognito": sending_policy(OREGON, pool_ref("ap-northeast-2"))}
    sender = identity(ADDRESS, region="us-west-2", policies=policies, **members)  # type: ignore[arg-type]
    return mail_path(pool("ap-northeast-2", email=custom_from(OREGON)), sender)


def _named(name: str, path: MailPath, *told: str, notes: tuple[str, ...] = ()) -> ParameterSet:
    return pytest.param(path, told, notes, id=name)


UNUSUAL = [
    _named("a set of its own with everything", _with_a_set(of=configuration_set())),
    _named(
        "a default set of the identity and none of the pool",
        mail_path(
            pool(email=developer(DOMAIN)),
            identity("example.com", configuration_set="mail"),
            configuration_sets=[configuration_set()],
        ),
    ),
    _named(
        "a set of the pool in place of a default set that is gone",
        _with_a_set(of=configuration_set(), sender=identity("example.com", configuration_set="gone")),
    ),
    _named(
        "bounces and complaints in two places",
        _with_a_set(
            of=configuration_set(
                destinations=(
                    event_destination("bounces", event_types=("BOUNCE",)),
                    event_destination("complaints", event_types=("COMPLAINT", "OPEN")),
                )
            )
        ),
    ),
    _named(
        "a disabled destination beside one that is enabled",
        _with_a_set(
            of=configuration_set(destinations=(event_destination("old", enabled=False), event_destination("new")))
        ),
    ),
    _named(
        "suppression that the set switches on for itself",
        _with_a_set(ses_account(suppressed_reasons=()), of=configuration_set(suppressed_reasons=("BOUNCE",))),
    ),
    _named(
        "suppression of complaints only",
        _with_a_set(ses_account(suppressed_reasons=("COMPLAINT",)), of=configuration_set()),
    ),
    _named("optional TLS", _with_a_set(of=configuration_set(tls_required=False)), notes=("MW605",)),
    _named(
        "a set of another pool that is disabled",
        mail_path(
            pool(email=developer(DOMAIN, configuration_set="mail")),
            identity("example.com"),
            configuration_sets=[configuration_set(), configuration_set("other", sending_enabled=False)],
        ),
    ),
    _named(
        "a custom MAIL FROM that is in order and strict",
        _with_a_set(
            of=configuration_set(),
            sender=identity("example.com", mail_from=MailFrom(domain="b.x", status="SUCCESS", rejects_on_failure=True)),
        ),
    ),
    _named(
        "a custom MAIL FROM that is being set up and falls back",
        _with_a_set(
            of=configuration_set(),
            sender=identity(
                "example.com", mail_from=MailFrom(domain="b.x", status="PENDING", rejects_on_failure=False)
            ),
        ),
        "MW304",
    ),
    _named(
        "a domain verified without DKIM",
        _with_a_set(
            of=configuration_set(),
            sender=identity("example.com", dkim=Dkim(signing_enabled=False, status="NOT_STARTED")),
        ),
        "MW303",
    ),
    _named(
        "a set without destinations where bounces go by mail",
        _with_a_set(of=configuration_set(destinations=())),
        "MW604",
    ),
    _named("a set that switches suppression off", _with_a_set(of=configuration_set(suppressed_reasons=())), "MW702"),
    _named(
        "an account from before suppression lists",
        _with_a_set(ses_account(suppressed_reasons=()), of=configuration_set()),
        "MW701",
    ),
    _named(
        "mail as a second factor on DEVELOPER",
        mail_path(
            pool(email=developer(DOMAIN, configuration_set="mail"), second_factor=True, first_factor=True),
            identity("example.com"),
            configuration_sets=[configuration_set()],
        ),
    ),
    _named(
        "the default sender as an identity whose default set is gone",
        _default_sender(configuration_set="gone"),
        notes=("MW101", "MW203"),
    ),
    _named(
        "the default sender as an identity whose MAIL FROM falls back",
        _default_sender(mail_from=MailFrom(domain="b.x", status="FAILED", rejects_on_failure=False)),
        "MW304",
        notes=("MW101", "MW203"),
    ),
]


@pytest.mark.parametrize(("path", "told", "notes"), UNUSUAL)
def test_a_sound_configuration_is_judged_yes_with_only_the_documented_advice(
    path: MailPath, told: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    judgment = judge(path, ALL)

    alerts = tuple(finding.rule_id for finding in judgment.findings if not finding.is_note)
    assert alerts == told, (
        "a rule reports what AWS sends in full: make it silent here, or correct the configuration in this file, or "
        "list the rule after it if its owner should get an alert"
    )
    assert tuple(finding.rule_id for finding in judgment.findings if finding.is_note) == notes, (
        "list the notes of the configuration in `notes`, in the order of the rules"
    )
    assert judgment.verdict.answer is Answer.YES
