"""Looks whether everything of a deployment is wired, and prints what to do where it is not. It changes nothing.

    mailwarden doctor --stack mailwarden [--json]

It uses your own credentials, which need read permissions, and ``lambda:InvokeFunction`` for the function `ask`. What
they may not read is a line of its own. Slack gets an empty message, by the webhook or with the token, which it refuses
and does not post.

Exit status: 0 sound; 1 something is to be done; 2 something could not be looked at, and nothing else is to be done.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

from tools.doctor.bus import judge_bus, read_bus
from tools.doctor.channels import judge_topics, read_topics
from tools.doctor.copies import judge_copy_bus, judge_hub, read_copy_bus, read_hub
from tools.doctor.deliveries import judge_deliveries, read_deliveries
from tools.doctor.events import judge_rules, judge_trails, read_rules, read_trails
from tools.doctor.functions import (
    judge_functions,
    judge_mappings,
    judge_sdk,
    judge_stop,
    read_functions,
    read_mappings,
    read_sdk,
)
from tools.doctor.lines import Line, exit_status, lines_text
from tools.doctor.owners import judge_consent, judge_exemptions
from tools.doctor.pools import judge_other_regions, read_other_regions, read_pools, read_tags
from tools.doctor.queues import judge_dead_letters, judge_queues, read_queues
from tools.doctor.site import Site, find_site
from tools.doctor.slack import has_slack, judge_routes, judge_slack, read_slack
from tools.doctor.stacks import judge_stacks, read_stacks
from tools.doctor.state import judge_settings, judge_sweeps, read_state
from tools.screen.terminal import console_for, run, show
from tools.stack.home_stack import add_place
from tools.stack.invocation import NO_ANSWER, complain
from tools.stack.refusals import reason_of


def lines_of(site: Site) -> Iterator[Line]:
    """Every result, in the order of an event's way."""
    stacks, state = read_stacks(site), read_state(site)
    home = stacks[0]
    slack = has_slack(site)
    yield from judge_stacks(stacks)
    yield from judge_trails(read_trails(site))
    rules = read_rules(site, stacks)
    yield from judge_rules(
        rules,
        home=site.home.region,
        bus=site.home.outputs["EventBusArn"],
        role=site.home.outputs["EventForwardingRoleArn"],
        stack=site.home.stack,
    )
    yield from judge_bus(read_bus(site))
    yield from judge_deliveries(read_deliveries(site, rules))
    functions, mappings, queues = read_functions(site, home), read_mappings(site, home), read_queues(site)
    yield from judge_queues(queues)
    yield from judge_mappings(mappings, has_slack=slack)
    yield from judge_functions(functions)
    yield from judge_sdk(read_sdk(site, functions, state), now=site.now)
    yield from judge_settings(state)
    yield from judge_stop(mappings, state)
    stale_after = timedelta(seconds=int(site.home.parameters["StaleSweepSeconds"]))
    yield from judge_sweeps(state, now=site.now, stale_after=stale_after)
    yield from judge_dead_letters(queues)
    yield from judge_topics(read_topics(site), has_slack=slack)
    for reading in read_slack(site, state):
        yield from judge_slack(reading)
    yield from judge_routes(site.home.parameters, state)
    yield from judge_copy_bus(read_copy_bus(site))
    yield from judge_hub(read_hub(site))
    yield from judge_other_regions(read_other_regions(site))
    pools = read_pools(site)
    tags = read_tags(site, pools)
    yield from judge_consent(pools, tags, state)
    yield from judge_exemptions(pools, tags, today=site.now.date())


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    chosen = parser.parse_args()
    try:
        lines = tuple(lines_of(find_site(chosen)))
    except NO_ANSWER as error:
        complain(f"The deployment could not be looked at: {reason_of(error)}")
        return 2
    if chosen.json:
        print(json.dumps([asdict(line) for line in lines], indent=2, ensure_ascii=False))
    else:
        console = console_for(sys.stdout)
        show(console, lines_text(lines, width=console.width))
    return exit_status(lines)


if __name__ == "__main__":
    run(main)
