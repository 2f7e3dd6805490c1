"""Reading configuration sets: options, event destinations, and failed reads of either half."""

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.ses.configuration_sets import SesConfigurationSets
from mailwarden.domain.readings import ConfigurationSet, DedicatedIpPool, EventDestination, Missing, Unreadable
from tests.builders import ACCOUNT, OTHER_ACCOUNT, configuration_set_ref
from tests.functional.aws.harness import Time
from tests.functional.aws.wire.ses import Ses
from tests.functional.aws.wire.wire import Answer, Wire, refusal

SILENCE = ReadTimeoutError(endpoint_url="https://email.us-east-1.amazonaws.com/")
REF = configuration_set_ref("mail")
TOPIC = {"SnsDestination": {"TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:bounces"}}
REFUSALS = [
    (refusal("AccessDeniedException", status=403), "AccessDenied"),
    (refusal("TooManyRequestsException", status=429), "TooManyRequestsException"),
    (refusal("BadRequestException"), "BadRequestException"),
    (SILENCE, "ReadTimeout"),
]


class Reads:
    """SES in memory behind the adapter, with a clock."""

    def __init__(self) -> None:
        self.ses, self.time = Ses(), Time()
        self.wire = Wire(services={"email": self.ses})
        self.sets = SesConfigurationSets(
            clients=Clients(self.wire.session()), account=ACCOUNT, monotonic=self.time.monotonic
        )


@pytest.fixture
def reads() -> Reads:
    return Reads()


def test_a_set_is_read_with_its_destinations(reads: Reads) -> None:
    reads.ses.put_set(
        "mail",
        {"Name": "topic", "Enabled": True, "MatchingEventTypes": ["BOUNCE", "COMPLAINT"], **TOPIC},
        {"Name": "off", "Enabled": False, "MatchingEventTypes": ["SEND"], "CloudWatchDestination": {}},
        SendingOptions={"SendingEnabled": False},
        DeliveryOptions={"TlsPolicy": "REQUIRE"},
        SuppressionOptions={"SuppressedReasons": ["BOUNCE"]},
    )

    reading = reads.sets.read(REF, fresh=True)

    assert reading == ConfigurationSet(
        ref=REF,
        sending_enabled=False,
        tls_required=True,
        suppressed_reasons=frozenset({"BOUNCE"}),
        destinations=(
            EventDestination(name="topic", enabled=True, event_types=frozenset({"BOUNCE", "COMPLAINT"})),
            EventDestination(name="off", enabled=False, event_types=frozenset({"SEND"})),
        ),
    )
    assert reads.wire.operations() == ("GetConfigurationSet", "GetConfigurationSetEventDestinations")


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        ({}, None),
        ({"SuppressionOptions": {}}, None),
        ({"SuppressionOptions": {"SuppressionScope": "ACCOUNT"}}, None),
        ({"SuppressionOptions": {"SuppressedReasons": []}}, frozenset()),
    ],
    ids=["absent", "empty", "without reasons", "no reasons"],
)
def test_a_set_that_names_no_reasons_follows_the_account_and_an_empty_list_turns_suppression_off(
    reads: Reads, options: dict[str, object], reasons: frozenset[str] | None
) -> None:
    reads.ses.put_set("mail", **options)

    reading = reads.sets.read(REF, fresh=True)

    assert isinstance(reading, ConfigurationSet)
    assert reading.suppressed_reasons == reasons
    assert not reading.tls_required
    assert reading.destinations == ()


def test_a_set_without_sending_options_is_unread(reads: Reads) -> None:
    reads.ses.put_set("mail", SendingOptions={})

    reading = reads.sets.read(REF, fresh=True)

    assert isinstance(reading, Unreadable)
    assert reading.action == "ses:GetConfigurationSet"


def test_a_set_that_is_not_there_is_missing_and_its_destinations_are_not_asked_for(reads: Reads) -> None:
    reading = reads.sets.read(REF, fresh=True)

    assert reading == Missing(arn=REF.arn)
    assert reads.wire.operations() == ("GetConfigurationSet",)


def test_a_set_deleted_between_the_two_reads_is_missing(reads: Reads) -> None:
    reads.ses.put_set("mail")
    reads.wire.disturb("GetConfigurationSetEventDestinations", before=reads.ses.sets.clear)

    reading = reads.sets.read(REF, fresh=True)

    assert reading == Missing(arn=REF.arn)


@pytest.mark.parametrize(("answer", "reason"), REFUSALS)
def test_a_set_that_could_not_be_read_is_unread_and_asked_for_again(
    reads: Reads, answer: Answer | Exception, reason: str
) -> None:
    reads.ses.put_set("mail")
    reads.wire.disturb("GetConfigurationSet", 1, 2, 3, 4, instead=answer)

    first = reads.sets.read(REF, fresh=False)
    reads.wire.forget()
    second = reads.sets.read(REF, fresh=False)

    assert str(first) == f"{reason}: ses:GetConfigurationSet in us-east-1"
    assert isinstance(second, ConfigurationSet)


