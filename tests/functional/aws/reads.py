"""Every read of the adapters, with what counts as a reading of its failure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from boto3.session import Session

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.adapters.aws.cloudtrail.past_calls import CloudTrailPastCalls
from mailwarden.adapters.aws.cloudtrail.trails import CloudTrailTrails
from mailwarden.adapters.aws.cognito.app_clients import CognitoAppClients
from mailwarden.adapters.aws.cognito.custom_senders import AwsCustomSenders
from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.adapters.aws.iam.email_service_role import IamEmailServiceRole
from mailwarden.adapters.aws.ses.accounts import SesV2Accounts
from mailwarden.adapters.aws.ses.configuration_sets import SesConfigurationSets
from mailwarden.adapters.aws.ses.identities import SesIdentities
from mailwarden.adapters.aws.ses.metrics import CloudWatchMetrics
from mailwarden.adapters.aws.ses.suppressed_address import SesSuppressedAddresses
from mailwarden.adapters.aws.ses.suppression_list import SesSuppressionLists
from mailwarden.adapters.aws.ssm.settings_parameter import SettingsParameter
from mailwarden.domain.readings import ConfigurationSet, CustomSender, Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.ports.repair.stacks import Owned
from tests.builders import ACCOUNT, NOON, identity_ref, pool_ref
from tests.functional.aws.harness import Time

REGION = "us-east-1"
POOL = pool_ref(REGION)
SES = SesAccountRef(partition="aws", region=REGION, account=ACCOUNT)
SET = ConfigurationSetRef(partition="aws", region=REGION, account=ACCOUNT, name="mail")
SESSION = Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
CLIENTS = Clients(SESSION)
SSM = SESSION.client("ssm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A read of an adapter: its call, and what counts as a reading of the call's failure."""

    service: str
    operation: str
    read: Callable[[Clients], object]
    is_reading: Callable[[object], bool] = lambda found: isinstance(found, Unreadable)
    # What AWS's error means that the subject is not there, or that the request was at fault and is made another way.
    also: Mapping[str, str] | None = None


def _custom_sender(clients: Clients) -> CustomSender:
    function, key = (
        f"arn:aws:{name}:{REGION}:{ACCOUNT}:{rest}" for name, rest in (("lambda", "function:mail"), ("kms", "key/k"))
    )
    return AwsCustomSenders(clients=clients, account=ACCOUNT).read(function, key)


def _selectors(clients: Clients) -> object:
    trails = CloudTrailTrails(clients=clients).seen_in(REGION)
    assert isinstance(trails, tuple)
    return trails[0].selectors


def _logging(clients: Clients) -> object:
    trails = CloudTrailTrails(clients=clients).seen_in(REGION)
    assert isinstance(trails, tuple)
    return trails[0].logging


def _pools(clients: Clients) -> CognitoPools:
    return CognitoPools(clients=clients, partition="aws", account=ACCOUNT)


def _app_clients(clients: Clients) -> object:
    finder = CognitoAppClients(clients=clients, pools=_pools(clients), sleep=lambda _: None, monotonic=lambda: 0.0)
    return finder.find(frozenset({"client"}), REGION)


def _factors(clients: Clients) -> object:
    return _pools(clients).mails_second_factor(POOL)


def _ip_pool(clients: Clients) -> object:
    reading = SesConfigurationSets(clients=clients, account=ACCOUNT, monotonic=lambda: 0.0).read(SET, fresh=True)
    assert isinstance(reading, ConfigurationSet)
    assert reading.ip_pool is not None
    return reading.ip_pool.exists


def _settings(_: Clients) -> object:
    return SettingsParameter(ssm=SSM, name="settings", monotonic=lambda: 0.0).current().closed_because


def _is_nothing_found(found: object) -> bool:
    return found == {}


def _is_closed(found: object) -> bool:
    return found is not None


