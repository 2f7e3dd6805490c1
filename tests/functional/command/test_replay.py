"""Recorded answers: an audit of them equals the live one, and an event is replayed on them down to the exact write."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.hints import RegionHint
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.queue_messages.codec import hint_body
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command.audit.replay import Replay
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.audit.status import Status
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.options import ReplayOptions
from mailwarden_command.output.replay_text import replay_json, replay_lines
from mailwarden_command.reading.accounts import recorded
from mailwarden_command.reading.recording import NOT_RECORDED, Recording
from mailwarden_command.reading.run import AuditRun
from mailwarden_command.replaying import replayed
from mailwarden_command.starting import replay
from tests.builders import ACCOUNT
from tests.functional.command.town import OFF, REGIONS, ROOT, SOUND, VERIFIED, Silent, Town, printed

MOVED, OTHER, UNRELATED = "ap-northeast-2_Moved", "ap-northeast-2_Other", "us-east-1_Other"
WANTED = Wanted(regions=(*REGIONS, OFF))
CAUSE = {"userAgent": "aws-cli/2.31.0", "sourceIPAddress": "192.0.2.44"}


@pytest.fixture(scope="module")
def town() -> Town:
    """A pool in Seoul that sends through Paris, where it may not, another one of its identity, and one in Virginia."""
    town = Town()
    for region in ("ap-northeast-2", "eu-west-3", "us-east-1"):
        town.ses.put("shop.example", region=region).members.update(VERIFIED)
    town.ses.put("other.example", region="ap-northeast-2").members.update(VERIFIED)
    town.ses.accounts["eu-west-3"] = SOUND
    arn = f"arn:aws:ses:eu-west-3:{ACCOUNT}:identity/shop.example"
    email = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn, "From": "shop@shop.example"}
    town.pool(MOVED, source="shop.example", EmailConfiguration=email)
    town.pool(OTHER, source="other.example")
    town.pool(UNRELATED, source="shop.example")
    return town


@pytest.fixture(scope="module")
def recording(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """What an audit of the town records, from its file."""
    file = tmp_path_factory.mktemp("state") / "state.json"
    at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    new = Recording(
        at=at, partition="aws", account=ACCOUNT, caller=f"arn:aws:iam::{ACCOUNT}:user/auditor", region="us-east-1"
    )
    town.audit(WANTED, recording=new)
    new.is_complete = True
    new.save(file)
    return Recording.load(file)


def audit_of(recording: Recording) -> AuditReport:
    return AuditRun(wanted=WANTED, settings=OperatorSettings(), progress=Silent()).report([recorded(recording)])


def event_of(file: str, **changes: object) -> dict[str, object]:
    text = (ROOT / "events" / file).read_text(encoding="utf-8")
    document = json.loads(text.replace("123456789012", ACCOUNT).replace("ap-northeast-2_EXAMPLE01", MOVED))
    return {**document, "detail": {**document["detail"], **changes}}


def replay_of(event: object, recording: Recording, mode: RepairMode = RepairMode.SAFE) -> Replay:
    options = ReplayOptions(
        event=Path("event.json"), state=None, record=None, regions=WANTED.regions, profile=None, region=None,
        settings=None, mode=mode, as_json=False, share=0,
    )  # fmt: skip
    return replayed(event, recorded(recording), OperatorSettings(), options)


def looked_at(replay: Replay) -> set[str]:
    return set() if replay.audit is None else {each.path.pool.ref.pool_id for each in replay.audit.pools}


def test_an_audit_of_recorded_answers_equals_the_live_one(town: Town, recording: Recording) -> None:
    live, offline = town.audit(WANTED), audit_of(recording)

    assert printed(offline, "csv") == printed(live, "csv")
    assert offline.accounts == live.accounts
    assert live.verdicts[Answer.NO] == 1


def without_one(recording: Recording) -> Iterator[tuple[str, Recording]]:
    for key in recording.answers:
        rest = {other: answer for other, answer in recording.answers.items() if other != key}
        yield (
            key,
            Recording(at=recording.at, partition="aws", account=ACCOUNT, caller="", region="us-east-1", answers=rest),
        )


def test_an_answer_that_was_not_recorded_makes_nothing_sound(recording: Recording) -> None:
    whole = {each.path.pool.ref: each.verdict.answer for each in audit_of(recording).pools}
    changed = 0

    for key, rest in without_one(recording):
        report = audit_of(rest)
        assert not report.verdicts[Answer.YES] > 2, key
        for explained in report.pools:
            before, after = whole[explained.path.pool.ref], explained.verdict.answer
            assert after in {before, Answer.UNKNOWN}, key
            changed += after is not before
        assert all(refusal.reason == NOT_RECORDED for refusal in report.refusals)
    assert changed > 5


def test_an_update_of_a_pool_is_replayed_down_to_the_exact_write(recording: Recording) -> None:
    replay = replay_of(event_of("cognito-idp.update-user-pool.json", **CAUSE), recording)

    document = json.loads("\n".join(replay_json(replay)))
    assert looked_at(replay) == {MOVED}
    assert document["call"]["event_name"] == "UpdateUserPool"
    (write,) = document["writes"]
    assert (write["rule"], write["resource"]) == (
        "MW201",
        f"arn:aws:cognito-idp:ap-northeast-2:{ACCOUNT}:userpool/{MOVED}",
    )
    assert write["diff"] == [
        {
            "place": ["EmailConfiguration", "SourceArn"],
            "before": f"arn:aws:ses:eu-west-3:{ACCOUNT}:identity/shop.example",
            "after": f"arn:aws:ses:ap-northeast-2:{ACCOUNT}:identity/shop.example",
        }
    ]
    text = "\n".join(line.plain for line in replay_lines(replay, width=200))
    assert f"  + arn:aws:ses:ap-northeast-2:{ACCOUNT}:identity/shop.example" in text
    assert "1 repair would be ordered" in text


@pytest.mark.parametrize(
    ("change", "mode"),
    [
        ({"userAgent": "cloudformation.amazonaws.com"}, RepairMode.SAFE),
        ({"userAgent": "APN/1.0 HashiCorp/1.0 Terraform/1.9.5"}, RepairMode.SAFE),
        (CAUSE, RepairMode.OFF),
    ],
    ids=["CloudFormation", "Terraform", "shadow"],
)
def test_nothing_is_written_over_a_deployment_or_in_shadow_mode(
    recording: Recording, change: dict[str, object], mode: RepairMode
) -> None:
    replay = replay_of(event_of("cognito-idp.update-user-pool.json", **change), recording, mode)

    assert looked_at(replay) == {MOVED}
    assert list(replay.writes()) == []
    assert "Nothing would be written." in "\n".join(line.plain for line in replay_lines(replay, width=100))


def test_an_event_about_an_identity_leads_to_the_pools_that_use_it(recording: Recording) -> None:
    event = event_of("ses.delete-email-identity.json")
    event["region"] = "us-east-1"
    event["detail"] = {**dict(event["detail"]), "requestParameters": {"emailIdentity": "SHOP.example"}}  # type: ignore[call-overload]

    assert looked_at(replay_of(event, recording)) == {UNRELATED}


def test_an_event_about_the_role_leads_to_every_pool(recording: Recording) -> None:
    replay = replay_of(event_of("iam.delete-service-linked-role.json"), recording)

    assert looked_at(replay) == {MOVED, OTHER, UNRELATED}


@pytest.mark.parametrize("spoilt", [{"source": "aws.ec2"}, {"account": "999999999999"}, {"detail": None}])
def test_an_event_that_inspect_ignores_is_ignored_with_the_reason(
    recording: Recording, spoilt: dict[str, object]
) -> None:
    replay = replay_of({**event_of("cognito-idp.update-user-pool.json"), **spoilt}, recording)

    assert (replay.audit, replay.dropped is None) == (None, False)
    assert "would ignore" in "\n".join(line.plain for line in replay_lines(replay, width=100))


def test_a_hint_of_a_queue_is_replayed_too(recording: Recording) -> None:
    replay = replay_of(json.loads(hint_body(RegionHint(region="us-east-1"))), recording)

    assert looked_at(replay) == {UNRELATED}


def test_an_interrupted_audit_goes_on_with_what_was_answered(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "state.json"
    half = Recording(at=datetime.now(tz=UTC), account=ACCOUNT)
    town.audit(Wanted(pools=(MOVED,)), recording=half)
    half.save(file)
    for pool_id in (MOVED, OTHER):
        monkeypatch.setitem(town.cognito.pools[pool_id], "Name", "renamed since")

    again = Recording.begin(file)
    report = town.audit(WANTED, recording=again)

    names = {each.path.pool.ref.pool_id: each.path.pool.name for each in report.pools}
    assert names == {MOVED: MOVED, OTHER: "renamed since", UNRELATED: UNRELATED}
    again.is_complete = True
    again.save(file)
    assert Recording.begin(file).answers == {}


def test_a_recording_holds_no_header_and_no_key(recording: Recording, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    replace(recording).save(file)

    text = file.read_text(encoding="utf-8").lower()
    assert "authorization" not in text.replace("mailwarden:authorization", "")
    assert "aws4-hmac" not in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xef\xbb\xbf[]", "inspect would ignore this event: event is a list"),
        ("[]".encode("utf-16"), "inspect would ignore this event: event is a list"),
        (b"[\r\n]\r\n", "inspect would ignore this event: event is a list"),
        (b"\xe9", "There is nothing to replay: it is no text in UTF-8: byte 0 is none"),
        (b"", "There is nothing to replay: "),
    ],
)
def test_an_event_is_read_as_other_tools_wrote_it(
    content: bytes, said: str, recording: Recording, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event, state = tmp_path / "event.json", tmp_path / "state.json"
    event.write_bytes(content)
    recording.save(state)

    status = replay(
        ReplayOptions(
            event=event, state=state, record=None, regions=WANTED.regions, profile=None, region=None,
            settings=None, mode=RepairMode.SAFE, as_json=False, share=0,
        )
    )  # fmt: skip

    out, err = capsys.readouterr()
    assert said in " ".join((out + err).split())
    assert status == (Status.USAGE if "nothing" in said else Status.SOUND)
