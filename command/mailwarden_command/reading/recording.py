"""Records the answers of AWS to a run in a file, and answers another run from it, without AWS and without credentials.

An answer is found again by service, region, operation and the request's path, query and body. A request without an
answer is refused with the code NotRecorded, so it is unknown and never sound.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING, Any, cast

from boto3.session import Session
from botocore.awsrequest import AWSResponse

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.message import verbatim

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.compat import HTTPHeaders
    from botocore.model import OperationModel

KIND = "recorded answers"
VERSION = 1
# Responses whose unknown members the adapters take out before the general handlers see them (raw_responses.py).
_CHANGED = ("DescribeUserPool", "GetUserPoolMfaConfig")
_WITH_XML = frozenset({"cloudformation", "iam", "sts"})
_HEADERS = ("content-type", "x-amzn-errortype")
NOT_RECORDED = "NotRecorded"
_FAILED = 300
# In the context of a call: it is answered from the recording, and waits for nothing.
IS_KNOWN = "mailwarden_is_known"
# Answers of one run may be of different times, as in any long audit.
_STILL_VALID = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAnswer:
    """A response: its status, the headers that decide how it is read, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Recording:
    """The answers of one account by request; ``account`` and ``caller`` are as STS gave them, ``region`` is IAM's."""

    at: datetime
    partition: str = ""
    account: str = ""
    caller: str = ""
    region: str = ""
    is_complete: bool = False
    answers: dict[str, RecordedAnswer] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _call: local = field(default_factory=local)

    def listen(self, session: Session) -> None:
        """Record every later answer to a session."""
        session.events.register("before-call", self._note_call)
        # The stubs type it as a listener; a return value of None lets the request be sent.
        session.events.register_first("before-send", cast("Callable[..., None]", self._note_request))
        for operation in _CHANGED:
            session.events.register_first(f"before-parse.cognito-identity-provider.{operation}", self._note_answer)
        session.events.register("before-parse", self._note_answer)

    def continue_with(self, session: Session) -> None:
        """Answer later requests of a session with the answers of the interrupted run, and record all others."""
        self.listen(session)
        session.events.register_first("before-send", cast("Callable[..., None]", self._answer_again))

    def speak(self, session: Session) -> None:
        """Answer every later request of a session, which is never sent."""
        session.events.register("before-call", self._note_call)
        # The return value of "before-send" is the response (botocore/endpoint.py).
        session.events.register("before-send", cast("Callable[..., None]", self._answer))

    def save(self, file: Path) -> None:
        """Write the file; its answers are in the order of the requests' texts.

        An interrupted run keeps no failed answers: of keys that ended, they would make a region look turned off.
        """
        with self._lock:
            answers = {key: each for key, each in self.answers.items() if self.is_complete or each.status < _FAILED}
        head: JsonDocument = {
            "mailwarden": KIND,
            "version": VERSION,
            "at": self.at.isoformat(),
            "partition": self.partition,
            "account": self.account,
            "caller": self.caller,
            "region": self.region,
            "is_complete": self.is_complete,
        }
        # One answer at a time: the answers of thousands of pools exist once already.
        with file.open("w", encoding="utf-8") as out:
            out.write(f'{_text_of(head).removesuffix("}").rstrip()},\n "answers": {{')
            for number, key in enumerate(sorted(answers)):
                out.write(f"{',' if number else ''}\n  {_text_of(key)}: {_text_of(_document(answers[key]))}")
            out.write("\n }\n}\n")

    @classmethod
    def begin(cls, file: Path) -> "Recording":
        """A new recording, or that of a run of the last hours which was interrupted; raises as ``load``."""
        now = datetime.now(tz=UTC)
        if file.exists():
            known = cls.load(file)
            if not known.is_complete and now - known.at <= _STILL_VALID:
                return known
        return cls(at=now)

    @classmethod
    def load(cls, file: Path) -> "Recording":
        """Read a file back; raises MalformedDocument and OSError."""
        try:
            members = Members.of(json.loads(file.read_text(encoding="utf-8")), where=str(file))
        except ValueError as error:
            raise MalformedDocument(verbatim(f"{file}: {error}")) from error
        members.one_of("mailwarden", {KIND: KIND})
        answers = members.members("answers")
        return cls(
            at=members.time("at").astimezone(UTC),
            partition=members.text("partition"),
            account=members.text("account"),
            caller=members.text("caller"),
            region=members.text("region"),
            is_complete=members.truth("is_complete"),
            answers={key: _answer_of(answers.members(key)) for key in answers.values},
        )

    def _note_call(
        self, *, model: "OperationModel", params: Mapping[str, Any], context: dict[str, object], **_: object
    ) -> None:
        service = model.service_model.service_name
        # IAM is global: its region depends on how the endpoint is configured.
        region = "" if service == "iam" else context.get("client_region", "")
        query = json.dumps(params["query_string"], sort_keys=True, default=str)
        self._call.service = service
        self._call.key = f"{service} {region} {model.name} {params['url_path']} {query} {_text(params['body'])}"
        context[IS_KNOWN] = self._known() is not None

    def _note_request(self, **_: object) -> None:
        self._call.is_noted = False

    def _note_answer(self, *, response_dict: Mapping[str, Any], **_: object) -> None:
        if self._call.is_noted:
            return
        headers = response_dict["headers"]
        answer = RecordedAnswer(
            status=response_dict["status_code"],
            headers={name: headers[name] for name in _HEADERS if name in headers},
            body=response_dict["body"],
        )
        with self._lock:
            self.answers[self._call.key] = answer
        self._call.is_noted = True

    def _answer(self, request: "AWSPreparedRequest", **_: object) -> AWSResponse:
        return _response(request, self.answers.get(self._call.key) or _not_recorded(self._call.service))

    def _answer_again(self, request: "AWSPreparedRequest", **_: object) -> AWSResponse | None:
        """None lets the request be sent."""
        found = self._known()
        return None if found is None else _response(request, found)

    def _known(self) -> RecordedAnswer | None:
        """The answer of the interrupted run to the call; failed calls are made again."""
        found = self.answers.get(self._call.key)
        return None if found is None or found.status >= _FAILED else found


