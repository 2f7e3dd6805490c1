"""An alert as a custom notification of Amazon Q Developer in chat applications (formerly AWS Chatbot).

Its form: Amazon Q Developer in chat applications administrator guide, "Custom notifications". The guide states no
limits; the bounds here are those of a section of Slack, in which it is shown.
"""

from collections.abc import Callable, Iterable, Mapping

from mailwarden.message import message
from mailwarden.presentation.alerts.actions import sentence_of, to_do, verify_lines
from mailwarden.presentation.alerts.lines import (
    Line,
    call_lines,
    done_line,
    place_lines,
    problem_lines,
    undo_lines,
)
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.alerts.wording import headline
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.console_links import console_links
from mailwarden.presentation.slack.mrkdwn import escaped, literal

_TITLE = 250
_DESCRIPTION = 3000
_SENTENCE = 700
_STEPS, _STEP = 8, 1000
_RESOURCES = 10
_EVENT_TYPE = "Mailwarden Incident"


def chat_notification(notice: Notice, *, catalogue: Catalogue | None = None) -> Mapping[str, object]:
    """The notification; all messages about an incident have its id as their thread."""
    catalogue = catalogue or spoken()
    title, subject = catalogue.text(headline(notice)), notice.subject
    resources = dict.fromkeys([subject.arn, *(pool.arn for pool in notice.affected)])
    return {
        "version": "1.0",
        "source": "custom",
        "id": notice.alert_id,
        "content": {
            "textType": "client-markdown",
            "title": escaped(title, _TITLE),
            "description": _description(notice, catalogue),
            "nextSteps": _next_steps(notice, catalogue),
            "keywords": [notice.rule_id, notice.severity.label, notice.state.value, subject.region],
        },
        "metadata": {
            "threadId": notice.alert_id if notice.incident is None else notice.incident.incident_id,
            "summary": escaped(title, _TITLE),
            "eventType": _EVENT_TYPE,
            "relatedResources": list(resources)[:_RESOURCES],
            "additionalContext": {
                "rule": notice.rule_id,
                "severity": notice.severity.label,
                "state": notice.state.value,
                "region": subject.region,
                "account": subject.account,
                "pools": str(notice.affected_count),
            },
        },
    }


def _description(notice: Notice, catalogue: Catalogue) -> str:
    """As many whole lines as there is room for, the important ones first."""
    done = done_line(notice)
    lines = [
        *_labeled(problem_lines(notice), catalogue),
        *_labeled(place_lines(notice), catalogue),
        # As code: what an actor and a tool call themselves is shown letter by letter.
        *_labeled(call_lines(notice), catalogue, shown=literal),
        *_labeled([] if done is None else [Line(label="label.done", text=done)], catalogue),
        *_labeled((*verify_lines(notice), *undo_lines(notice)), catalogue),
    ]
    fitting, room = [], _DESCRIPTION
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        fitting.append(line)
    return "\n".join(fitting)


def _labeled(lines: Iterable[Line], catalogue: Catalogue, *, shown: Callable[[str, int], str] = escaped) -> list[str]:
    return [f"*{catalogue.text(message(line.label))}* {shown(catalogue.text(line.text), _SENTENCE)}" for line in lines]


def _next_steps(notice: Notice, catalogue: Catalogue) -> list[str]:
    """The steps with what is to be pasted, whole or not at all, and the pages with more."""
    steps = []
    for step in to_do(notice):
        sentence, code = (
            escaped(catalogue.text(sentence_of(step)), _SENTENCE),
            f"\n```\n{escaped(step.pasted, _STEP)}\n```",
        )
        steps.append(sentence + code if step.pasted and len(sentence) + len(code) <= _STEP else sentence)
    links = [
        *((link.label, link.url) for link in console_links(notice)),
        (message("page.rule", rule=notice.rule_id), notice.rule_page),
    ]
    return [
        *steps[: _STEPS - len(links)],
        *(f"{escaped(catalogue.text(label), _SENTENCE)}: {url}" for label, url in links),
    ]
