"""The shadow report as it is printed."""

from collections.abc import Mapping
from typing import Any

import pytest

from mailwarden.domain.repair.limits import RepairMode
from tests.fakes.deployment import Deployment
from tests.unit.operator.test_shadow_report import document, hurt_pool, mend, shadowed
from tools.orders.shadow_report import report
from tools.screen.shadow_text import duration, shadow_text

PRINTED = """\
3 fixes were due while RepairMode was off, since 2026-01-31; safe would have written 3
RepairMode is off now.

     1 right       another actor made the same change; median 4 h
     1 different   another actor made another change: compare them below; median 8 h
     1 waiting     nothing was done yet; median 8 h

2026-03-02 11:59 UTC  right  MW201  shop (eu-west-3_Shop00001)
  Fix         Move pool shop (eu-west-3_Shop00001) to shop.example in eu-west-3
  Ended       as proposed, after 4 h; the pool can send: yes
  Last call   UpdateUserPool by arn:aws:sts::111122223333:assumed-role/ops/alice, aws-cli/2 at
              2026-03-02 16:00 UTC

2026-03-02 11:59 UTC  different  MW201  shop (eu-west-3_Shop00002)
  Fix         Move pool shop (eu-west-3_Shop00002) to shop.example in eu-west-3
  SourceArn   arn:aws:ses:us-east-1:111122223333:identity/shop.example ->
              arn:aws:ses:eu-west-3:111122223333:identity/shop.example
  Ended       otherwise, after 8 h; the pool can send: yes
  Last call   UpdateUserPool by arn:aws:sts::111122223333:assumed-role/ops/alice, aws-cli/2 at
              2026-03-02 20:01 UTC

2026-03-02 11:59 UTC  waiting  MW201  shop (eu-west-3_Shop00003)
  Fix         Move pool shop (eu-west-3_Shop00003) to shop.example in eu-west-3
  Ended       not yet, after 8 h; the pool can send: no
"""


def three_cases() -> dict[str, Any]:
    same, other, waiting = map(hurt_pool, (1, 2, 3))
    mailwarden = shadowed(same, other, waiting)
    mailwarden.clock.pass_by(hours=4)
    mend(mailwarden, same)
    mailwarden.clock.pass_by(hours=4)
    mend(mailwarden, other, with_reply_to="help@shop.example")
    return document(mailwarden)


def test_is_printed_with_the_figures_first() -> None:
    assert "".join(f"{line.plain}\n" for line in shadow_text(three_cases())) == PRINTED


def test_nothing_due_is_one_sentence() -> None:
    [first, second] = shadow_text(document(Deployment(mode=RepairMode.OFF)))

    assert first.plain == "No fix was due while RepairMode was off, since 2026-01-31, in 0 pools"
    assert second.plain == "RepairMode is off now."


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (86_399, "23 h"), (86_400, "1 d")]
)
def test_durations_are_in_their_largest_unit(seconds: int, shown: str) -> None:
    assert duration(seconds) == shown


def test_the_program_asks_once(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[object] = []

    def ask(event: Mapping[str, object]) -> dict[str, Any]:
        asked.append(event)
        return three_cases()

    status = report(ask, days=90, as_json=True)

    assert (status, asked) == (0, [{"shadow": {"days": 90}}])
    assert '"judged": "right"' in capsys.readouterr().out