def _response(request: "AWSPreparedRequest", answer: RecordedAnswer) -> AWSResponse:
    return AWSResponse(request.url, answer.status, cast("HTTPHeaders", answer.headers), _Raw(answer.body))


def _text(body: object) -> str:
    """A body as the serializer of the protocol made it: bytes, or the members of a form."""
    if isinstance(body, bytes):
        return body.decode(errors="backslashreplace")
    return json.dumps(body, sort_keys=True, default=str)


class _Raw(BytesIO):
    """The interface of a body that botocore expects."""

    def stream(self, **_: object) -> list[bytes]:
        return [self.read()]


def _not_recorded(service: str) -> RecordedAnswer:
    if service in _WITH_XML:
        text = f"<ErrorResponse><Error><Code>{NOT_RECORDED}</Code><Message/></Error></ErrorResponse>"
        return RecordedAnswer(status=400, headers={}, body=text.encode())
    body = json.dumps({"__type": NOT_RECORDED, "message": ""}).encode()
    return RecordedAnswer(status=400, headers={"x-amzn-errortype": NOT_RECORDED}, body=body)


def _text_of(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _document(answer: RecordedAnswer) -> JsonDocument:
    headers: JsonDocument = dict(answer.headers)
    try:
        return {"status": answer.status, "headers": headers, "body": answer.body.decode()}
    except UnicodeDecodeError:
        return {"status": answer.status, "headers": headers, "base64": base64.b64encode(answer.body).decode()}


def _answer_of(members: Members) -> RecordedAnswer:
    headers = members.members("headers")
    is_text = members.has("body")
    body = members.text("body").encode() if is_text else base64.b64decode(members.text("base64"))
    return RecordedAnswer(
        status=members.number("status"), headers={name: headers.text(name) for name in headers.values}, body=body
    )
