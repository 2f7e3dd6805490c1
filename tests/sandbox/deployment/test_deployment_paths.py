"""Every way to deploy, change, stop halfway and remove, in every order; nothing is left behind after any of them."""

import tomllib

import pytest

from tests.sandbox.deployment.operator import MEXICO, PARIS, VIRGINIA, Operator
from tests.sandbox.platform.box import SEOUL

FIRST = ("--yes", "--region", SEOUL, "--set", "RepairMode=off", "--set", f"WatchedRegions={SEOUL},{PARIS}")
BOTH = {SEOUL: ["mailwarden"], PARIS: ["mailwarden-watch"], VIRGINIA: ["mailwarden-watch"]}


def test_without_a_default_region_the_file_says_where_for_every_command(operator: Operator) -> None:
    lost = operator.run_whole("deploy", "--yes", "--set", "RepairMode=off")
    first = operator.run_whole("deploy", *FIRST)
    deployed, file = operator.stacks(), tomllib.loads(operator.file.read_text())
    again = operator.run_whole("deploy", "--yes")
    status = operator.run_whole("status")
    other = operator.command("-m", "tools.watch_regions", "list")
    gone = operator.run_whole("delete", "--yes")

    assert (lost.status, "no AWS region is set" in lost.output) == (1, True)
    assert first.status == 0, first.output
    assert deployed == BOTH
    assert (file["stack"], file["region"], file["account"]) == ("mailwarden", SEOUL, "123456789012")
    assert (again.status, again.output.count("no changes")) == (0, 2), again.output
    assert status.status == 0, status.output
    assert other.output.count("CREATE_COMPLETE") == 2, other.output
    assert gone.status == 0, gone.output
    assert set(operator.left()) == {"tables"}


def test_a_changed_parameter_reaches_the_stack_and_one_that_is_taken_out_has_its_default_again(
    operator: Operator,
) -> None:
    def schedule() -> str:
        stack = operator.box.client("cloudformation").describe_stacks(StackName="mailwarden")["Stacks"][0]
        return str({each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}["SweepSchedule"])

    operator.run("deploy", *FIRST, "--set", "SweepSchedule=rate(2 hours)")
    changed = schedule()
    operator.file.write_text(operator.file.read_text().replace('SweepSchedule = "rate(2 hours)"\n', ""))
    planned = operator.run("plan")
    after_plan = schedule()
    operator.run("deploy", "--yes")
    again = schedule()
    operator.run("delete", "--yes")

    assert (changed, after_plan, again) == ("rate(2 hours)", "rate(2 hours)", "rate(1 hour)")
    assert "EventForwardingRole" in planned.output


def test_a_region_that_is_no_longer_watched_loses_its_stacks_and_the_others_keep_theirs(operator: Operator) -> None:
    operator.run("deploy", *FIRST, "--set", "CreateConfigurationSet=yes")
    before = operator.stacks()
    dropped = operator.run("deploy", "--yes", "--set", f"WatchedRegions={SEOUL},{MEXICO}")
    after = operator.stacks()
    without = operator.run("deploy", "--yes", "--set", "CreateConfigurationSet=no")
    last = operator.stacks()
    operator.run("delete", "--yes")

    assert before[PARIS] == ["mailwarden-feedback", "mailwarden-watch"]
    assert before[SEOUL] == ["mailwarden", "mailwarden-feedback"]
    assert dropped.status == without.status == 0, dropped.output + without.output
    assert PARIS not in after
    assert after[MEXICO] == ["mailwarden-watch"]
    assert "left out, because CloudFormation does not know" in dropped.output
    assert last == {SEOUL: ["mailwarden"], MEXICO: ["mailwarden-watch"], VIRGINIA: ["mailwarden-watch"]}


@pytest.mark.parametrize("first", ["home", "regions"])
def test_in_whatever_order_it_is_removed_nothing_is_left(operator: Operator, first: str) -> None:
    operator.run("deploy", *FIRST)
    if first == "home":
        operator.box.client("cloudformation").delete_stack(StackName="mailwarden")
    else:
        assert operator.command("-m", "tools.watch_regions", "delete", "--poll-seconds", "0.1").status == 0
        assert set(operator.stacks()) == {SEOUL}

    gone = operator.run("delete", "--yes")
    again = operator.run("delete", "--yes")

    assert (gone.status, again.status) == (0, 0), gone.output + again.output
    assert operator.stacks() == {}


def test_a_first_deployment_that_is_rolled_back_is_replaced_with_its_journal_by_the_next_one(
    operator: Operator,
) -> None:
    failed = operator.run("deploy", *FIRST, "--set", "Broken=yes")
    tables = operator.left()["tables"]
    status = operator.run("status")
    mended = operator.run("deploy", "--yes", "--set", "Broken=no")
    deployed, journals = operator.stacks(), operator.left()["tables"]
    operator.run("delete", "--yes")

    assert failed.status != 0
    assert (status.status, "ROLLBACK_COMPLETE" in status.output) == (1, True)
    assert mended.status == 0, mended.output
    assert deployed == BOTH
    assert len(tables) == len(journals) == 1
    assert f"its journal {tables[0]} is empty and deleted too" in mended.output