@pytest.mark.parametrize(("answer", "reason"), REFUSALS)
def test_destinations_that_could_not_be_read_leave_the_rest_of_the_set_read(
    reads: Reads, answer: Answer | Exception, reason: str
) -> None:
    reads.ses.put_set("mail", DeliveryOptions={"TlsPolicy": "REQUIRE"})
    reads.wire.disturb("GetConfigurationSetEventDestinations", 1, 2, 3, 4, instead=answer)

    first = reads.sets.read(REF, fresh=False)
    reads.wire.forget()
    second = reads.sets.read(REF, fresh=False)

    assert isinstance(first, ConfigurationSet)
    assert first.tls_required
    assert str(first.destinations) == f"{reason}: ses:GetConfigurationSetEventDestinations in us-east-1"
    assert isinstance(second, ConfigurationSet)
    assert second.destinations == ()


def test_the_dedicated_ip_pool_that_a_set_names_is_read_and_may_be_gone(reads: Reads) -> None:
    reads.ses.put_set("mail", DeliveryOptions={"SendingPoolName": "transactional"})
    gone = reads.sets.read(REF, fresh=True)
    reads.ses.ip_pools.add(("us-east-1", "transactional"))
    there = reads.sets.read(REF, fresh=True)

    assert isinstance(gone, ConfigurationSet)
    assert isinstance(there, ConfigurationSet)
    assert gone.ip_pool == DedicatedIpPool(name="transactional", exists=False)
    assert there.ip_pool == DedicatedIpPool(name="transactional", exists=True)


@pytest.mark.parametrize("name", [None, "ses-default-dedicated-pool", "ses-shared-pool", "default"])
def test_an_ip_pool_of_awss_own_costs_no_read(reads: Reads, name: str | None) -> None:
    reads.ses.put_set("mail", DeliveryOptions={} if name is None else {"SendingPoolName": name})

    reading = reads.sets.read(REF, fresh=True)

    assert isinstance(reading, ConfigurationSet)
    assert reading.ip_pool is None
    assert reads.wire.count("GetDedicatedIpPool") == 0


@pytest.mark.parametrize(("answer", "reason"), REFUSALS)
def test_an_ip_pool_that_could_not_be_read_leaves_the_rest_read_and_is_asked_for_again(
    reads: Reads, answer: Answer | Exception, reason: str
) -> None:
    reads.ses.put_set("mail", DeliveryOptions={"SendingPoolName": "transactional"})
    reads.ses.ip_pools.add(("us-east-1", "transactional"))
    reads.wire.disturb("GetDedicatedIpPool", 1, 2, 3, 4, instead=answer)

    first = reads.sets.read(REF, fresh=False)
    reads.wire.forget()
    second = reads.sets.read(REF, fresh=False)

    assert isinstance(first, ConfigurationSet)
    assert isinstance(second, ConfigurationSet)
    assert first.ip_pool is not None
    assert second.ip_pool is not None
    assert str(first.ip_pool.exists) == f"{reason}: ses:GetDedicatedIpPool in us-east-1"
    assert second.ip_pool.exists is True


def test_an_unforeseen_error_is_raised(reads: Reads) -> None:
    reads.wire.disturb("GetConfigurationSet", instead=refusal("ExpiredTokenException"))

    with pytest.raises(ClientError, match="ExpiredToken"):
        reads.sets.read(REF, fresh=False)


def test_a_set_is_cached_for_a_minute_per_region_unless_a_fresh_one_is_asked_for(reads: Reads) -> None:
    reads.ses.put_set("mail")
    reads.sets.read(REF, fresh=False)

    reads.time.seconds += 59.9
    reads.sets.read(REF, fresh=False)
    within = reads.wire.count("GetConfigurationSet")
    reads.sets.read(REF, fresh=True)
    elsewhere = reads.sets.read(configuration_set_ref("mail", region="eu-west-1"), fresh=False)

    assert within == 1
    assert reads.wire.count("GetConfigurationSet") == 3
    assert isinstance(elsewhere, Missing)


def test_a_set_of_another_account_is_never_taken_for_ours(reads: Reads) -> None:
    reads.ses.put_set("mail")

    reading = reads.sets.read(configuration_set_ref("mail", account=OTHER_ACCOUNT), fresh=True)

    assert isinstance(reading, Unreadable)
    assert OTHER_ACCOUNT in str(reading)
    assert reads.wire.operations() == ()
