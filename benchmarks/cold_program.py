"""Prepares for a first event in a fresh process and prints the processor time in milliseconds.

python -S -E -B cold_program.py (boto3|FUNCTION) PATH…
"""

import sys
from time import process_time

started = process_time()

import os  # noqa: E402 - what is measured begins above

program, *paths = sys.argv[1:]
sys.path[:0] = paths
_URL = "https://sqs.ap-northeast-2.amazonaws.com/111122223333"
_ARN = "arn:aws:{}:ap-northeast-2:111122223333:{}"
os.environ.update(
    {
        "ACCOUNT_ID": "111122223333",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "AWS_REGION": "ap-northeast-2",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "CHAT_QUEUE_URL": f"{_URL}/chat.fifo",
        "HINTS_QUEUE_URL": f"{_URL}/hints",
        "JOURNAL_TABLE": "journal",
        "LEDGER_TABLE": "ledger",
        "PARTITION": "aws",
        "POWERTOOLS_METRICS_NAMESPACE": "Mailwarden",
        "REPAIRS_QUEUE_URL": f"{_URL}/repairs.fifo",
        "REPAIR_MODE": "off",
        "SLACK_SECRET_ARN": _ARN.format("secretsmanager", "secret:webhook"),
        "TOPIC_ARN": _ARN.format("sns", "alerts"),
        "WATCHED_REGIONS": "ap-northeast-2",
        "WEBHOOK_ORIGINS": "https://hooks.slack.com",
    },
)
REGION = os.environ["AWS_REGION"]
# The clients of watched regions that a typical event needs; bootstrap creates those of the home region.
WATCHED = {
    "ask": ("cognito", "sesv2", "iam"),
    "inspect": ("cognito", "sesv2", "iam"),
    "operate": ("sesv2",),
    "repair": ("cognito", "sesv2", "iam"),
    "reputation": ("sesv2", "cloudwatch"),
    "sweep": ("cognito", "cloudtrail"),
    "tally": ("cognito",),
}

if program == "boto3":
    from boto3.session import Session

    session = Session(region_name=REGION)
    for service in ("dynamodb", "sqs", "cognito-idp", "sesv2", "iam"):
        session.client(service, region_name=REGION)
else:
    import app  # type: ignore[import-not-found] # the built function

    # The bootstrap functions that the handler calls, under any name.
    parts = [made for made in vars(app).values() if getattr(made, "__module__", "").startswith("mailwarden.bootstrap.")]
    assert parts
    for part in parts:
        part()
    if program in WATCHED:
        from mailwarden.bootstrap import container

        clients = container.clients()
        for name in WATCHED[program]:
            getattr(clients, name)(REGION)

print((process_time() - started) * 1000)