def test_a_first_deployment_that_is_rolled_back_can_be_removed_whole(operator: Operator) -> None:
    operator.run("deploy", *FIRST, "--set", "Broken=yes")

    gone = operator.run("delete", "--yes")

    assert gone.status == 0, gone.output
    assert operator.left() == {}


def test_an_update_that_fails_leaves_the_former_version_in_every_region(operator: Operator) -> None:
    operator.run("deploy", *FIRST)
    failed = operator.run("deploy", "--yes", "--set", "Broken=yes", "--set", f"WatchedRegions={SEOUL}")
    deployed = operator.stacks()
    nothing = operator.run("rollback")
    operator.run("deploy", "--yes", "--set", "Broken=no")
    mended = operator.stacks()
    operator.run("delete", "--yes")

    assert failed.status != 0
    assert "the other regions are unchanged" in failed.output
    assert deployed == BOTH
    assert (nothing.status, "git checkout" in nothing.output) == (1, True)
    assert PARIS not in mended


def test_a_plan_leaves_nothing_before_the_first_deployment_and_says_what_would_come(operator: Operator) -> None:
    planned = operator.run("plan", *FIRST)

    assert planned.status == 0, planned.output
    assert "EventBus" in planned.output
    assert planned.output.count("would be created") == 2
    assert not operator.file.exists()
    assert operator.stacks() == {}


def test_two_deployments_with_a_file_each_do_not_meet(operator: Operator) -> None:
    operator.run("deploy", *FIRST)
    wrong = operator.run("deploy", "--yes", "--stack", "second")
    second = operator.run("deploy", "--stack", "second", *FIRST, file="second.deployment.toml")
    operator.run("delete", "--yes")
    left = operator.stacks()
    operator.run("delete", "--yes", file="second.deployment.toml")

    assert (wrong.status, "DEPLOYMENT=second.deployment.toml" in wrong.output) == (1, True)
    assert second.status == 0, second.output
    assert left == {SEOUL: ["second"], PARIS: ["second-watch"], VIRGINIA: ["second-watch"]}


def test_a_stack_of_the_same_name_that_is_not_ours_is_neither_changed_nor_deleted(operator: Operator) -> None:
    paris = operator.box.client("cloudformation", PARIS)
    template = '{"Resources": {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "theirs"}}}}'
    paris.create_stack(StackName="mailwarden-watch", TemplateBody=template)

    refused = operator.run("deploy", *FIRST)
    gone = operator.run("delete", "--yes")

    assert (refused.status, "another stack of this name" in refused.output) == (1, True)
    assert gone.status == 0, gone.output
    assert operator.stacks() == {PARIS: ["mailwarden-watch"]}
    paris.delete_stack(StackName="mailwarden-watch")


def test_pools_in_a_region_that_is_not_watched_are_named(operator: Operator) -> None:
    pools = operator.box.client("cognito-idp", "eu-west-2")
    pool = pools.create_user_pool(PoolName="forgotten")["UserPool"]["Id"]

    deployed = operator.run("deploy", *FIRST)
    operator.run("delete", "--yes")
    pools.delete_user_pool(UserPoolId=pool)

    assert "eu-west-2        1 user pool that nothing inspects" in deployed.output


def test_what_aws_would_refuse_is_refused_before_anything_is_sent(operator: Operator) -> None:
    mode = operator.run("deploy", *FIRST, "--set", "RepairMode=on")
    name = operator.run("deploy", *FIRST, "--set", "WatchedRegion=eu-west-1")
    region = operator.run("deploy", *FIRST, "--set", "WatchedRegions=eu-nowhere-1")
    operator.file.write_text(f'region = "{SEOUL}"\naccount = "210987654321"\n')
    account = operator.run("deploy", "--yes")
    nobody = operator.run("delete")

    assert "RepairMode must be one of off, safe, unsafe" in mode.output
    assert "did you mean WatchedRegions?" in name.output
    assert "not turned on for this account" in region.output
    assert "is about account 210987654321" in account.output
    assert [each.status for each in (mode, name, region, account, nobody)] == [1] * 5
    assert operator.stacks() == {}


def test_the_dialog_offers_the_regions_with_pools_and_writes_the_file(operator: Operator) -> None:
    pools = operator.box.client("cognito-idp", PARIS)
    pool = pools.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    answers = "of\noff\n\n\n\nSweepSchedules=1\nSweepSchedule=rate(3 hours)\n\n"

    deployed = operator.run("deploy", "--region", SEOUL, answers=answers)
    assert deployed.status == 0, deployed.output
    parameters = tomllib.loads(operator.file.read_text())["parameters"]
    operator.run("delete", answers="mailwarden\n")
    pools.delete_user_pool(UserPoolId=pool)

    assert f"{PARIS}        1 user pool" in deployed.output
    assert parameters["WatchedRegions"] == PARIS
    assert (parameters["RepairMode"], parameters["SweepSchedule"]) == ("off", "rate(3 hours)")
