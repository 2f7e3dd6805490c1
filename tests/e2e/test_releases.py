"""A person releases repairs that wait, with the commands of the Makefile."""

from tests.e2e.stage import Stage

SEOUL, OREGON = "ap-northeast-2", "us-west-2"


def test_a_released_fight_is_repaired_again(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    stage.people.detach(identity)
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()
    for _ in range(2):
        looks = len(stage.records.looks(pool.arn))
        stage.people.detach(identity, name="mailwarden-cognito")
        stage.look_after(pool, looks)
    stage.box.quiet()
    before = [write["outcome"] for write in stage.records.writes(identity.arn)]

    said = stage.box.tool("release", "fight", pool.arn)
    # A sweep's look may rest on readings of a minute ago: a call is newer.
    stage.people.touch(pool)
    stage.box.quiet()

    assert before == ["written", "written"]
    assert said.splitlines()[-1] == "every watched region is looked at again"
    assert [write["outcome"] for write in stage.records.writes(identity.arn)] == ["written"] * 3
    assert stage.agreed(pool) == ("yes", None)


def test_a_budget_that_holds_nothing_back_is_released_in_plain_words(stage: Stage) -> None:
    said = stage.box.tool("release", "budget")

    assert said.splitlines()[-1] == "every watched region is looked at again"
    assert len(said.splitlines()) == 2
