"""Both sending actions together, and what blocks a sender."""

from typing import TYPE_CHECKING

from mailwarden.policy import Allowed, Denied, NotAllowed, Undecidable, blocking_denies, decide_sending
from tests.texts import english
from tests.unit.policy.policies import cognito, policy, role, statement

if TYPE_CHECKING:
    from mailwarden.policy import PolicySource


def test_one_action_is_not_sending() -> None:
    policies = {"p": policy(statement(Action="ses:SendEmail"))}

    sending = decide_sending(policies, cognito())

    assert isinstance(sending.decision, NotAllowed)
    assert sending.decision.action == "ses:SendRawEmail"
    assert sending.allowed_actions == ("ses:SendEmail",)


def test_the_actions_may_be_allowed_by_two_statements() -> None:
    policies = {"p": policy(statement(Action="ses:SendEmail")), "q": policy(statement(Action="ses:SendRawEmail"))}

    sending = decide_sending(policies, cognito())

    assert isinstance(sending.decision, Allowed)
    assert sending.allowed_actions == ("ses:SendEmail", "ses:SendRawEmail")


def test_a_deny_of_one_action_denies_sending() -> None:
    policies = {"p": policy(statement(), statement(Effect="Deny", Action="ses:SendRawEmail"))}

    sending = decide_sending(policies, cognito())

    assert isinstance(sending.decision, Denied)
    assert sending.allowed_actions == ("ses:SendEmail",)


def test_a_missing_action_outweighs_a_doubt() -> None:
    doubtful = statement(Action="ses:SendEmail", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})

    sending = decide_sending({"p": policy(doubtful)}, cognito())

    assert isinstance(sending.by_action[0], Undecidable)
    assert isinstance(sending.decision, NotAllowed)


def test_a_missing_allow_names_the_denials_that_a_grant_would_meet() -> None:
    deny = statement(Effect="Deny", Principal="*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})

    decision = decide_sending({"p": policy(deny)}, cognito()).decision

    assert isinstance(decision, NotAllowed)
    assert [english(reading.ref.message) for reading in decision.possible_denials] == [
        'policy "p", statement 1 (Sid "stmnt1234567891234")'
    ]


def test_the_documented_policy_blocks_no_sender() -> None:
    policies = {"p": policy()}

    for sender in (cognito(), role()):
        denials = blocking_denies(policies, sender)

        assert denials.certain == ()
        assert denials.possible == ()


def test_a_certain_denial_names_its_statement_once() -> None:
    policies = {"p": policy(statement(), statement(Sid="Perimeter", Effect="Deny", Principal="*", Condition=None))}

    denials = blocking_denies(policies, role())

    assert [english(reading.ref.message) for reading in denials.certain] == [
        'policy "p", statement 2 (Sid "Perimeter")'
    ]
    assert denials.possible == ()


def test_a_denial_that_is_certain_for_one_action_is_not_possible_as_well() -> None:
    deny = statement(Effect="Deny", Principal="*", Action=["ses:SendEmail", "s*:SendRawEmail"], Condition=None)

    denials = blocking_denies({"p": policy(deny)}, role())

    assert len(denials.certain) == 1
    assert denials.possible == ()


def test_a_possible_denial_names_the_unknown_fact() -> None:
    condition = {"StringNotEquals": {"aws:PrincipalOrgID": "o-example"}}
    policies: dict[str, PolicySource] = {
        "p": policy(statement(Effect="Deny", Principal="*", Condition=condition)),
        "broken": "{",
    }

    denials = blocking_denies(policies, role())

    assert denials.certain == ()
    assert [english(reason) for reading in denials.possible for reason in reading.reasons] == [
        (
            "/Statement/0/Condition/StringNotEquals/aws:PrincipalOrgID: "
            "the value of aws:PrincipalOrgID in such a request is not known"
        ),
        "the document: is not JSON",
    ]
