"""Every link of the mail path broken once, each in a pool of its own, and what has to be seen of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.e2e import breaking, breaking_senders, breaking_sets
from tests.e2e.box import Json
from tests.e2e.people import Pool
from tests.e2e.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One broken link.

    ``answer`` and ``deciding`` are Mailwarden's verdict. ``lost`` is the stage at which the sandbox loses the mail, in
    its own words and order; None where mail arrives all the same.
    """

    rule: str
    name: str
    answer: str
    deciding: str | None = None
    lost: str | None = None
    make: Callable[[Workshop], Pool]

    def __str__(self) -> str:
        return f"{self.rule}-{self.name.replace(' ', '-')}"


def _breaks() -> Iterator[Break]:
    yes, risk, no, unknown = "yes", "at risk", "no", "unknown"
    table: tuple[tuple[str, str, str, str | None, str | None, Callable[[Workshop], Pool]], ...] = (
        ("MW101", "the default sender", yes, None, None, breaking.no_sender_of_its_own),
        ("MW102", "no SourceArn", no, "sender", "sender", breaking.no_source_arn),
        ("MW103", "an identity of another account", no, "sender", "identity", breaking.foreign_identity),
        ("MW104", "a foreign FROM", no, "sender", "sender", breaking.foreign_from),
        ("MW105", "a domain without FROM", no, "sender", "sender", breaking.domain_without_from),
        ("MW105", "a domain on the default sender", unknown, "sender", "sender", breaking.domain_on_the_default_sender),
        ("MW106", "an address of a verified domain", no, "sender", "identity", breaking.address_of_a_domain),
        ("MW107", "a malformed FROM", no, "sender", "sender", breaking.malformed_from),
        ("MW107", "a name that is not encoded", yes, None, None, breaking.unencoded_name),
        ("MW107", "a malformed REPLY-TO", no, "sender", "sender", breaking.malformed_reply_to),
        ("MW109", "mail as a factor", risk, "sender", None, breaking.mail_factors),
        ("MW110", "a custom sender function", unknown, "sender", None, breaking_senders.custom_sender),
        ("MW113", "a custom sender that is gone", no, "sender", "sender", breaking_senders.custom_sender_that_is_gone),
        ("MW111", "no domain for links", no, "sender", "sender", breaking.no_domain_for_links),
        ("MW112", "threat notices without an identity", risk, "sender", None, breaking.notices_without_identity),
        ("MW112", "threat notices without a grant", unknown, "sender", None, breaking.notices_without_grant),
        ("MW114", "a sender that is not known", unknown, "sender", None, breaking_senders.unknown_sending_account),
        (
            "MW116",
            "an invitation without a password",
            risk,
            "sender",
            None,
            breaking_senders.invitation_without_password,
        ),
        ("MW201", "a region that is not allowed", no, "region", "region", breaking.region_not_allowed),
        ("MW202", "a region that is not known", unknown, "region", "region", breaking.region_unknown),
        ("MW203", "a remote region", yes, None, None, breaking.remote_region),
        ("MW204", "one of two regions", unknown, "region", "region", breaking.one_of_two_regions),
        ("MW301", "no identity", no, "identity", "identity", breaking.identity_missing),
        ("MW302", "an unverified identity", no, "identity", "identity", breaking.identity_unverified),
        ("MW302", "verification in danger", risk, "identity", None, breaking.verification_in_danger),
        ("MW303", "DKIM failing", risk, "identity", None, breaking.dkim_failing),
        ("MW304", "MAIL FROM failing", no, "identity", "identity", breaking.mail_from_failing),
        ("MW305", "an address identity", yes, None, None, breaking.address_identity),
        ("MW401", "no grant", no, "authorization", "authorization", breaking.no_grant),
        ("MW402", "a deny", no, "authorization", "authorization", breaking.denied),
        ("MW403", "the wrong principal", no, "authorization", "authorization", breaking.wrong_principal),
        ("MW404", "unconditioned trust", yes, None, None, breaking.unconditioned_trust),
        ("MW405", "a grant to outsiders", yes, None, None, breaking.grant_to_outsiders),
        ("MW406", "a statement for a gone pool", yes, None, None, breaking.statement_for_a_gone_pool),
        ("MW407", "an undecidable grant", unknown, "authorization", "authorization", breaking.undecidable),
        ("MW408", "half a grant", no, "authorization", "authorization", breaking.half_a_grant),
        ("MW410", "policies nearly full", yes, None, None, breaking.policies_nearly_full),
        (
            "MW601",
            "no configuration set",
            no,
            "configuration set",
            "configuration-set",
            breaking_sets.set_missing,
        ),
        ("MW601", "no default set", no, "configuration set", "configuration-set", breaking_sets.default_set_missing),
        ("MW602", "a disabled set", no, "configuration set", "configuration-set", breaking_sets.set_disabled),
        ("MW603", "no set at all", yes, None, None, breaking_sets.no_set),
        ("MW604", "no destination", yes, None, None, breaking_sets.no_destination),
        ("MW605", "optional TLS", yes, None, None, breaking_sets.tls_optional),
        ("MW606", "no IP pool", unknown, "configuration set", "configuration-set", breaking_sets.ip_pool_missing),
        ("MW702", "suppression overridden", yes, None, None, breaking_sets.suppression_overridden),
        ("MW905", "unknown members", yes, None, None, breaking.unknown_members),
        ("MW907", "a tag of the pool that cannot be read", yes, None, None, breaking.unreadable_pool_tag),
        ("MW908", "a tag of the identity that cannot be read", yes, None, None, breaking.unreadable_identity_tag),
        ("MW912", "an exemption of the pool that ends", yes, None, None, breaking.ending_pool_exemption),
        ("MW913", "an exemption of the identity that ends", yes, None, None, breaking.ending_identity_exemption),
    )
    for rule, name, answer, deciding, lost, make in table:
        yield Break(rule=rule, name=name, answer=answer, deciding=deciding, lost=lost, make=make)


