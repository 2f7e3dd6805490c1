"""Plays one scene: mail before, the call, mail after it, the verdict, what was done, the alert, mail at the end."""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.error import HTTPError

from botocore.exceptions import ClientError

from sandbox.demo.checks import Checks
from sandbox.demo.explaining import explain
from sandbox.demo.result import Result
from sandbox.demo.scene import Explained, Repaired, Reported, Scene, Setting, Snapshot, Sound, Undone
from sandbox.demo.screen import telling
from sandbox.demo.screen.comparing import differences, leaves
from sandbox.demo.stage.chat import Message, first_message
from sandbox.demo.stage.mail import sign_up
from sandbox.demo.stage.pools import Pool
from sandbox.demo.stage.records import Finding, Look
from sandbox.demo.stage.stage import Stage
from sandbox.demo.stage.waiting import NotSeen
from sandbox.demo.undoing import undo
from sandbox.terminal import Screen


def play(result: Result, stage: Stage, screen: Screen, *, of: int) -> None:
    """Play the scene of a result, fill the result, and check everything that the scene expects."""
    telling.begins(screen, result.scene, of=of)
    try:
        _Play(scene=result.scene, stage=stage, screen=screen, result=result).run()
    except (NotSeen, ClientError, HTTPError) as error:
        result.checks.fail(str(error))
    telling.ends(screen, result.scene, result.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acted:
    """The moment after the call: which pool, when it began, and what could be read then."""

    pool: Pool
    setting: Setting
    began: datetime
    broken: Snapshot

    @property
    def subject_arn(self) -> str:
        return self.setting.subject_arn or self.pool.arn

    def seconds_until(self, moment: datetime) -> float:
        return (moment - self.began).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Play:
    scene: Scene
    stage: Stage
    screen: Screen
    result: Result

    @property
    def checks(self) -> Checks:
        return self.result.checks

    def run(self) -> None:
        expected = self.scene.expected
        with self.screen.waiting("preparing the scene"):
            setting = self.scene.place(self.stage)
        if setting.pool is not None:
            self._mail("mail before", setting.pool, expected.mail_before)
        acted = self._act(setting)
        self._mail("mail now", acted.pool, expected.mail_broken)
        if isinstance(expected.outcome, Explained):
            explain(expected.outcome, acted.pool, setting, self.result, self.stage, self.screen)
            return
        look = self._look(acted)
        match expected.outcome:
            case Sound():
                self._sound(acted, look)
            case Repaired() as outcome:
                self._repaired(outcome, acted, look)
            case Reported() as outcome:
                self._reported(outcome, acted, look)
            case Undone() as outcome:
                telling.judged(self.screen, look, None)
                undo(outcome, acted.pool, setting, self.result, self.stage, self.screen, broken=acted.broken)
        self._mail("mail after", acted.pool, expected.mail_after)

    def _act(self, setting: Setting) -> _Acted:
        began = Stage.now()
        pool = setting.act.perform()
        acted = _Acted(pool=pool, setting=setting, began=began, broken=setting.snapshot())
        self.result.pool = f"{pool.name} {pool.region}"
        telling.acted(self.screen, setting.act)
        return acted

    def _mail(self, label: str, pool: Pool, expected: str | None) -> None:
        if expected is None:
            return
        found = sign_up(self.stage, pool)
        telling.mailed(self.screen, label, found)
        self.result.mail.append(found.word)
        self.checks.equal(label, found.word, expected)
        self.checks.equal(f"{label}, answer to the app", found.answer, "success")
        if not found.arrived:
            self.checks.equal(f"{label}, the link that loses it", found.stage, self.scene.expected.deciding)

    def _look(self, acted: _Acted) -> Look:
        with self.screen.waiting("Mailwarden inspects the pool"):
            look = self.stage.records.first_look(acted.pool.arn, since=acted.began, rule=self._awaited(acted))
        self.result.verdict = look.answer
        self.result.link = look.deciding or "none"
        self.checks.equal("verdict", look.answer, self.scene.expected.answer)
        self.checks.equal("first broken link", look.deciding, self.scene.expected.deciding)
        return look

    def _awaited(self, acted: _Acted) -> str | None:
        """The first look after a call must find its effect; the effect of many mails is found when there are enough."""
        outcome = self.scene.expected.outcome
        return outcome.rule if acted.setting.act.actor is None and isinstance(outcome, Reported) else None

    def _sound(self, acted: _Acted, look: Look) -> None:
        telling.judged(self.screen, look, None)
        self.result.done = "nothing to do"
        # Notes are in the ledger too; open findings are those that an alert is sent for.
        self.checks.equal("what is open", self.stage.records.open_findings(), ())
        self.checks.equal("what was written", differences(acted.broken, acted.setting.snapshot()), ())

    def _repaired(self, outcome: Repaired, acted: _Acted, look: Look) -> None:
        finding, message = self._finding(acted, look, outcome.rule, state="repaired")
        entry = self.stage.records.entry(finding.undo_id or "without an id")
        live = acted.setting.snapshot()
        self._changed_only(outcome, acted.broken, live)
        self.checks.equal("outcome in the journal", entry.outcome, "written")
        self.result.done = f"repaired {outcome.rule}"
        self.result.repaired_after = acted.seconds_until(entry.concluded_at)
        telling.repaired(self.screen, finding, entry, untouched=_untouched(acted, live))
        self._alerted(acted, message, shown=finding.proposed is not None)
        offered = entry.entry_id in json.dumps(message.payload)
        self.checks.equal("undo offered by the alert", offered, outcome.offers_undo)

    def _reported(self, outcome: Reported, acted: _Acted, look: Look) -> None:
        finding, message = self._finding(acted, look, outcome.rule, state="open")
        self.checks.equal("handling", finding.handling, "withheld")
        self.checks.equal("reason", finding.reason, outcome.reason)
        self.checks.equal("write shown", finding.proposed is not None, outcome.shows_write)
        self.result.done = f"alerted {outcome.rule}"
        telling.withheld(self.screen, finding)
        self._alerted(acted, message, shown=finding.proposed is not None)
        if outcome.shows_counts:
            counts = self.stage.records.counted(acted.pool.arn)
            telling.counted(self.screen, acted.pool, counts)
            self.checks.hold("what is counted of the pool", bool(counts), "nothing is")
        self.stage.quiet()
        self.checks.equal("what was written", differences(acted.broken, acted.setting.snapshot()), ())

    def _finding(self, acted: _Acted, look: Look, rule: str, *, state: str) -> tuple[Finding, Message]:
        waiting_for = "Mailwarden repairs" if state == "repaired" else "Mailwarden sends the alert"
        self.checks.hold("what is found", rule in look.rules, f"{rule} is not among {', '.join(look.rules) or 'none'}")
        with self.screen.waiting(waiting_for):
            finding = self.stage.records.finding(acted.subject_arn, rule, state=state)
            message = first_message(self.stage, about=(rule, acted.setting.alert_names or acted.pool.pool_id))
        telling.judged(self.screen, look, finding)
        actor = acted.setting.act.actor
        if actor is not None:
            self.checks.hold(
                "actor",
                finding.actor.endswith(f"user/{actor.name}"),
                f"expected the user {actor.name}, found {finding.actor or 'none'}",
            )
        return finding, message

    def _changed_only(self, outcome: Repaired, broken: Snapshot, live: Snapshot) -> None:
        changed = [each.path for each in differences(broken, live)]
        strange = [path for path in changed if not path.startswith(outcome.changed)]
        missing = [prefix for prefix in outcome.changed if not any(path.startswith(prefix) for path in changed)]
        self.checks.hold("nothing else changed", not strange, f"also changed: {', '.join(strange)}")
        self.checks.hold("what changed", not missing, f"not changed: {', '.join(missing)}")

    def _alerted(self, acted: _Acted, message: Message, *, shown: bool) -> None:
        self.result.announced_after = acted.seconds_until(message.received_at)
        telling.alerted(self.screen, message, fold=shown)
        said = json.dumps(message.payload, ensure_ascii=False)
        actor = acted.setting.act.actor
        if actor is not None:
            blamed, is_cause = actor.name in said, acted.setting.act.is_cause
            self.checks.hold("alert names who caused it", blamed is is_cause, f"{actor.name} is named: {blamed}")
        telling.took(self.screen, self.result)


def _untouched(acted: _Acted, live: Snapshot) -> telling.Comparison:
    same = leaves(acted.broken).items() & leaves(live).items()
    return telling.Comparison(read=acted.setting.read, same=len(same), differing=differences(acted.broken, live))
