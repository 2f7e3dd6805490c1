"""Sets the visibility timeout of messages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import batched

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.errors import code_of
from mailwarden.adapters.aws.sqs.sender import SqsClient

# The most entries of one ChangeMessageVisibilityBatch (SQS API reference).
_TOGETHER = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsMessageVisibility:
    """Implements ``MessageVisibility`` for one queue, with ChangeMessageVisibility."""

    client: SqsClient
    queue_url: str

    def hide(self, seconds: Mapping[str, int]) -> tuple[str, ...]:
        """Hide messages, by receipt, for so many seconds; the error codes of those for which this failed."""
        return tuple(code for some in batched(seconds.items(), _TOGETHER, strict=False) for code in self._hide(some))

    def _hide(self, seconds: Iterable[tuple[str, int]]) -> tuple[str, ...]:
        try:
            answer = self.client.change_message_visibility_batch(
                QueueUrl=self.queue_url,
                Entries=[
                    {"Id": str(place), "ReceiptHandle": receipt, "VisibilityTimeout": wait}
                    for place, (receipt, wait) in enumerate(seconds)
                ],
            )
        except (ClientError, BotoCoreError) as error:
            # Raising would also return delivered messages to the queue and repeat them.
            return (code_of(error),)
        return tuple(failure["Code"] for failure in answer.get("Failed", []))
