"""For any path, the rules return, have no duplicate findings, and never judge an unread part as sound."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import ConfigurationSet, SenderMode
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import unread
from tests.unit.rules.strategies import mail_paths


@given(path=mail_paths())
@settings(max_examples=250, deadline=None)
def test_no_rule_raises_and_none_speaks_twice_of_one_subject(path: MailPath) -> None:
    for rule in ALL:
        findings = list(rule.check(path))

        assert len({finding.subject for finding in findings}) == len(findings)
        assert {finding.rule_id for finding in findings} <= {rule.rule_id}


@given(path=mail_paths())
@settings(max_examples=150, deadline=None)
def test_the_answer_is_yes_exactly_if_no_finding_is_about_mail(path: MailPath) -> None:
    judgment = judge(path, ALL)

    harmless = all(finding.effect is Effect.NONE for finding in judgment.findings)
    assert (judgment.verdict.answer is Answer.YES) is harmless


@given(path=mail_paths())
@settings(max_examples=80, deadline=None)
def test_judging_twice_gives_the_same(path: MailPath) -> None:
    assert judge(path, ALL) == judge(path, ALL)


@given(path=mail_paths(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_refused_read_of_anything_the_mail_needs_is_never_yes(path: MailPath, data: st.DataObject) -> None:
    assume(isinstance(path.sender, UsesIdentity) and path.ses_states)
    developer = path.pool.email.mode is SenderMode.DEVELOPER
    number = data.draw(st.integers(0, len(path.ses_states) - 1))
    ses_state = path.ses_states[number]
    reads = ["identity", "account", "role", "set", "destinations"] if developer else ["identity", "factors"]
    match data.draw(st.sampled_from(reads)):
        case "identity":
            ses_state = replace(ses_state, identity=unread("ses:GetEmailIdentity"))
        case "account":
            ses_state = replace(ses_state, account=unread("ses:GetAccount"))
        case "set":
            assume(ses_state.configuration_set is not None)
            ses_state = replace(ses_state, configuration_set=unread("ses:GetConfigurationSet"))
        case "destinations":
            assume(isinstance(ses_state.configuration_set, ConfigurationSet))
            assert isinstance(ses_state.configuration_set, ConfigurationSet)
            refusal = unread("ses:GetConfigurationSetEventDestinations")
            ses_state = replace(ses_state, configuration_set=replace(ses_state.configuration_set, destinations=refusal))
        case "factors":
            factors = replace(path.pool.factors, second_factor=unread("cognito-idp:GetUserPoolMfaConfig"))
            assume(not factors.first_factor)
            path = replace(path, pool=replace(path.pool, factors=factors))
        case _:
            path = replace(path, service_linked_role=unread("iam:GetRole"))
    refused = replace(path, ses_states=(*path.ses_states[:number], ses_state, *path.ses_states[number + 1 :]))

    judgment = judge(refused, ALL)

    assert judgment.verdict.answer in {Answer.NO, Answer.UNKNOWN}
