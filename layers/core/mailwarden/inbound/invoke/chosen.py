"""Chooses, by the member that an event has, the handler of a question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from mailwarden.documents.reader import JsonDocument
from mailwarden.inbound.invoke.deployment_question import DEPLOYMENT, DeploymentQuestions
from mailwarden.inbound.invoke.history_question import HISTORY, HistoryQuestions
from mailwarden.inbound.invoke.journal_question import JOURNAL, JournalQuestions
from mailwarden.inbound.invoke.lists.exemption_question import EXEMPTIONS, ExemptionQuestions
from mailwarden.inbound.invoke.lists.incident_question import INCIDENTS, IncidentQuestions
from mailwarden.inbound.invoke.lists.pool_question import POOLS, PoolQuestions
from mailwarden.inbound.invoke.lists.shadow_question import SHADOW, ShadowQuestions
from mailwarden.inbound.invoke.question import Questions
from mailwarden.inbound.invoke.stop_question import STOPPED, StopQuestions
from mailwarden.inbound.sqs.batch import Log


class _Questions(Protocol):
    """Answers the questions of one kind."""

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyQuestion:
    """The questions of ``ask``; the parts that need the settings in effect are built for one question."""

    diagnosis: Callable[[], Questions]
    deployment: Callable[[], DeploymentQuestions]
    journal: JournalQuestions
    stop: StopQuestions
    exemptions: ExemptionQuestions
    pools: PoolQuestions
    shadow: ShadowQuestions
    incidents: IncidentQuestions
    history: HistoryQuestions

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """Answer one question; the answer as a document."""
        for name, questions in self._ready.items():
            if _has(event, name):
                return questions.answer(event, log=log)
        if _has(event, DEPLOYMENT):
            return self.deployment().answer(event, log=log)
        return self.diagnosis().answer(event, log=log)

    @property
    def _ready(self) -> "Mapping[str, _Questions]":
        """The handlers that need no settings to be built, by the member of their questions."""
        return {
            JOURNAL: self.journal,
            STOPPED: self.stop,
            SHADOW: self.shadow,
            EXEMPTIONS: self.exemptions,
            POOLS: self.pools,
            INCIDENTS: self.incidents,
            HISTORY: self.history,
        }


def _has(event: object, name: str) -> bool:
    return isinstance(event, Mapping) and name in event