BREAKS = tuple(_breaks())


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBreak:
    """A state of the SES account of a region, which breaks every pool that mails through it."""

    rule: str
    state: Json
    answer: str
    deciding: str | None
    lost: str | None

    def __str__(self) -> str:
        return f"{self.rule}-{'-'.join(self.state)}"


ACCOUNT_BREAKS = (
    AccountBreak(rule="MW501", state={"production_access": False}, answer="no", deciding="account", lost="account"),
    AccountBreak(rule="MW502", state={"sending_enabled": False}, answer="no", deciding="account", lost="account"),
    AccountBreak(
        rule="MW502", state={"enforcement_status": "SHUTDOWN"}, answer="no", deciding="account", lost="account"
    ),
    AccountBreak(
        rule="MW503", state={"enforcement_status": "PROBATION"}, answer="at risk", deciding="account", lost=None
    ),
    AccountBreak(
        rule="MW504", state={"quota": {"max24": 200, "sent": 190}}, answer="at risk", deciding="account", lost=None
    ),
    AccountBreak(
        rule="MW504", state={"quota": {"max24": 200, "sent": 200}}, answer="no", deciding="account", lost="account"
    ),
    AccountBreak(rule="MW701", state={"suppressed_reasons": []}, answer="yes", deciding=None, lost=None),
)

# Rules that another test of this folder covers, or that depend on changes over time.
ELSEWHERE: Mapping[str, str] = {
    "MW108": "test_sender_reset.py: a sender that was known to be good is lost",
    "MW115": "test_sender_reset.py: the verification that a pool is known to have had is lost",
    "MW117": "test_sender_reset.py: the sender of notices that a pool is known to have had is lost",
    "MW409": "test_stories.py: the role is the whole account's",
    "MW703": "test_reputation.py: figures are read every quarter of an hour",
    "MW704": "test_reputation.py: figures are read every quarter of an hour",
    "MW705": "test_reputation.py: lists are counted every quarter of an hour",
    "MW706": "test_feedback.py: bounces are counted by the hour",
    "MW707": "test_notices.py: SES says it, and no call shows it",
    "MW801": "test_watch.py: failed calls are counted for minutes",
    "MW802": "test_watch.py: the limit holds for the whole account",
    "MW902": "test_sweep.py: a change that the trail does not hear",
    "MW903": "tests/unit/service/test_fights.py: somebody deletes our policy again and again",
    "MW911": "tests/unit/cases/rules/MW911: the sandbox watches the regions of its identities",
    "MW906": "tests/functional/aws/test_interleavings.py: somebody writes between our comparison and our write",
}
