"""Reads and answers the question of ``ask`` about the deployment itself: ``{"deployment": {}}``."""

from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.inbound.invoke.question import QUESTION
from mailwarden.inbound.sqs.batch import Log
from mailwarden.message import message
from mailwarden.presentation.answers.deployment import deployment_document
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.service.operator.deployment_state import DeploymentStates

DEPLOYMENT = "deployment"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentQuestions:
    """Answers one invocation; a malformed question also gets an answer, because a caller waits for it."""

    states: DeploymentStates

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document."""
        try:
            without_members(event, DEPLOYMENT)
        except MalformedDocument as error:
            answer = misunderstood(DEPLOYMENT, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        log.info("asked", extra={"answer": DEPLOYMENT})
        return deployment_document(self.states.current())


def without_members(event: object, name: str) -> None:
    """Check that a question is ``{name: {}}``; raises MalformedDocument."""
    members = Members.of(event, where=QUESTION).members(name)
    if members.values:
        raise MalformedDocument(message("question.no-members", member=members.where))
