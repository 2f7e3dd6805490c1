"""A fresh process that becomes ready for its first event, and prints the milliseconds of processor time this took.

python -S -E -B cold_program.py (boto3|inspect) PATH…
"""

import sys
from time import process_time

started = process_time()

import os  # noqa: E402 - what is measured begins above

program, *paths = sys.argv[1:]
sys.path[:0] = paths
os.environ.update(
    {
        "ACCOUNT_ID": "111122223333",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "AWS_REGION": "ap-northeast-2",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "HINTS_QUEUE_URL": "https://sqs.ap-northeast-2.amazonaws.com/111122223333/hints",
        "LEDGER_TABLE": "ledger",
        "PARTITION": "aws",
        "REPAIRS_QUEUE_URL": "https://sqs.ap-northeast-2.amazonaws.com/111122223333/repairs.fifo",
        "REPAIR_MODE": "off",
        "WATCHED_REGIONS": "ap-northeast-2",
    },
)
REGION = os.environ["AWS_REGION"]

if program == "boto3":
    from boto3.session import Session

    session = Session(region_name=REGION)
    for service in ("dynamodb", "sqs", "cognito-idp", "sesv2", "iam"):
        session.client(service, region_name=REGION)
else:
    import app  # type: ignore[import-not-found] # the built function

    from mailwarden.bootstrap import container

    app.inspecting()
    clients = container.clients()
    for client in (clients.cognito, clients.sesv2, clients.iam):
        client(REGION)

print((process_time() - started) * 1000)
