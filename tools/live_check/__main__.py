"""Checks in a scratch account what Mailwarden assumes about AWS, and removes everything that it made.

    python -m tools.live_check [--dry-run] [--yes] [--identity example.com] [--stack mailwarden | --deploy]

The report is Markdown on the standard output; docs/live-check.md explains it.

Exit status: 0 no fact differs and nothing is left; 1 a fact differs or something is left behind; 2 refused, and nothing
was made.
"""

import argparse
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.domain.monitoring.monitoring import regions_to_hear
from mailwarden.region_names import is_region
from tools.deployment.regions import in_all, is_turned_off, partition_of
from tools.live_check.checks import Check
from tools.live_check.listening import Listener
from tools.live_check.plan import When, keep_to_plan, plan_lines
from tools.live_check.removal import Removal
from tools.live_check.report import report
from tools.live_check.scratch_run import PREFIX, CallLog, ScratchRun
from tools.live_check.scratch_stack import ROOT, STACK, ScratchStack
from tools.screen.interruption import Interruption
from tools.screen.terminal import run as run_program
from tools.stack.home_stack import NO_REGION, default_region

TIERS = ("LITE", "ESSENTIALS", "PLUS")


class Refused(Exception):
    """Nothing is made; the message has the reason and the remedy."""


def main(given: Sequence[str] | None = None, ask: Callable[[str], str] = input) -> int:
    """Run with the arguments of the command line, or with those that are given."""
    chosen = _parser().parse_args(given)
    try:
        return _act(chosen, ask)
    except Refused as refused:
        print(refused, file=sys.stderr)
    except (ClientError, BotoCoreError) as error:
        print(f"nothing was made: {error}", file=sys.stderr)
    return 2


def _act(chosen: argparse.Namespace, ask: Callable[[str], str]) -> int:
    when = _when(chosen)
    if chosen.dry_run:
        print(f"pools in {chosen.region}, SES in {chosen.ses_region or chosen.region}; tiers {', '.join(chosen.tiers)}")
        print("\n".join(plan_lines(when, deploys=chosen.deploy)))
        return 0
    if not chosen.region:
        raise Refused(NO_REGION)
    for region in filter(None, (chosen.region, chosen.ses_region)):
        if not is_region(region):
            raise Refused(f"{region!r} is not a region")
    run = _begin(chosen, when)
    listening = _listening(run)
    everything = Removal(run=run, listening=listening, prefix=f"{PREFIX}-")
    if chosen.remove:
        _confirm(chosen, ask, f"Remove everything that begins with {PREFIX}- from account {run.account}?")
        left = [*everything.resources(), *everything.rules_and_queues()]
        _complain(left)
        return 1 if left else 0
    if not chosen.although_pools:
        _refuse_pools(run)
    _confirm(chosen, ask, f"Make and remove scratch resources in account {run.account}, {' and '.join(listening)}?")
    return _run(chosen, run, listening)


def _run(chosen: argparse.Namespace, run: ScratchRun, listening: Sequence[str]) -> int:
    interruption = Interruption()
    interruption.listen()
    run = replace(run, say=interruption.at_each(run.say))
    begun = datetime.now(UTC)
    removal = Removal(run=run, listening=listening, prefix=run.name)
    listener = Listener(run=run, regions=listening, iam_region=listening[-1])
    check = Check(run=run, listener=listener, removal=removal, settle=chosen.settle)
    left: list[str] = []
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with tempfile.TemporaryDirectory() as folder:
        stack = ScratchStack(run=run, program=chosen.deployer, folder=Path(folder), environment=os.environ)
        try:
            if chosen.deploy and not stack.deploy():
                run.notes.append("the deployment failed")
            check.all()
        except KeyboardInterrupt:
            run.notes.append("the run was interrupted")
        finally:
            # The removal is not to be interrupted: nothing that was made may stay.
            interruption.end()
            signal.signal(signal.SIGINT, lambda *_: run.say("still removing what was made"))
            run.say("removing everything")
            left += [*removal.resources(), *removal.rules_and_queues()]
            if chosen.deploy:
                left += stack.remove()
            _complain(left)
    print(report(run, check.lines, left, begun=begun))
    if interruption.was_received:
        return 130
    return 1 if left or run.observations.differ else 0


