"""Whatever a path holds, the rules answer, say nothing twice, and never call sound what was not read."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings import Effect
from mailwarden.domain.mail_path import MailPath, UsesIdentity
from mailwarden.domain.readings import ConfigurationSet, SenderMode
from mailwarden.domain.verdicts import Answer
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
    judgement = judge(path, ALL)

    harmless = all(finding.effect is Effect.NONE for finding in judgement.findings)
    assert (judgement.verdict.answer is Answer.YES) is harmless


@given(path=mail_paths())
@settings(max_examples=80, deadline=None)
def test_judging_twice_gives_the_same(path: MailPath) -> None:
    assert judge(path, ALL) == judge(path, ALL)


@given(path=mail_paths(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_refused_read_of_anything_the_mail_needs_is_never_yes(path: MailPath, data: st.DataObject) -> None:
    assume(isinstance(path.sender, UsesIdentity) and path.sides)
    developer = path.pool.email.mode is SenderMode.DEVELOPER
    number = data.draw(st.integers(0, len(path.sides) - 1))
    side = path.sides[number]
    reads = ["identity", "account", "role", "set", "destinations"] if developer else ["identity", "factors"]
    match data.draw(st.sampled_from(reads)):
        case "identity":
            side = replace(side, identity=unread("ses:GetEmailIdentity"))
        case "account":
            side = replace(side, account=unread("ses:GetAccount"))
        case "set":
            assume(side.configuration_set is not None)
            side = replace(side, configuration_set=unread("ses:GetConfigurationSet"))
        case "destinations":
            assume(isinstance(side.configuration_set, ConfigurationSet))
            assert isinstance(side.configuration_set, ConfigurationSet)
            refusal = unread("ses:GetConfigurationSetEventDestinations")
            side = replace(side, configuration_set=replace(side.configuration_set, destinations=refusal))
        case "factors":
            factors = replace(path.pool.factors, second_factor=unread("cognito-idp:GetUserPoolMfaConfig"))
            assume(not factors.first_factor)
            path = replace(path, pool=replace(path.pool, factors=factors))
        case _:
            path = replace(path, service_linked_role=unread("iam:GetRole"))
    refused = replace(path, sides=(*path.sides[:number], side, *path.sides[number + 1 :]))

    judgement = judge(refused, ALL)

    assert judgement.verdict.answer in {Answer.NO, Answer.UNKNOWN}
