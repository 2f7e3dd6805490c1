"""Every kind of alert, on both channels: nothing is in it twice, and no link or command leads nowhere."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.repair.decision import Repair, plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.presentation.alerts.document import alert_document
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.catalogue.catalogue import Plural
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.slack.message import slack_message
from mailwarden.presentation.slack.mrkdwn import Json
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.unit.presentation.alerts_of_rules import ENTRY, every_finding, record_of_finding
from tests.unit.presentation.samples import RULES, records
from tests.unit.rules.cases import all_cases

# So many words in a row are a statement, and not the name of a thing.
STATEMENT = 5
# What may be named again: resources, statements of policies, places.
NAMES = re.compile(
    r'policy "[^"]*"(?:, statement \d+)?(?: \(Sid "[^"]*"\))?'
    r"|(?:identity |configuration set )?[\w.+-]*@?[\w.?-]+ in (?:SES region )?[a-z]{2}(?:-[a-z]+)+-\d"
    r"|pool [\w-]+ \([\w-]+\)|arn:\S+"
)
RULE_PAGES = Path(__file__).parents[3] / "docs" / "rules"


def as_decided() -> Iterator[FindingRecord]:
    """The findings of every case, with the reason that each repair mode gives for what is not repaired."""
    seen = set()
    for case in all_cases():
        judgment = judge(case.path, ALL)
        for mode in RepairMode:
            today = judgment.path.taken_at.date()
            for decision in plan(judgment.findings, judgment.path, Limits(repair_mode=mode), today=today):
                finding, reason = decision.finding, getattr(decision, "reason", None)
                inner = () if reason is None else tuple(getattr(value, "id", None) for _, value in reason.args)
                kind = (finding.rule_id, finding.message.id, finding.remediation.id, reason and reason.id, inner)
                if kind not in seen:
                    seen.add(kind)
                    handling = Handling.PENDING if isinstance(decision, Repair) else Handling.WITHHELD
                    verdict = (judgment.verdict.answer, judgment.verdict.deciding)
                    yield record_of_finding(finding, handling=handling, reason=reason, verdict=verdict)


def in_every_state() -> Iterator[FindingRecord]:
    """Each way in which a rule words a finding, in every state."""
    for finding in every_finding():
        for state in FindingState:
            handling = Handling.WRITTEN if state is FindingState.REPAIRED else Handling.WITHHELD
            yield record_of_finding(finding, state=state, handling=handling, pools=2)
        for verdict in ((Answer.YES, None), (Answer.UNKNOWN, Link.AUTHORIZATION)):
            yield record_of_finding(finding, state=FindingState.REPAIRED, handling=Handling.WRITTEN, verdict=verdict)
        yield record_of_finding(finding, handling=Handling.FAILED)


@cache
def notices() -> tuple[Notice, ...]:
    every = (*records().values(), *as_decided(), *in_every_state())
    return tuple(notice_of(alert_of(record), rule_pages=RULES) for record in every)


def sentences_of_mail(notice: Notice) -> list[str]:
    """The text of the mail without documents and links, one fact after the other."""
    facts, in_document = [""], False
    for line in alert_text(notice).splitlines():
        in_document = line in {"Before:", "After:"} or (in_document and line.startswith("  "))
        if in_document or line in {"Before:", "After:"} or re.match(r"\s*[\[\]{}\"]", line) or ": https://" in line:
            continue
        if line.startswith(" " * 8):
            facts[-1] += f" {line.strip()}"
        else:
            facts.append(line)
    return facts


def sentences_of_slack(payload: Json) -> list[str]:
    """The texts of the message without code and links, one fact after the other."""

    def texts(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from [inner] if name == "text" and isinstance(inner, str) else texts(inner)
        if isinstance(value, list):
            for inner in value:
                yield from texts(inner)

    blocks = [text for text in texts(json.loads(json.dumps(payload))["blocks"]) if "<https://" not in text]
    return [line for text in blocks for line in re.sub(r"```.*?```", "", text, flags=re.DOTALL).splitlines()]


def repeated(facts: list[str]) -> set[str]:
    """The statements that are there twice, in one fact or in two."""
    seen: dict[tuple[str, ...], tuple[int, int]] = {}
    found = set()
    for place, fact in enumerate(facts):
        words = [word.strip(".,;:()*•") for word in NAMES.sub(lambda name: name[0].replace(" ", "_"), fact).split()]
        for start in range(len(words) - STATEMENT + 1):
            statement = tuple(words[start : start + STATEMENT])
            where, begin = seen.setdefault(statement, (place, start))
            if (where, begin) != (place, start) and (where != place or start - begin >= STATEMENT):
                found.add(" ".join(statement))
    return found


@pytest.mark.parametrize("channel", ["mail", "Slack"])
def test_no_statement_is_in_a_message_twice(channel: str) -> None:
    twice = {
        (notice.rule_id, notice.state.value, statement)
        for notice in notices()
        for statement in repeated(
            sentences_of_mail(notice) if channel == "mail" else sentences_of_slack(slack_message(notice))
        )
    }

    assert twice == set()


def test_a_statement_that_is_there_twice_is_found() -> None:
    assert repeated(["What  no sending policy allows the pool to send", "Done  no sending policy allows the pool"])
    assert not repeated(
        ["What  no sending policy allows it", "About  configuration set mail in us-east-1", "mail in us-east-1"]
    )


def test_a_rule_is_linked_on_a_page_that_exists() -> None:
    for notice in notices():
        page = alert_text(notice).splitlines()[-1].partition(": ")[2]

        assert page == f"{RULES}{notice.rule_id}.md"
        assert (RULE_PAGES / f"{notice.rule_id}.md").exists()
        assert f"<{page}|" in json.dumps(slack_message(notice))


def test_an_undo_is_named_only_after_a_write_that_took_effect() -> None:
    offered = 0
    for notice in notices():
        said = alert_text(notice), json.dumps(slack_message(notice))
        named = ["make undo" in text for text in said]

        assert named == [alert_document(notice)["undo_id"] is not None] * 2
        if named[0]:
            offered += 1
            assert all(f"make undo ID={ENTRY}" in text for text in said)
            assert notice.state is FindingState.REPAIRED
        elif notice.handling is not Handling.WRITING:
            assert not any(ENTRY in text for text in said)
    assert offered > 10


def test_no_identity_is_linked_that_the_pool_does_not_use_any_more() -> None:
    moved = 0
    for notice in notices():
        text = unquote(alert_text(notice))
        linked = set(re.findall(r"https://(\S+?)\.console\S+#/identities/(\S+)", text))
        is_about_a_pool = ":userpool/" in notice.subject.arn
        if is_about_a_pool and notice.state in {FindingState.RESOLVED, FindingState.EXEMPT}:
            assert linked == set()
        if (
            notice.state is FindingState.REPAIRED
            and notice.proposed is not None
            and '"SourceArn"' in notice.proposed.after
        ):
            source = json.loads(notice.proposed.after)["SourceArn"]
            moved += 1
            assert linked == {(source.split(":")[3], source.partition("identity/")[2])}
    assert moved > 1


def test_no_line_of_what_was_observed_is_without_a_value() -> None:
    empty = [
        (finding.rule_id, name)
        for finding in every_finding()
        for name, value in finding.evidence.items()
        if value in ("", ())
    ]

    assert empty == []


def test_no_word_of_a_text_is_doubled() -> None:
    texts = {
        text
        for template in ENGLISH.templates.values()
        for text in ((template.one, template.other) if isinstance(template, Plural) else (template,))
    }

    assert [text for text in texts if re.search(r"\b([a-z]{2,}) \1\b", text)] == []
