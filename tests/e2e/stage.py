"""Everything a test needs, and the few steps that nearly all of them share."""

from dataclasses import dataclass

from tests.e2e.alerts import Alert, Alerts
from tests.e2e.box import Box
from tests.e2e.people import Identity, People, Pool, default_sender, pools_of, sending_policy
from tests.e2e.records import Look, Records
from tests.e2e.waiting import until


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    box: Box
    people: People
    records: Records
    alerts: Alerts

    def known(self, pool: Pool) -> Pool:
        """The pool, once it was looked at and nothing is left to do."""
        self.records.looked(pool.arn, after=0)
        self.box.quiet()
        return pool

    def authorized(self, region: str, ses_region: str) -> tuple[Pool, Identity]:
        """A sound pool on the default sender with a FROM of its own, whose identity is open to Cognito by its tag."""
        identity = self.people.address(ses_region)
        self.people.attach(identity, sending_policy(identity, pools_of(self.box, region)))
        pool = self.known(self.people.pool(region, default_sender(identity)))
        assert self.agreed(pool) == ("yes", None)
        return pool, identity

    def look_after(self, pool: Pool, looks: int) -> Look:
        """The last look, once there are more than so many and nothing is left to do."""
        self.records.looked(pool.arn, after=looks)
        self.box.quiet()
        return self.records.looks(pool.arn)[-1]

    def seen_broken(self, pool: Pool) -> None:
        """Wait until the ledger's verdict is that the pool cannot send."""

        def is_broken() -> bool:
            look = self.records.last_look(pool.arn)
            return look is not None and look.answer == "no"

        until(is_broken, what=f"a look that finds {pool.pool_id} broken")

    def agreed(self, pool: Pool) -> tuple[str, str | None]:
        """The verdict in the ledger, which must agree with the sandbox's own judge of a mail now."""
        look, judged = self.records.last_look(pool.arn), self.people.judged(pool)
        assert look is not None
        assert (look.answer in {"yes", "at risk"}) is judged["accepted"], (look, judged)
        if look.answer == "no":
            assert look.deciding == judged["stage"], (look, judged)
        return look.answer, look.deciding

    def told(self, arn: str, *rules: str) -> list[tuple[str, str]]:
        """The topic's alerts about a subject or an affected pool: rule and state, in the order of arrival.

        With rules, only their alerts: nearly every pool has some advice.
        """
        told = [alert.told for alert in self.alerts.about(arn)]
        return [(rule, state) for rule, state in told if not rules or rule in rules]

    def alert(self, arn: str, rule: str, state: str) -> Alert:
        """The one alert of this kind about a subject or an affected pool."""
        found = until(
            lambda: [alert for alert in self.alerts.about(arn) if alert.told == (rule, state)],
            what=f"the alert {rule} {state} about {arn}",
        )
        assert len(found) == 1
        return found[0]
