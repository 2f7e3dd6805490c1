"""Alerts with texts as long and as odd as they can be: no channel may refuse one."""

from mailwarden.domain.findings.record import FindingRecord, ProposedWrite
from mailwarden.message import verbatim
from tests.fakes.examples import MORNING, OREGON_IDENTITY, a_cause, a_pool, a_record

WORST = ['"' * 40_000, "\\" * 40_000, "\U0001f534" * 40_000, "\n" * 40_000, "<!channel>" * 4000, "é\x00" * 20_000]


WORST_IDS = ["quotes", "backslashes", "emoji", "lines", "mentions", "control"]


def an_excessive_record(text: str) -> FindingRecord:
    """A record in which every text is this one, about 1,000 pools."""
    return a_record(
        message=verbatim(text),
        why=verbatim(text),
        remediation=verbatim(text),
        reason=verbatim(text),
        pool_name=text,
        evidence={f"{number}{text}": text for number in range(30)},
        affected={a_pool(number).arn: MORNING for number in range(1000)},
        proposed=ProposedWrite(
            title=verbatim(text), applicability="safe", resource=OREGON_IDENTITY.arn, before=text, after=text
        ),
        cause=a_cause(),
    )
