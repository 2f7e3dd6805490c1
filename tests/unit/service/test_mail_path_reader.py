"""What a look reads: what could be used instead, and which reading a refusal costs."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.mail_path.consent import ConsentSettings
from mailwarden.domain.mail_path.from_addresses import sender_address
from mailwarden.domain.mail_path.path import MailPath, transient_refusal
from mailwarden.domain.readings import (
    EmailConfiguration,
    OwnReason,
    Pool,
    ServiceLinkedRole,
    ThreatNotices,
    Unreadable,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, monitoring_of
from mailwarden.domain.repair.what_if import apply_change
from mailwarden.regions import SenderUse, built_in_table
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from mailwarden.service.findings.used_resources import used_by
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from tests.builders import (
    LAMBDA,
    NOON,
    OTHER_ACCOUNT,
    HeldAccounts,
    HeldConfigurationSets,
    HeldIdentities,
    HeldPools,
    HeldRole,
    configuration_set,
    configuration_set_ref,
    custom_from,
    developer,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    unread,
)
from tests.texts import english

SENDER = identity_ref("example.com")
SECURITY = identity_ref("security@example.com")


@pytest.mark.parametrize(
    ("notices", "identities"),
    [
        (None, (SENDER,)),
        (ThreatNotices(source_arn=SENDER.arn, from_address="a@example.com"), (SENDER,)),
        (ThreatNotices(source_arn=SECURITY.arn), (SENDER, SECURITY)),
        (ThreatNotices(source_arn=SECURITY.arn.replace("us-east-1", "*")), (SENDER,)),
        (ThreatNotices(source_arn="no ARN"), (SENDER,)),
        (unread("cognito-idp:DescribeRiskConfiguration"), (SENDER,)),
    ],
    ids=["none", "the pool's own identity", "another identity", "every region", "no identity", "refused"],
)
def test_the_sender_of_threat_notices_costs_reads_only_if_it_is_another(
    notices: ThreatNotices | Unreadable | None, identities: tuple[IdentityRef, ...]
) -> None:
    of = pool(email=developer(SENDER), threat_notices=notices)
    sender, security = identity("example.com"), identity("security@example.com")
    held = HeldIdentities(held={SENDER: sender, SECURITY: security})
    held_accounts = HeldAccounts()
    reader = MailPathReader(
        pools=HeldPools(held={of.ref: of}),
        identities=held,
        configuration_sets=HeldConfigurationSets(held={}),
        accounts=held_accounts,
        role=HeldRole(held=ServiceLinkedRole.PRESENT),
        table=built_in_table(),
        consents=ConsentSettings(identities={}),
    )

    path = reader.look(of.ref, at=NOON, fresh=True)

    assert isinstance(path, MailPath)
    assert tuple(held.reads) == identities
    assert len(held_accounts.reads) == 1, "the account of a region is read once"
    assert {ref.arn for ref in identities} <= set(used_by(path))


def test_a_grant_counts_for_the_sender_of_threat_notices_too() -> None:
    notices = ThreatNotices(source_arn=SENDER.arn)
    path = mail_path(pool(email=developer(SENDER), threat_notices=notices), identity("example.com"))
    grant = GrantSending(identity=SENDER, pools=(path.pool.ref,), before={"a": None}, after={"a": "policy"})

    granted = apply_change(grant, path)

    for state in (granted.ses_states[0], granted.notices_state):
        assert state is not None
        assert state.live_identity is not None
        assert state.live_identity.policies == {"a": "policy"}


@pytest.mark.parametrize(
    ("others", "refused", "found"),
    [
        (("example.com",), None, "example.com"),
        (("example.com", "mail.example.com"), None, "mail.example.com"),
        ((), None, "mail.example.com"),
        (("example.com",), "mail.example.com", "mail.example.com"),
    ],
)
def test_above_an_address_the_nearest_verified_domain_is_read(
    others: tuple[str, ...], refused: str | None, found: str
) -> None:
    path = mail_path(
        pool(email=developer(identity_ref("Orders@MAIL.example.com"))),
        *map(identity, others),
        unreadable=None if refused is None else {identity_ref(refused): unread("ses:GetEmailIdentity")},
    )

    (missing,) = [each for each in judge(path, ALL).findings if each.rule_id in {"MW301", "MW106"}]

    assert path.candidates["us-east-1"].identity_ref.name == found
    assert ("identity/example.com and From to" in english(missing.remediation)) is (found == "example.com")


@pytest.mark.parametrize(
    ("what", "action"),
    [
        (SENDER, "ses:GetEmailIdentity"),
        ("us-east-1", "ses:GetAccount"),
        (configuration_set_ref("mail"), "ses:GetConfigurationSet"),
    ],
    ids=["identity", "account", "configuration set"],
)
def test_a_refused_read_costs_exactly_its_own_reading(
    what: IdentityRef | ConfigurationSetRef | str, action: str
) -> None:
    refused = unread(action)
    sender, mail = identity("example.com"), configuration_set("mail")
    email = developer(SENDER, configuration_set="mail")
    sound = mail_path(pool(email=email), sender, configuration_sets=(mail,)).ses_states[0]

    path = mail_path(
        pool(email=email),
        sender,
        configuration_sets=(mail,),
        unreadable={what: refused},
    )

    ses_state = path.ses_states[0]
    readings = {
        "identity": ses_state.identity,
        "account": ses_state.account,
        "configuration_set": ses_state.configuration_set,
    }
    expected = {
        "identity": sound.identity,
        "account": sound.account,
        "configuration_set": sound.configuration_set,
    }
    lost = [name for name, reading in readings.items() if reading != expected[name]]
    assert [readings[name] for name in lost] == [refused]


@pytest.mark.parametrize(
    "foreign",
    [identity_ref("example.com", account=OTHER_ACCOUNT), replace(SENDER, partition="aws-us-gov")],
    ids=["account", "partition"],
)
def test_an_identity_of_another_account_or_partition_is_not_read_and_neither_is_what_could_stand_in(
    foreign: IdentityRef,
) -> None:
    email = replace(developer(SENDER), source_arn=foreign.arn)

    path = mail_path(pool(email=email), identity("example.com"))

    reading = path.ses_states[0].identity
    assert isinstance(reading, Unreadable)
    assert reading.reason in {OwnReason.OTHER_ACCOUNT, OwnReason.OTHER_PARTITION}
    assert path.ses_states[0].configuration_set == reading
    assert path.candidates == {}


@pytest.mark.parametrize("passes", [True, False])
@pytest.mark.parametrize("what", ["factors", "identity", "account", "configuration set", "destinations"])
def test_a_refusal_that_may_pass_is_seen_wherever_it_is(what: str, passes: bool) -> None:
    refused = Unreadable(action="a:Read", region="us-east-1", reason="Throttling", transient=passes)
    mail = configuration_set("mail", destinations=refused if what == "destinations" else ())
    email = developer(SENDER, configuration_set="mail")
    places: dict[str, IdentityRef | ConfigurationSetRef | str] = {
        "identity": SENDER,
        "account": "us-east-1",
        "configuration set": mail.ref,
    }

    path = mail_path(
        pool(email=email, second_factor=refused if what == "factors" else False),
        identity("example.com"),
        configuration_sets=(mail,),
        unreadable={places[what]: refused} if what in places else {},
    )

    assert transient_refusal(path) == (refused if passes else None)


def test_the_domain_of_an_address_that_is_no_identity_is_looked_at() -> None:
    address = identity_ref("shop@example.com")
    domain = identity("example.com", configuration_set="default")

    path = mail_path(pool(email=developer(address)), domain, configuration_sets=(configuration_set("default"),))

    candidate = path.candidates["us-east-1"]
    assert candidate.identity == domain
    assert candidate.configuration_set == configuration_set("default")
    assert {domain.ref.arn, configuration_set_ref("default").arn} <= set(used_by(path))


@pytest.mark.parametrize(
    "held",
    [
        pool(email=custom_from("arn:aws:ses:us-east-1:111122223333:identity/shop@example.com")),
        pool(email=developer(identity_ref("nobody.example"))),
        pool("af-south-1", email=developer(identity_ref("shop@example.com", region="us-gov-west-1"))),
        pool("us-gov-west-1", email=developer(identity_ref("shop@example.com", region="us-gov-west-1"))),
    ],
    ids=["default sender", "a domain", "a region that is not allowed", "a region without a row"],
)
def test_no_domain_is_looked_at_where_it_could_not_stand_in(held: Pool) -> None:
    path = mail_path(held, identity("example.com"))

    assert all(ses_state.identity_ref.name != "example.com" for ses_state in path.candidates.values())


def test_a_pool_whose_mail_a_function_takes_reads_nothing_beyond_itself() -> None:
    path = mail_path(pool(email=developer(SENDER, configuration_set="mail"), custom_sender_lambda=LAMBDA))

    assert path.ses_states == ()
    assert path.service_linked_role is None
    assert used_by(path) == (monitoring_of(pool_ref()).arn,)


def test_a_developer_pool_is_found_by_its_from_address_and_by_its_set_besides() -> None:
    path = mail_path(
        pool(email=developer(SENDER, from_address="Shop <No-Reply@example.com>", configuration_set="mail")),
        identity(SENDER.name),
        configuration_sets=(configuration_set("mail"),),
    )

    alone = sender_address(SENDER, "no-reply@example.com")
    by_set = sender_address(SENDER, "no-reply@example.com", through=configuration_set_ref("mail"))

    assert alone is not None
    assert by_set is not None
    assert {alone.arn, by_set.arn} <= set(used_by(path))


@pytest.mark.parametrize(
    "email",
    [
        custom_from(SENDER),
        developer(SENDER, from_address="a@example.com, b@example.com"),
        developer(SENDER, from_address=""),
        developer(identity_ref("example.com", account=OTHER_ACCOUNT)),
    ],
)
def test_where_the_from_address_is_not_known_or_not_ours_nothing_leads_from_it(email: EmailConfiguration) -> None:
    path = mail_path(pool(email=email), identity(SENDER.name))

    assert not [arn for arn in used_by(path) if ":sender/" in arn]


@pytest.mark.parametrize("region", sorted(built_in_table().rows))
@pytest.mark.parametrize("use", list(SenderUse))
def test_a_look_takes_at_most_seven_reads_where_the_identity_is_there_and_its_region_allowed(
    region: str, use: SenderUse
) -> None:
    row = built_in_table().rows[region]
    for ses_region in ("*",) if row.needs_all_regions(use) else row.regions(use):
        source = identity_ref("example.com", region=ses_region)
        developer_pool = use is SenderUse.DEVELOPER
        held = pool(
            region, email=developer(source, configuration_set="mail") if developer_pool else custom_from(source)
        )
        regions = row.regions(use) if ses_region == "*" else (ses_region,)
        identities = HeldIdentities(
            held={each.ref: each for each in (identity("example.com", region=name) for name in regions)}
        )
        sets, accounts, role = HeldConfigurationSets(), HeldAccounts(), HeldRole()
        path_reader = MailPathReader(
            pools=HeldPools(held={held.ref: held}),
            identities=identities,
            configuration_sets=sets,
            accounts=accounts,
            role=role,
            table=built_in_table(),
            consents=ConsentSettings(identities={}),
        )

        path_reader.look(held.ref, at=NOON, fresh=True)

        # The pool, and its second factors on the default sender; a set is two reads.
        reads_of_the_pool = 1 if developer_pool else 2
        others = len(identities.reads) + len(accounts.reads) + 2 * len(sets.reads) + role.reads
        assert reads_of_the_pool + others <= 7
