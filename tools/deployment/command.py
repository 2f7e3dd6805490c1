"""The actions of `mailwarden deploy` and its like, on a home stack and the stacks of its regions."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tools.deployment.home import Home
from tools.deployment.region_stacks import Done, RegionStacks
from tools.deployment.regions import enabled_regions, used_regions

_ASKED = "CreateConfigurationSet"
_STAYS = """\
What stays, because your pools or your records need it:
  the table of the journal ({journal}), with deletion protection;
  the policies mailwarden-cognito of your SES identities;
  the secret, the SSM parameter and the trail, which are yours."""


def report(done: Iterable[Done]) -> int:
    """Print the result for each stack; the number of failures."""
    failures = 0
    for each in done:
        failures += each.failed
        line = f"{each.place.region:<16} {each.name}: {each.text}"
        print(line, file=sys.stderr if each.failed else sys.stdout, flush=True)
    return failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """The actions on one deployment; each method returns an exit status."""

    home: Home
    regions: RegionStacks

    def deploy(self, parameters: Mapping[str, str], *, ask: bool) -> int:
        """Deploy home, then the other regions, then delete the stacks of regions that are no longer watched."""
        for line in self.home.prepare():
            print(line, flush=True)
        known = self.home.waiting()
        status = self.home.deploy(parameters, ask=ask)
        declined = self.home.take_back(known)
        found = self.home.find()
        if status != 0 or declined or found is None or not found.outputs:
            print(f"{self.home.name} was not deployed; the other regions are unchanged", file=sys.stderr)
            return status or 1
        wanted = self.regions.wanted(parameters["WatchedRegions"], sets=parameters.get(_ASKED) == "yes")
        failures = report(self.regions.deploy(wanted, found.outputs))
        there, unasked = self.regions.found(enabled_regions(self.regions.connect, self.home.region))
        _warn(unasked)
        failures += report(self.regions.delete(there - wanted))
        self._hint(parameters["WatchedRegions"])
        return 1 if failures else 0

    def plan(self, parameters: Mapping[str, str]) -> int:
        """Show every change that `deploy` would make, and make none."""
        status = self.home.preview(parameters)
        found = self.home.find()
        wanted = self.regions.wanted(parameters["WatchedRegions"], sets=parameters.get(_ASKED) == "yes")
        there, unasked = self.regions.found(enabled_regions(self.regions.connect, self.home.region))
        _warn(unasked)
        outputs = {} if found is None else found.outputs
        if outputs:
            report(self.regions.preview(wanted, outputs))
        else:
            for place in sorted(wanted - there):
                print(f"{place.region:<16} {self.regions.name(place.kind)}: would be created")
        for place in sorted(there - wanted):
            print(f"{place.region:<16} {self.regions.name(place.kind)}: would be deleted")
        return status

    def status(self) -> int:
        """Show the state of every stack; 1 if one is missing or not complete."""
        found = self.home.find()
        print(f"{self.home.region:<16} {self.home.name}: {'not there' if found is None else found.status}")
        there, unasked = self.regions.found(enabled_regions(self.regions.connect, self.home.region))
        _warn(unasked)
        watched = "" if found is None else found.parameters.get("WatchedRegions", "")
        sets = found is not None and found.parameters.get(_ASKED) == "yes"
        wanted = self.regions.wanted(watched, sets=sets) if watched else frozenset()
        states = list(self.regions.states(there | wanted))
        report(states)
        for place in sorted(there - wanted):
            print(f"{place.region:<16} {self.regions.name(place.kind)} is not wanted any more: make deploy deletes it")
        if watched:
            self._hint(watched)
        complete = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
        texts = {each.text for each in states} | {"" if found is None else found.status}
        return 0 if texts <= complete else 1

    def rollback(self) -> int:
        """Roll the home stack back to its last complete state."""
        print(f"{self.home.name}: {self.home.roll_back()}")
        return 0

    def delete(self) -> int:
        """Delete the stacks of all regions, watched or not, then home; it can be repeated."""
        there, unasked = self.regions.found(enabled_regions(self.regions.connect, self.home.region))
        _warn(unasked)
        if report(self.regions.delete(there)):
            print(f"{self.home.name} stays until the other regions are deleted: repeat the command", file=sys.stderr)
            return 1
        found = self.home.find()
        if found is None:
            print(f"{self.home.region:<16} {self.home.name}: not there")
            return 0
        if found.outputs:
            journal = self.home.journal_of(found) or "none"
            status = self.home.delete(found)
            if status == 0 and self.home.find() is not None:
                status = 1
            if status == 0:
                print(_STAYS.format(journal=journal))
            return status
        for line in self.home.discard(found):
            print(line)
        print(f"{self.home.region:<16} {self.home.name}: DELETE_COMPLETE")
        return 0

    def _hint(self, watched: str) -> None:
        """Name the regions with user pools that nothing inspects."""
        enabled = enabled_regions(self.regions.connect, self.home.region)
        for use in used_regions(self.regions.connect, set(enabled) - set(watched.split(",")), self.home.region):
            if use.pools:
                pools = f"{use.pools} user pool{'' if use.pools == 1 else 's'}"
                print(f"{use.region:<16} {pools} that nothing inspects: the region is not in WatchedRegions")


def _warn(lines: Iterable[str]) -> None:
    for line in lines:
        print(f"not searched for stacks: {line}", file=sys.stderr)
