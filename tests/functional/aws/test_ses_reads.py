"""Reading SES identities and accounts: values, caches of at most a minute, and nothing of another account."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.ses.accounts import SesV2Accounts
from mailwarden.adapters.aws.ses.identities import SesIdentities
from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.domain.readings import (
    Dkim,
    Enforcement,
    Identity,
    MailFrom,
    Missing,
    SesAccount,
    Unreadable,
    VerificationStatus,
)
from mailwarden.domain.refs.resources import SesAccountRef
from tests.builders import ACCOUNT, OTHER_ACCOUNT, identity_ref
from tests.functional.aws.harness import Time
from tests.functional.aws.wire.ses import Ses
from tests.functional.aws.wire.wire import Answer, Wire, refusal

SILENCE = ConnectTimeoutError(endpoint_url="https://email.us-east-1.amazonaws.com/")
HOME = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)


class Reads:
    """SES in memory behind both adapters, with one clock."""

    def __init__(self) -> None:
        self.ses, self.time = Ses(), Time()
        self.wire = Wire(services={"email": self.ses})
        clients = Clients(self.wire.session())
        self.identities = SesIdentities(clients=clients, account=ACCOUNT, monotonic=self.time.monotonic)
        self.accounts = SesV2Accounts(clients=clients, account=ACCOUNT, monotonic=self.time.monotonic)


@pytest.fixture
def reads() -> Reads:
    return Reads()


def test_an_identity_is_read_with_its_policies_and_tags_in_one_call(reads: Reads) -> None:
    stored = reads.ses.put("example.com", mailwarden_cognito="{}")
    stored.members |= {
        "IdentityType": "DOMAIN",
        "VerificationStatus": "TEMPORARY_FAILURE",
        "VerifiedForSendingStatus": False,
        "ConfigurationSetName": "mail",
        "Tags": [{"Key": "mailwarden:cognito", "Value": "account"}],
        "DkimAttributes": {"SigningEnabled": True, "Status": "FAILED", "Tokens": ["a", "b", "c"]},
        "MailFromAttributes": {
            "MailFromDomain": "bounce.example.com",
            "MailFromDomainStatus": "TEMPORARY_FAILURE",
            "BehaviorOnMxFailure": "REJECT_MESSAGE",
        },
        "FeedbackForwardingStatus": False,
        "VerificationInfo": {"LastCheckedTimestamp": 1_772_452_800.0, "LastSuccessTimestamp": 1_772_366_400.5},
    }

    reading = reads.identities.read(identity_ref("example.com"), fresh=True)

    assert reading == Identity(
        ref=identity_ref("example.com"),
        is_domain=True,
        verified_for_sending=False,
        verification_status=VerificationStatus.TEMPORARY_FAILURE,
        policies={"mailwarden-cognito": "{}"},
        tags={"mailwarden:cognito": "account"},
        configuration_set="mail",
        dkim=Dkim(signing_enabled=True, status="FAILED"),
        mail_from=MailFrom(domain="bounce.example.com", status="TEMPORARY_FAILURE", rejects_on_failure=True),
        feedback_forwarding=False,
        last_checked=datetime(2026, 3, 2, 12, tzinfo=UTC),
        last_success=datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC),
    )
    assert reads.wire.operations() == ("GetEmailIdentity",)


def test_without_a_mail_from_domain_its_behavior_means_nothing(reads: Reads) -> None:
    reads.ses.put("example.com").members["MailFromAttributes"] = {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}

    reading = reads.identities.read(identity_ref("example.com"), fresh=True)

    assert isinstance(reading, Identity)
    assert reading.mail_from is None
    assert reading.last_checked is None
    assert reading.feedback_forwarding


@pytest.mark.parametrize("name", ["a+b@example.com", "odd/name@example.com", "per%cent@example.com"])
def test_a_name_reaches_ses_as_it_is(reads: Reads, name: str) -> None:
    reads.ses.put(name)

    reading = reads.identities.read(identity_ref(name), fresh=True)

    assert isinstance(reading, Identity)


def test_an_unknown_status_is_unknown(reads: Reads) -> None:
    reads.ses.put("a@example.com").members["VerificationStatus"] = "ALMOST"

    reading = reads.identities.read(identity_ref("a@example.com"), fresh=True)

    assert isinstance(reading, Identity)
    assert reading.verification_status is VerificationStatus.UNKNOWN


def test_an_identity_that_is_not_there_is_missing(reads: Reads) -> None:
    reading = reads.identities.read(identity_ref("a@example.com"), fresh=True)

    assert reading == Missing(arn=identity_ref("a@example.com").arn)


def test_an_identity_of_another_account_is_never_taken_for_ours(reads: Reads) -> None:
    reads.ses.put("a@example.com")

    reading = reads.identities.read(identity_ref("a@example.com", account=OTHER_ACCOUNT), fresh=True)

    assert isinstance(reading, Unreadable)
    assert OTHER_ACCOUNT in str(reading)
    assert reads.wire.operations() == ()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refusal("AccessDeniedException", status=403), "AccessDenied"),
        (refusal("TooManyRequestsException", status=429), "TooManyRequestsException"),
        (refusal("BadRequestException"), "BadRequestException"),
        (SILENCE, "ConnectTimeout"),
    ],
)
def test_a_refused_throttled_or_unanswered_identity_is_unread_and_asked_for_again(
    reads: Reads,
    answer: Answer | Exception,
    reason: str,
) -> None:
    reads.ses.put("a@example.com")
    reads.wire.disturb("GetEmailIdentity", 1, 2, 3, 4, instead=answer)

    first = reads.identities.read(identity_ref("a@example.com"), fresh=False)
    reads.wire.forget()
    second = reads.identities.read(identity_ref("a@example.com"), fresh=False)

    assert str(first) == f"{reason}: ses:GetEmailIdentity in us-east-1"
    assert isinstance(second, Identity)


def test_an_unforeseen_error_is_raised(reads: Reads) -> None:
    reads.wire.disturb("GetEmailIdentity", instead=refusal("ExpiredTokenException"))

    with pytest.raises(ClientError, match="ExpiredToken"):
        reads.identities.read(identity_ref("a@example.com"), fresh=False)


def test_an_answer_is_cached_for_a_minute_and_no_longer(reads: Reads) -> None:
    ref = identity_ref("a@example.com")
    reads.ses.put("a@example.com")
    reads.identities.read(ref, fresh=False)

    reads.time.seconds += 59.9
    reads.identities.read(ref, fresh=False)
    within = reads.wire.count("GetEmailIdentity")
    reads.time.seconds += 0.1
    reads.identities.read(ref, fresh=False)

    assert within == 1
    assert reads.wire.count("GetEmailIdentity") == 2


def test_a_fresh_read_bypasses_the_cache_and_replaces_the_older_answer(reads: Reads) -> None:
    ref = identity_ref("a@example.com")
    stored = reads.ses.put("a@example.com")
    reads.identities.read(ref, fresh=False)
    stored.policies["mailwarden-cognito"] = "{}"

    fresh = reads.identities.read(ref, fresh=True)
    kept = reads.identities.read(ref, fresh=False)

    assert isinstance(fresh, Identity)
    assert fresh.policies == {"mailwarden-cognito": "{}"}
    assert kept == fresh
    assert reads.wire.count("GetEmailIdentity") == 2


def test_the_same_name_in_two_regions_is_two_identities(reads: Reads) -> None:
    reads.ses.put("a@example.com", region="us-east-1")

    here = reads.identities.read(identity_ref("a@example.com"), fresh=False)
    there = reads.identities.read(identity_ref("a@example.com", region="eu-west-1"), fresh=False)

    assert isinstance(here, Identity)
    assert isinstance(there, Missing)


def test_an_account_is_read_with_its_quota(reads: Reads) -> None:
    reads.ses.accounts["us-east-1"] = {
        "ProductionAccessEnabled": True,
        "SendingEnabled": True,
        "EnforcementStatus": "PROBATION",
        "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 12.0},
        "SuppressionAttributes": {"SuppressedReasons": ["COMPLAINT"]},
    }

    reading = reads.accounts.read(HOME, fresh=True)

    assert reading == SesAccount(
        ref=HOME,
        production_access=True,
        sending_enabled=True,
        enforcement=Enforcement.PROBATION,
        max_24_hour_send=50_000.0,
        sent_last_24_hours=12.0,
        suppressed_reasons=frozenset({"COMPLAINT"}),
    )


def test_an_account_without_members_is_unread_and_not_one_that_cannot_send(reads: Reads) -> None:
    reads.ses.accounts[HOME.region] = {}

    reading = reads.accounts.read(HOME, fresh=True)

    assert isinstance(reading, Unreadable)
    assert str(reading) == "MissingMember (EnforcementStatus): ses:GetAccount in us-east-1"


def test_an_account_is_cached_for_a_minute_per_region_unless_a_fresh_one_is_asked_for(reads: Reads) -> None:
    other = SesAccountRef(partition="aws", region="eu-west-1", account=ACCOUNT)

    for ref in (HOME, HOME, other, other):
        reads.accounts.read(ref, fresh=False)
    reads.accounts.read(HOME, fresh=True)

    assert [request.region for request in reads.wire.requests] == ["us-east-1", "eu-west-1", "us-east-1"]


def test_an_account_that_may_not_be_read_is_unread(reads: Reads) -> None:
    reads.wire.disturb("GetAccount", instead=refusal("AccessDeniedException", status=403))

    reading = reads.accounts.read(HOME, fresh=True)

    assert str(reading) == "AccessDenied: ses:GetAccount in us-east-1"


def test_another_account_is_not_asked_for(reads: Reads) -> None:
    foreign = SesAccountRef(partition="aws", region="us-east-1", account=OTHER_ACCOUNT)

    reading = reads.accounts.read(foreign, fresh=True)

    assert isinstance(reading, Unreadable)
    assert reads.wire.operations() == ()


@pytest.mark.parametrize(("passed", "kept"), [(59.9, "a reading"), (60.0, None)])
def test_a_reading_is_kept_for_a_minute_and_no_longer(passed: float, kept: str | None) -> None:
    now = [1000.0]
    recent = TtlCache[str, str](monotonic=lambda: now[0])
    recent.keep("key", "a reading", asked_at=1000.0)

    now[0] += passed

    assert recent.get("key") == kept


def test_what_is_forgotten_is_not_kept() -> None:
    recent = TtlCache[str, str](monotonic=lambda: 0.0)
    recent.keep("key", "a reading", asked_at=0.0)

    recent.forget("key")

    assert recent.get("key") is None


def test_of_two_concurrent_looks_the_later_one_is_cached() -> None:
    recent = TtlCache[str, str](monotonic=Time().monotonic)

    recent.keep("key", "later", asked_at=1000.0)
    recent.keep("key", "earlier", asked_at=999.0)

    assert recent.get("key") == "later"
