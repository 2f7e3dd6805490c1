"""AWS's list prices in us-east-1, as known in November 2026."""

from dataclasses import dataclass

# The page of each service below https://aws.amazon.com/.
_PAGES = {
    "CloudWatch": "cloudwatch/pricing",
    "DynamoDB": "dynamodb/pricing/on-demand",
    "EventBridge": "eventbridge/pricing",
    "Lambda": "lambda/pricing",
    "SNS": "sns/pricing",
    "SQS": "sqs/pricing",
    "Secrets Manager": "secrets-manager/pricing",
    "Security Hub": "security-hub/pricing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A list price in us-east-1: dollars for a number of units; ``free`` is AWS's permanent free allowance."""

    service: str
    unit: str
    dollars: float
    each: float = 1
    free: float = 0

    @property
    def source(self) -> str:
        """The page of the price."""
        return f"https://aws.amazon.com/{_PAGES[self.service]}/"


REQUESTS = Price(service="Lambda", unit="requests", dollars=0.20, each=1e6, free=1e6)
COMPUTE = Price(service="Lambda", unit="GB-seconds, arm64", dollars=0.0000133334, free=400_000)
QUEUES = Price(service="SQS", unit="requests, standard", dollars=0.40, each=1e6, free=1e6)
EVENTS = Price(service="EventBridge", unit="events to another region's bus", dollars=1.00, each=1e6)
COPIES = Price(service="EventBridge", unit="custom events", dollars=1.00, each=1e6)
PUBLISHED = Price(service="SNS", unit="requests", dollars=0.50, each=1e6, free=1e6)
IMPORTS = Price(service="Security Hub", unit="findings imported", dollars=0.00003, free=10_000)
WRITES = Price(service="DynamoDB", unit="write units, on demand", dollars=0.625, each=1e6)
READS = Price(service="DynamoDB", unit="read units, on demand", dollars=0.125, each=1e6)
STORAGE = Price(service="DynamoDB", unit="GB stored", dollars=0.25, free=25)
RECOVERY = Price(service="DynamoDB", unit="GB with point-in-time recovery", dollars=0.20)
FIGURES_READ = Price(service="CloudWatch", unit="metrics asked for with GetMetricData", dollars=0.01, each=1e3)
METRICS = Price(service="CloudWatch", unit="custom metrics", dollars=0.30, free=10)
ALARM = Price(service="CloudWatch", unit="alarm metrics", dollars=0.10, free=10)
DASHBOARD = Price(service="CloudWatch", unit="dashboards", dollars=3.00, free=3)
LOGS = Price(service="CloudWatch", unit="GB of logs taken in", dollars=0.50, free=5)
ARCHIVE = Price(service="CloudWatch", unit="GB of logs stored", dollars=0.03)
INSIGHTS = Price(service="CloudWatch", unit="GB of logs scanned by queries", dollars=0.005)
MAILS = Price(service="SNS", unit="mails", dollars=2.00, each=1e5, free=1e3)
SECRETS = Price(service="Secrets Manager", unit="secrets", dollars=0.40)
PRICES = (
    REQUESTS, COMPUTE, QUEUES, EVENTS, COPIES, WRITES, READS, STORAGE, RECOVERY, FIGURES_READ, METRICS, ALARM,
    DASHBOARD, LOGS, ARCHIVE, INSIGHTS, MAILS, PUBLISHED, IMPORTS, SECRETS,
)  # fmt: skip
