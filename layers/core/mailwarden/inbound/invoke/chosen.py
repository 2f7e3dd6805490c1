"""Chooses, by the member that an event has, the handler of a question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument
from mailwarden.inbound.invoke.deployment_question import DEPLOYMENT, DeploymentQuestions
from mailwarden.inbound.invoke.journal_question import JOURNAL, JournalQuestions
from mailwarden.inbound.invoke.lists.exemption_question import EXEMPTIONS, ExemptionQuestions
from mailwarden.inbound.invoke.lists.pool_question import POOLS, PoolQuestions
from mailwarden.inbound.invoke.lists.shadow_question import SHADOW, ShadowQuestions
from mailwarden.inbound.invoke.question import Questions
from mailwarden.inbound.invoke.stop_question import STOPPED, StopQuestions
from mailwarden.inbound.sqs.batch import Log


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

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """Answer one question; the answer as a document."""
        if _has(event, JOURNAL):
            return self.journal.answer(event, log=log)
        if _has(event, STOPPED):
            return self.stop.answer(event, log=log)
        if _has(event, SHADOW):
            return self.shadow.answer(event, log=log)
        if _has(event, EXEMPTIONS):
            return self.exemptions.answer(event, log=log)
        if _has(event, POOLS):
            return self.pools.answer(event, log=log)
        if _has(event, DEPLOYMENT):
            return self.deployment().answer(event, log=log)
        return self.diagnosis().answer(event, log=log)


def _has(event: object, name: str) -> bool:
    return isinstance(event, Mapping) and name in event
