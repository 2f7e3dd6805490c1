"""A pool of a stack gets code for its source; an exempt pool is listed, and stays in the weekly summary."""

import json

from tests.e2e.box import unique
from tests.e2e.people import Pool, developer
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

DUBLIN = "eu-west-1"


def test_a_pool_of_a_stack_is_left_alone_and_its_alert_has_the_code_for_the_source(stage: Stage) -> None:
    box, domain = stage.box, stage.people.identity(DUBLIN)
    address = f"hello@{domain.name}"
    properties = {"UserPoolName": unique("pool"), "EmailConfiguration": {**developer(domain), "From": address}}
    template = {"Resources": {"ShopUsers": {"Type": "AWS::Cognito::UserPool", "Properties": properties}}}
    formation, name = box.client("cloudformation", DUBLIN), unique("identity-prod")
    formation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    (made,) = formation.describe_stack_resources(StackName=name)["StackResources"]
    pool_id = made["PhysicalResourceId"]
    arn = f"arn:aws:cognito-idp:{DUBLIN}:{box.account}:userpool/{pool_id}"
    pool = Pool(region=DUBLIN, pool_id=pool_id, client_id="", arn=arn)
    # A call by a person: then CloudFormation's own calls are not the last ones.
    stage.people.touch(pool)
    stage.known(pool)
    mark = box.mark()

    stage.people.legacy(pool, {**developer(domain), "SourceArn": f"{domain.arn[: -len(domain.name)]}{address}"})
    stage.people.touch(pool)
    alert = stage.alert(arn, "MW106", "open").document
    asked = box.invoke("ask", {"why": pool_id})

    formation.delete_stack(StackName=name)
    assert alert["handling"]["note"].endswith(name)
    assert [each["form"] for each in alert["snippets"]] == ["cloudformation", "cdk", "amplify", "terraform"]
    assert "ShopUsers:" in alert["snippets"][0]["code"]
    assert f'SourceArn: "{domain.arn}"' in alert["snippets"][0]["code"]
    (found,) = (each for link in asked["links"] for each in link["findings"] if each["rule"]["id"] == "MW106")
    assert found["source"] == {"because": alert["handling"]["note"], "snippets": alert["snippets"]}
    assert found["on_record"]["because"] == alert["handling"]["note"]
    assert [call for call in box.calls(since=mark, role=box.role("repair")) if call["action"] == "UpdateUserPool"] == []


def test_an_exempt_pool_is_listed_and_stays_in_the_weekly_summary(stage: Stage) -> None:
    box = stage.box
    pool = stage.known(stage.people.pool(DUBLIN, developer(stage.people.identity(DUBLIN))))
    box.client("cognito-idp", DUBLIN).tag_resource(ResourceArn=pool.arn, Tags={"mailwarden": "off reason=a trial"})

    printed = until(
        lambda: next((text for text in [box.tool("orders.exemptions")] if pool.pool_id in text), ""),
        what="the exemption in the list",
    )
    box.invoke("announce", {"announce": "reports"})
    # As if the last summary had been sent in another week.
    period = {
        "pk": {"S": "REPORT#weekly-summary"},
        "sk": {"S": "LAST"},
        "period": {"S": "2026-W01"},
        "format": {"N": "1"},
    }
    box.client("dynamodb").put_item(TableName=box.outputs["LedgerTable"], Item=period)
    box.invoke("announce", {"announce": "reports"})
    (summary,) = until(lambda: stage.alerts.reports("weekly-summary"), what="the weekly summary")
    box.invoke("announce", {"announce": "reports"})

    assert "a trial" in printed
    assert summary.attributes == {"report": "weekly-summary"}
    (row,) = (row for row in summary.document["exemptions"] if row["subject"]["arn"] == pool.arn)
    assert (row["state"], row["word"], row["pools"][0]["can_send"]) == ("without an end", "off", "yes")
    assert len(stage.alerts.reports("weekly-summary")) == 1
    assert "while RepairMode was off" in box.tool("orders.shadow_report", "--days", "30")