def _begin(chosen: argparse.Namespace, when: Sequence[When]) -> ScratchRun:
    session, calls = Session(), CallLog()
    keep_to_plan(session, when)
    calls.keep(session)
    account = session.client("sts", region_name=chosen.region).get_caller_identity()["Account"]
    return ScratchRun(
        session=session,
        account=account,
        partition=partition_of(chosen.region),
        region=chosen.region,
        ses_region=chosen.ses_region or chosen.region,
        name=f"{PREFIX}-{secrets.token_hex(3)}",
        tiers=chosen.tiers,
        identity=chosen.identity,
        stack=STACK if chosen.deploy else chosen.stack,
        wait=chosen.wait,
        say=lambda text: print(f"live check: {text}", file=sys.stderr, flush=True),
        calls=calls,
    )


def _listening(run: ScratchRun) -> tuple[str, ...]:
    """The regions of the run's events; that of IAM's events is the last."""
    iam = next(iter(set(regions_to_hear((run.region,), partition=run.partition)) - {run.region}), run.region)
    return (*dict.fromkeys(each for each in (run.region, run.ses_region) if each != iam), iam)


def _refuse_pools(run: ScratchRun) -> None:
    """Refuse an account with user pools, or with a region that cannot be listed."""
    regions = run.session.get_available_regions("cognito-idp", run.partition)
    for region in regions:
        run.client("cognito-idp", region)
    found = in_all(
        regions, lambda region: len(run.client("cognito-idp", region).list_user_pools(MaxResults=1)["UserPools"])
    )
    with_pools = [region for region, number in found.items() if isinstance(number, int) and number]
    unknown = [region for region, error in found.items() if isinstance(error, Exception) and not is_turned_off(error)]
    if with_pools:
        raise Refused(
            f"account {run.account} has user pools in {', '.join(with_pools)}: it is no scratch account. "
            "--although-pools runs nevertheless; it touches none of them"
        )
    if unknown:
        raise Refused(
            f"whether account {run.account} has user pools in {', '.join(unknown)} is not known. "
            "--although-pools runs nevertheless"
        )


def _confirm(chosen: argparse.Namespace, ask: Callable[[str], str], question: str) -> None:
    if chosen.yes:
        return
    try:
        answer = ask(f"{question} [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in {"y", "yes"}:
        raise Refused("nothing was made. --yes asks nothing; --dry-run lists every call")


def _complain(left: Sequence[str]) -> None:
    for each in left:
        print(f"left behind: {each}", file=sys.stderr)


def _when(chosen: argparse.Namespace) -> tuple[When, ...]:
    found = [When.IDENTITY] if chosen.identity else []
    found += [When.STACK] if chosen.stack or chosen.deploy else []
    return (*found, When.DEPLOY) if chosen.deploy else tuple(found)


def _tiers(text: str) -> tuple[str, ...]:
    tiers = tuple(each.strip().upper() for each in text.split(","))
    if not set(tiers) <= set(TIERS):
        raise argparse.ArgumentTypeError(f"tiers are {', '.join(TIERS)}")
    return tiers


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--region", default=default_region(), help="the region of the pools")
    parser.add_argument("--ses-region", default="", help="the region of SES (default: that of the pools)")
    parser.add_argument("--identity", default="", help="a verified identity in the SES region, for one grant")
    parser.add_argument("--tiers", default=TIERS, type=_tiers, help="LITE,ESSENTIALS,PLUS")
    parser.add_argument("--stack", default="", help="a deployment whose home is the region of the pools")
    parser.add_argument("--deploy", action="store_true", help="deploy Mailwarden for the time of the run")
    parser.add_argument("--wait", default=900.0, type=float, help="seconds to wait for events")
    parser.add_argument("--settle", default=60.0, type=float, help="seconds that new rules have before the first call")
    parser.add_argument("--although-pools", action="store_true", help="run although the account has user pools")
    parser.add_argument("--dry-run", action="store_true", help="list every call, and make none")
    parser.add_argument("--remove", action="store_true", help="only remove what earlier runs left")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    deployer = [str(ROOT / ".venv-sandbox" / "bin" / "python"), "-m", "tools.deployment"]
    parser.set_defaults(deployer=deployer)
    return parser


if __name__ == "__main__":
    run_program(main)
