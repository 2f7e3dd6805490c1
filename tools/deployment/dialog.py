"""The guided dialog: four decisions with an explanation each; every other parameter is set by its name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tools.deployment.regions import Use
from tools.deployment.template import Parameter, WrongParameter

type Ask = Callable[[str], str]
type Say = Callable[[str], None]

_MODES = """\
RepairMode decides what Mailwarden may write.
  off     nothing. Alerts show the exact change that would repair the mail. Start with this.
  safe    repairs that make mail flow again and widen no access; grants only with the consent of the identity's owner.
  unsafe  also repairs that depend on something that Mailwarden cannot check."""
_REGIONS = """\
WatchedRegions are the regions whose user pools are inspected. Pools in other regions are ignored. Add the regions of
the SES identities, too: a change there is noticed at once only if the region is watched."""
_ALERTS = """\
Alerts go to an SNS topic, and from there to a mail address if you give one. AWS sends it a mail to confirm."""
_OTHERS = """\
Every other parameter has a default. Set one as NAME=VALUE, or press Enter to go on; ? lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """Asks at a terminal; an answer that the template refuses is asked for again."""

    ask: Ask
    say: Say
    declared: Mapping[str, Parameter]

    def parameters(self, known: Mapping[str, str], used: Sequence[Use], home: str) -> Mapping[str, str]:
        """The parameters of a deployment, with what is known as the answers that Enter gives."""
        chosen = dict(known)
        self.say(_MODES)
        chosen["RepairMode"] = self._one("RepairMode", known.get("RepairMode", "off"))
        self.say(f"\n{_REGIONS}")
        for use in used:
            self.say(f"  {_described(use)}")
        if not used:
            self.say("  No region has user pools or SES identities yet.")
        offered = ",".join(each.region for each in used) or home
        chosen["WatchedRegions"] = self._one("WatchedRegions", known.get("WatchedRegions", offered))
        self.say(f"\n{_ALERTS}")
        for name, reader in (
            ("AlertsEmail", "alerts about user pools"),
            ("OperationsEmail", "alarms about Mailwarden"),
        ):
            self.say(f"  {name}: {reader}")
            chosen[name] = self._one(name, known.get(name, ""))
        self.say(f"\n{_OTHERS}")
        return {**chosen, **self._by_name(chosen)}

    def _one(self, name: str, offered: str) -> str:
        parameter = self.declared.get(name)
        while True:
            answer = self.ask(f"{name} [{offered}]: ").strip() or offered
            if answer == "-":
                answer = ""
            try:
                if parameter is not None:
                    parameter.check(answer)
            except WrongParameter as error:
                self.say(f"  {error}")
            else:
                return answer

    def _by_name(self, chosen: Mapping[str, str]) -> Mapping[str, str]:
        more: dict[str, str] = {}
        while answer := self.ask("NAME=VALUE: ").strip():
            name, equals, value = answer.partition("=")
            if answer == "?" or not equals:
                for each in self.declared.values():
                    self.say(
                        f"  {each.name} = {({**chosen, **more}).get(each.name, each.default)!r}: {each.description}"
                    )
                continue
            if name not in self.declared:
                self.say(f"  there is no parameter {name}; ? lists them")
                continue
            try:
                self.declared[name].check(value)
            except WrongParameter as error:
                self.say(f"  {error}")
                continue
            more[name] = value
        return more


def _described(use: Use) -> str:
    pools = f"{'at least ' if use.at_least else ''}{use.pools} user pool{'' if use.pools == 1 else 's'}"
    found = [pools] if use.pools else []
    if use.has_identities:
        found.append("SES identities")
    return f"{use.region:<16} {' and '.join(found)}"
