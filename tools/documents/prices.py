"""AWS's list prices in us-east-1, as known in November 2026."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A list price in us-east-1: dollars for a number of units; ``free`` is AWS's permanent free allowance."""

    service: str
    unit: str
    dollars: float
    each: float = 1
    free: float = 0
    source: str


REQUESTS = Price(
    service="Lambda", unit="requests", dollars=0.20, each=1e6, free=1e6, source="https://aws.amazon.com/lambda/pricing/"
)
COMPUTE = Price(
    service="Lambda", unit="GB-seconds, arm64", dollars=0.0000133334, free=400_000,
    source="https://aws.amazon.com/lambda/pricing/",
)  # fmt: skip
QUEUES = Price(
    service="SQS", unit="requests, standard", dollars=0.40, each=1e6, free=1e6,
    source="https://aws.amazon.com/sqs/pricing/",
)  # fmt: skip
EVENTS = Price(
    service="EventBridge", unit="events to another region's bus", dollars=1.00, each=1e6,
    source="https://aws.amazon.com/eventbridge/pricing/",
)  # fmt: skip
COPIES = Price(
    service="EventBridge", unit="custom events", dollars=1.00, each=1e6,
    source="https://aws.amazon.com/eventbridge/pricing/",
)  # fmt: skip
PUBLISHED = Price(
    service="SNS", unit="requests", dollars=0.50, each=1e6, free=1e6, source="https://aws.amazon.com/sns/pricing/"
)
IMPORTS = Price(
    service="Security Hub", unit="findings imported", dollars=0.00003, free=10_000,
    source="https://aws.amazon.com/security-hub/pricing/",
)  # fmt: skip
WRITES = Price(
    service="DynamoDB", unit="write units, on demand", dollars=0.625, each=1e6,
    source="https://aws.amazon.com/dynamodb/pricing/on-demand/",
)  # fmt: skip
READS = Price(
    service="DynamoDB", unit="read units, on demand", dollars=0.125, each=1e6,
    source="https://aws.amazon.com/dynamodb/pricing/on-demand/",
)  # fmt: skip
STORAGE = Price(
    service="DynamoDB",
    unit="GB stored",
    dollars=0.25,
    free=25,
    source="https://aws.amazon.com/dynamodb/pricing/on-demand/",
)
RECOVERY = Price(
    service="DynamoDB", unit="GB with point-in-time recovery", dollars=0.20,
    source="https://aws.amazon.com/dynamodb/pricing/on-demand/",
)  # fmt: skip
FIGURES_READ = Price(
    service="CloudWatch", unit="metrics asked for with GetMetricData", dollars=0.01, each=1e3,
    source="https://aws.amazon.com/cloudwatch/pricing/",
)  # fmt: skip
METRICS = Price(
    service="CloudWatch",
    unit="custom metrics",
    dollars=0.30,
    free=10,
    source="https://aws.amazon.com/cloudwatch/pricing/",
)
ALARM = Price(
    service="CloudWatch",
    unit="alarm metrics",
    dollars=0.10,
    free=10,
    source="https://aws.amazon.com/cloudwatch/pricing/",
)
DASHBOARD = Price(
    service="CloudWatch", unit="dashboards", dollars=3.00, free=3, source="https://aws.amazon.com/cloudwatch/pricing/"
)
LOGS = Price(
    service="CloudWatch", unit="GB of logs taken in", dollars=0.50, free=5,
    source="https://aws.amazon.com/cloudwatch/pricing/",
)  # fmt: skip
ARCHIVE = Price(
    service="CloudWatch", unit="GB of logs stored", dollars=0.03,
    source="https://aws.amazon.com/cloudwatch/pricing/",
)  # fmt: skip
INSIGHTS = Price(
    service="CloudWatch", unit="GB of logs scanned by queries", dollars=0.005,
    source="https://aws.amazon.com/cloudwatch/pricing/",
)  # fmt: skip
MAILS = Price(
    service="SNS", unit="mails", dollars=2.00, each=1e5, free=1e3, source="https://aws.amazon.com/sns/pricing/"
)
SECRETS = Price(
    service="Secrets Manager", unit="secrets", dollars=0.40, source="https://aws.amazon.com/secrets-manager/pricing/"
)
PRICES = (
    REQUESTS, COMPUTE, QUEUES, EVENTS, COPIES, WRITES, READS, STORAGE, RECOVERY, FIGURES_READ, METRICS, ALARM,
    DASHBOARD, LOGS, ARCHIVE, INSIGHTS, MAILS, PUBLISHED, IMPORTS, SECRETS,
)  # fmt: skip