READS = (
    Read(
        service="cognito-idp",
        operation="DescribeUserPool",
        read=lambda clients: _pools(clients).read(POOL),
        also={"ResourceNotFoundException": "missing"},
    ),
    Read(service="cognito-idp", operation="GetUserPoolMfaConfig", read=_factors),
    Read(
        service="cognito-idp",
        operation="DescribeRiskConfiguration",
        read=lambda clients: _pools(clients)._risk(POOL),
    ),
    Read(
        service="cognito-idp",
        operation="DescribeUserPoolDomain",
        read=lambda clients: _pools(clients)._link_domain(REGION, {"CustomDomain": "auth.example.com"}).custom_status,
        also={"ResourceNotFoundException": "gone"},
    ),
    Read(service="cognito-idp", operation="ListUserPools", read=lambda clients: _pools(clients).page(REGION, None)),
    Read(service="cognito-idp", operation="ListUserPoolClients", read=_app_clients, is_reading=_is_nothing_found),
    Read(
        service="sesv2",
        operation="GetEmailIdentity",
        read=lambda clients: SesIdentities(clients=clients, account=ACCOUNT, monotonic=lambda: 0.0).read(
            identity_ref("example.com", region=REGION), fresh=True
        ),
        also={"NotFoundException": "missing"},
    ),
    Read(
        service="sesv2",
        operation="GetAccount",
        read=lambda clients: SesV2Accounts(clients=clients, account=ACCOUNT, monotonic=lambda: 0.0).read(
            SES, fresh=True
        ),
    ),
    *(
        Read(
            service="sesv2",
            operation=operation,
            read=lambda clients: SesConfigurationSets(clients=clients, account=ACCOUNT, monotonic=lambda: 0.0).read(
                SET, fresh=True
            ),
            is_reading=lambda found: isinstance(getattr(found, "destinations", found), Unreadable),
            also={"NotFoundException": "missing"},
        )
        for operation in ("GetConfigurationSet", "GetConfigurationSetEventDestinations")
    ),
    Read(
        service="sesv2",
        operation="GetDedicatedIpPool",
        read=_ip_pool,
        also={"NotFoundException": "gone"},
    ),
    Read(
        service="sesv2",
        operation="GetSuppressedDestination",
        read=lambda clients: SesSuppressedAddresses(clients=clients, account=ACCOUNT, time=Time().of_writes()).read(
            SES, "user@example.com"
        ),
        also={"NotFoundException": "not suppressed"},
    ),
    Read(
        service="sesv2",
        operation="ListSuppressedDestinations",
        read=lambda clients: SesSuppressionLists(clients=clients, account=ACCOUNT).page(
            SES, since=None, to=None, after=None
        ),
    ),
    Read(
        service="iam",
        operation="GetRole",
        read=lambda clients: IamEmailServiceRole(clients=clients, region=REGION, monotonic=lambda: 0.0).read(
            fresh=True
        ),
        also={"NoSuchEntity": "missing"},
    ),
    Read(
        service="lambda",
        operation="GetPolicy",
        read=lambda clients: _custom_sender(clients).policy,
        also={"ResourceNotFoundException": "gone"},
    ),
    Read(
        service="kms",
        operation="DescribeKey",
        read=lambda clients: _custom_sender(clients).key_state,
        also={"NotFoundException": "gone"},
    ),
    Read(
        service="cloudtrail",
        operation="DescribeTrails",
        read=lambda clients: CloudTrailTrails(clients=clients).seen_in(REGION),
    ),
    Read(service="cloudtrail", operation="GetTrailStatus", read=_logging),
    Read(
        service="cloudtrail",
        operation="LookupEvents",
        read=lambda clients: CloudTrailPastCalls(clients=clients, sleep=lambda _: None).updates_of(
            POOL, since=NOON - timedelta(hours=1), until=NOON
        ),
    ),
    Read(service="cloudtrail", operation="GetEventSelectors", read=_selectors),
    Read(
        service="cloudformation",
        operation="DescribeStackResources",
        read=lambda clients: CloudFormationStacks(clients=clients).owner_of(POOL),
        is_reading=lambda found: isinstance(found, Owned),
    ),
    Read(
        service="cloudwatch",
        operation="GetMetricData",
        read=lambda clients: CloudWatchMetrics(clients=clients).read(
            REGION, (SES,), start=NOON - timedelta(hours=1), end=NOON
        ),
    ),
    Read(service="ssm", operation="GetParameter", read=_settings, is_reading=_is_closed),
    Read(service="ssm", operation="GetParameterHistory", read=_settings, is_reading=_is_closed),
)
# What the calls before the one that fails answer.
FIRST = {
    "DescribeTrails": {
        "trailList": [
            {
                "TrailARN": f"arn:aws:cloudtrail:{REGION}:999999999999:trail/all",
                "HomeRegion": REGION,
                "HasCustomEventSelectors": True,
                "IncludeGlobalServiceEvents": True,
                "IsMultiRegionTrail": True,
                "IsOrganizationTrail": False,
            }
        ]
    },
    "GetTrailStatus": {"IsLogging": True},
    "GetEventSelectors": {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]},
    "GetUserPoolMfaConfig": {"MfaConfiguration": "OFF"},
    "GetConfigurationSet": {"SendingOptions": {"SendingEnabled": True}, "DeliveryOptions": {"SendingPoolName": "mail"}},
    "GetConfigurationSetEventDestinations": {"EventDestinations": []},
    "GetDedicatedIpPool": {},
    "GetPolicy": {"Policy": "{}"},
    "DescribeRiskConfiguration": {"RiskConfiguration": {}},
    "DescribeKey": {"KeyMetadata": {"KeyId": "k", "KeyState": "Enabled"}},
    "ListUserPools": {"UserPools": [{"Id": POOL.pool_id}]},
    "GetParameter": {"Parameter": {"Value": "not a document"}},
    "GetParameterHistory": {"Parameters": []},
}
