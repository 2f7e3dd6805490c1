"""Reads SES metrics from CloudWatch: one request for everything in use in a region, in slots of 15 minutes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import unread
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import Figures
from mailwarden.domain.reputation.time_series import SLOT, Slot, slot_of

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.client import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import DimensionTypeDef, MetricDataQueryTypeDef, MetricDataResultTypeDef

READ = "cloudwatch:GetMetricData"
# CloudWatch API reference, GetMetricData: "as many as 500 MetricDataQuery structures".
_MOST_QUERIES = 500
_NAMESPACE = "AWS/SES"
_SET = "ses:configuration-set"
# A rate is a level, not a number of messages: the highest value within a slot counts, so that no threshold that was
# reached is missed (SES guide, "Creating reputation monitoring alarms").
_METRICS = {
    "sends": ("Send", "Sum"),
    "deliveries": ("Delivery", "Sum"),
    "bounces": ("Bounce", "Sum"),
    "complaints": ("Complaint", "Sum"),
    "rejects": ("Reject", "Sum"),
    "rendering_failures": ("RenderingFailure", "Sum"),
    "bounce_rate": ("Reputation.BounceRate", "Maximum"),
    "complaint_rate": ("Reputation.ComplaintRate", "Maximum"),
}
_COMPLETE = "Complete"
_FAILED = "InternalError"
_FORBIDDEN = "Forbidden"

type _Subject = SesAccountRef | ConfigurationSetRef


class _Incomplete(Exception):
    """CloudWatch returned incomplete data; the message is its status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudWatchMetrics:
    """Implements the port ``SesMetrics`` with CloudWatch."""

    clients: Clients

    def read(
        self, region: str, subjects: Sequence[_Subject], *, start: datetime, end: datetime
    ) -> Mapping[_Subject, tuple[Slot, ...]] | Unreadable:
        """The slots with at least one value, for each subject; a missing value in a slot is None.

        A region with refused or incomplete data is unread as a whole: sums over part of the data would be too small.
        """
        asked = [(subject, name) for subject in subjects for name in _METRICS]
        found: dict[_Subject, dict[datetime, dict[str, float]]] = {subject: {} for subject in subjects}
        try:
            client = self.clients.cloudwatch(region)
            for some in batched(asked, _MOST_QUERIES, strict=False):
                for (subject, name), at, value in _points(client, some, start=start, end=end):
                    found[subject].setdefault(slot_of(at.astimezone(UTC)), {})[name] = value
        except _Incomplete as error:
            return Unreadable(action=READ, region=region, reason=str(error), transient=str(error) != _FORBIDDEN)
        except (ClientError, BotoCoreError) as error:
            return unread(error, action=READ, region=region)
        return {
            subject: tuple(Slot(at=at, figures=Figures(**slots[at])) for at in sorted(slots))
            for subject, slots in found.items()
        }


def _points(
    client: "CloudWatchClient", asked: Sequence[tuple[_Subject, str]], *, start: datetime, end: datetime
) -> Iterator[tuple[tuple[_Subject, str], datetime, float]]:
    """Every data point with its query; raises _Incomplete if CloudWatch returned only part of the data."""
    by_id = {f"m{place}": each for place, each in enumerate(asked)}
    statuses: dict[str, str] = defaultdict(lambda: _COMPLETE)
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[_query(query_id, *each) for query_id, each in by_id.items()],
        StartTime=start,
        EndTime=end,
        ScanBy="TimestampAscending",
    )
    for page in pages:
        # About the whole request: "as much of the operation as possible is still executed", which is not all.
        for message in page.get("Messages", []):
            raise _Incomplete(message.get("Code", OwnReason.UNEXPECTED_RESPONSE))
        for result in page["MetricDataResults"]:
            status: str = result["StatusCode"]
            # The next page does not clear an error; it does complete partial data.
            if statuses[result["Id"]] != _FAILED:
                statuses[result["Id"]] = status
            yield from ((by_id[result["Id"]], at, value) for at, value in _values(result))
    for status in statuses.values():
        if status != _COMPLETE:
            raise _Incomplete(status)


def _values(result: "MetricDataResultTypeDef") -> Iterator[tuple[datetime, float]]:
    times, values = result.get("Timestamps", ()), result.get("Values", ())
    if len(times) != len(values):
        raise _Incomplete(OwnReason.UNEXPECTED_RESPONSE)
    return zip(times, values, strict=True)


def _query(query_id: str, subject: _Subject, name: str) -> "MetricDataQueryTypeDef":
    metric, statistic = _METRICS[name]
    dimensions: list[DimensionTypeDef] = (
        [{"Name": _SET, "Value": subject.name}] if isinstance(subject, ConfigurationSetRef) else []
    )
    return {
        "Id": query_id,
        "MetricStat": {
            "Metric": {"Namespace": _NAMESPACE, "MetricName": metric, "Dimensions": dimensions},
            "Period": int(SLOT.total_seconds()),
            "Stat": statistic,
        },
        "ReturnData": True,
    }
