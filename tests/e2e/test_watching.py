"""The regions with events: all watched ones, IAM through us-east-1, and no other."""

from tests.e2e.box import HOME
from tests.e2e.people import developer
from tests.e2e.stage import Stage
from tests.e2e.trail import looked_because_of, of_call

VIRGINIA, DUBLIN, TOKYO = "us-east-1", "eu-west-1", "ap-northeast-1"
ROLE = "AWSServiceRoleForAmazonCognitoIdpEmailService"


def test_a_call_in_another_watched_region_is_forwarded_to_the_home_region(stage: Stage) -> None:
    identity = stage.people.identity(DUBLIN)
    pool = stage.known(stage.people.pool(DUBLIN, developer(identity)))
    mark = stage.box.mark()

    stage.people.touch(pool)
    touched = of_call(stage.box, DUBLIN, "TagResource", about=pool.pool_id)
    looked_because_of(stage.box, touched["eventID"])

    forwarded = stage.box.calls(since=mark, source="events", action="PutEvents", region=DUBLIN)
    assert [(call["role"].startswith("mailwarden-EventForwardingRole"), call["error"]) for call in forwarded] == [
        (True, None)
    ]
    assert forwarded[0]["resource"] == f"arn:aws:events:{HOME}:{stage.box.account}:event-bus/mailwarden"


def test_a_call_of_iam_arrives_through_us_east_1(stage: Stage) -> None:
    identity = stage.people.identity(DUBLIN)
    stage.known(stage.people.pool(DUBLIN, developer(identity)))
    iam = stage.box.client("iam", VIRGINIA)

    # Whether it is created again is another test's: the same change is made at most twice a day.
    with stage.box.repairs_held():
        iam.delete_service_linked_role(RoleName=ROLE)
        deleted = of_call(stage.box, VIRGINIA, "DeleteServiceLinkedRole", about=ROLE)
        line = looked_because_of(stage.box, deleted["eventID"])
        iam.create_service_linked_role(AWSServiceName="email.cognito-idp.amazonaws.com")

    assert deleted["awsRegion"] == VIRGINIA
    assert "MW409" in line["findings"]
    assert (line["verdict"], line["deciding"]) == ("no", "authorization")


def test_a_pool_in_a_region_that_is_not_watched_is_left_alone(stage: Stage) -> None:
    old, own = stage.people.identity(VIRGINIA), stage.people.identity(HOME)
    neighbor = stage.known(stage.people.pool(HOME, developer(own)))
    mark = stage.box.mark()

    unwatched = stage.people.pool(TOKYO, developer(old))
    stage.people.legacy(unwatched, developer(own))
    stage.people.touch(unwatched)
    # Every event about it arrived before this look.
    looks = len(stage.records.looks(neighbor.arn))
    stage.people.touch(neighbor)
    stage.look_after(neighbor, looks)

    assert not stage.people.judged(unwatched)["accepted"]
    assert stage.records.looks(unwatched.arn) == []
    assert stage.records.findings(affecting=unwatched.arn) == []
    assert stage.box.calls(since=mark, role="mailwarden-*", region=TOKYO) == []
