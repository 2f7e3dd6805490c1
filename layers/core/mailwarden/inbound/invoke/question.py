"""Reads and answers the question of ``ask``: ``{"why": "<pool ARN or id>", "region": …, "address": …}``.

The address is a recipient's: it appears neither in a text of this module nor in the log.
"""

from dataclasses import dataclass

from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.operator.addresses import plain_address
from mailwarden.domain.operator.question import Explained, Question
from mailwarden.inbound.invoke.asked_pool import asked_pool, no_address
from mailwarden.inbound.sqs.batch import Log
from mailwarden.presentation.answers.diagnosis import KIND, why_document
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.service.operator.diagnose import Diagnosis

QUESTION = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Answers one invocation; a malformed question also gets an answer, because a caller waits for it."""

    asker: Diagnosis

    def answer(self, event: object, *, log: Log) -> dict[str, object]:
        """The answer as a document (``docs/why.schema.json``)."""
        try:
            question = question_from(event, partition=self.asker.partition, account=self.asker.account)
        except MalformedDocument as error:
            answer = misunderstood(KIND, error.said, member="problem")
            log.info("not understood", extra={"reason": answer["problem"]})
            return answer
        answered = self.asker.answer(question)
        document = why_document(answered, asked=question)
        log.info(
            "asked",
            extra={
                "pool": question.pool_id,
                "about_an_address": question.address is not None,
                "answer": document["answer"],
                "verdict": answered.verdict.answer.value if isinstance(answered, Explained) else None,
            },
        )
        return document


def question_from(event: object, *, partition: str, account: str) -> Question:
    """Read a question; raises MalformedDocument with the reason."""
    members = Members.of(event, where=QUESTION)
    pool = asked_pool(members, "why", partition=partition, account=account)
    text = members.optional_text("address")
    address = None if text is None else plain_address(text)
    if text is not None and address is None:
        raise MalformedDocument(no_address(f"{members.where}.address"))
    return Question(pool_id=pool.pool_id, region=pool.region, address=address)
