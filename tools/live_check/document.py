"""Writes docs/live-check.md: how to run the check, and the facts that it checks, from the program's own tables."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "core")]

from tools.documents.generated import keep  # noqa: E402 - found only now
from tools.live_check.facts import FACTS  # noqa: E402 - as above
from tools.live_check.plan import PLAN  # noqa: E402 - as above

PAGE = ROOT / "docs" / "live-check.md"

_INTRODUCTION = """\
# Live check

Mailwarden is tested in AWS in a box. `make live-check` compares what it assumes about AWS with AWS itself, in a scratch
account. It makes user pools, a configuration set, an unverified domain, rules and queues, records what AWS answers,
and removes everything again. It takes about twenty minutes, because CloudTrail is slow. It has not been run against
AWS yet.

```
make live-check ARGS=--dry-run                                   # every call, and none is made
AWS_PROFILE=scratch AWS_REGION=eu-west-1 make live-check > report.md
```

| option | effect |
|---|---|
| `--yes` | asks nothing |
| `--identity NAME` | a verified identity in the SES region: one grant and its undo, and a pool that uses it |
| `--ses-region REGION` | the region of SES, if it is not that of the pools |
| `--tiers LITE,PLUS` | the tiers of the pools; all three by default |
| `--stack NAME` | also waits until this deployment has looked at the pools; its home is the region of the pools |
| `--deploy` | deploys one for the time of the run, and deletes it with its journal; run `make build` first |
| `--although-pools` | runs although the account has user pools, or a region does not answer |
| `--wait SECONDS` | how long to wait for events (900) |
| `--settle SECONDS` | how long new rules have before the first call (60) |
| `--remove` | only removes what earlier runs left, in the same regions |

The report goes to the standard output, as Markdown for an issue. It names no account, address, token or actor: every
text that AWS does not enumerate itself is replaced.

| exit status | |
|---|---|
| 0 | no fact differs, and nothing is left |
| 1 | a fact differs, or something is left behind |
| 2 | refused, and nothing was made |
| 130 | interrupted; everything was removed, or is listed |

Everything that a run makes has a name that begins with `mailwarden-live-check-`. There are three exceptions: Cognito's
service-linked role, made only if the account has none, with the name in its description; the policy
`mailwarden-cognito` of your identity during the grant, not made if there is one; and the stacks `mailwarden-scratch` of
`--deploy`.

Everything is removed at the end of a run, after an error, and after Ctrl-C. The resources that could not be removed are
listed on the terminal, with the commands that remove them. After a crash of the machine, use `--remove`.

Without a CloudTrail trail no event arrives: the bodies are then taken from CloudTrail's event history.
"""


def document() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_facts(), "", *_plan(), ""])


def _facts() -> Iterator[str]:
    yield from ("## Facts", "", "| fact | | because of it | source |", "|---|---|---|---|")
    for each in FACTS:
        yield f"| {each.id} | {each.text} | {each.consequence} | {each.source} |"


def _plan() -> Iterator[str]:
    yield from ("## Calls", "", "A call that is not in this table is refused by the program itself.", "")
    yield from ("| service | operations | for | where | when |", "|---|---|---|---|---|")
    for each in PLAN:
        operations = ", ".join(f"`{name}`" for name in each.operations)
        yield f"| {each.service} | {operations} | {each.purpose} | {each.where} | {each.when} |"


if __name__ == "__main__":
    sys.exit(keep(PAGE, document(), description=__doc__))
