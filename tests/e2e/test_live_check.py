"""`make live-check` with a deployment and a verified identity: every fact agrees, and nothing is left."""

import re

from tests.e2e.box import HOME, Box
from tests.e2e.stage import Stage

IAM_REGION = "us-east-1"


def everything(box: Box, identity: str) -> dict[str, object]:
    """All that a run makes, in the regions where it does."""
    ses = box.client("sesv2")
    found: dict[str, object] = {
        "pools": sorted(each["Id"] for each in box.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]),
        "sets": sorted(ses.list_configuration_sets()["ConfigurationSets"]),
        "identities": sorted(each["IdentityName"] for each in ses.list_email_identities()["EmailIdentities"]),
        "policies": ses.get_email_identity(EmailIdentity=identity).get("Policies", {}),
    }
    for region in (HOME, IAM_REGION):
        found[f"rules {region}"] = sorted(each["Name"] for each in box.client("events", region).list_rules()["Rules"])
        found[f"queues {region}"] = sorted(box.client("sqs", region).list_queues().get("QueueUrls", ()))
    return found


def test_all_facts_agree_and_everything_is_as_it_was(stage: Stage) -> None:
    identity = stage.people.identity(HOME)
    before = everything(stage.box, identity.name)

    report = stage.box.tool(
        "live_check", "--region", HOME, "--identity", identity.name, "--although-pools", "--yes",
        "--settle", "0", "--wait", "30", "--tiers", "LITE,PLUS", timeout=180,
    )  # fmt: skip

    assert everything(stage.box, identity.name) == before
    facts = re.findall(r"^\| ([a-z-]+) \| .+ \| (agrees|DIFFERS|not observed) \| (.*) \|$", report, re.MULTILINE)
    assert {(fact, result) for fact, result, _ in facts if result != "agrees"} == set(), report[-3000:]
    assert len({fact for fact, _, _ in facts}) == 17
    heard = dict(re.findall(r"^\| `(\w+)` \| .+ \| (\w+) \| [\d.]+ s \| \w+ \|$", report, re.MULTILINE))
    assert heard["CreateEmailIdentityPolicy"] == heard["DeleteEmailIdentityPolicy"] == "SesCalls"
    assert identity.name not in report
    assert stage.box.account not in report
