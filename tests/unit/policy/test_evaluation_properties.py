"""Properties of the evaluator that hold for every policy."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from mailwarden.policy import (
    SEND_ACTIONS,
    Allowed,
    Denied,
    NotAllowed,
    PolicyDecision,
    SendingCaller,
    Undecidable,
    blocking_denies,
    decide_sending,
    evaluate,
    grants_naming_pool,
    parse,
    public_or_cross_account,
    trusted_cognito_principals,
    unconditioned_cognito_trust,
)
from mailwarden.policy.matching.context import ABSENT, Context, KeyState, Unknown, known
from tests.texts import english
from tests.unit.policy.policies import ACCOUNT, IDENTITY, cognito, request, role
from tests.unit.policy.strategies import (
    ANY_DOCUMENTS,
    ANY_KEYS,
    ANY_STATEMENTS,
    JSON_VALUES,
    KNOWN_DOCUMENTS,
    PATIENT,
    TEXTS,
)

ELEMENTS = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "Resource", "Condition", "Comment"}
SENDERS = st.sampled_from([cognito(), cognito(from_address="support@example.com"), role()])
ACTIONS = st.sampled_from(SEND_ACTIONS)


def _statements(document: Mapping[str, object]) -> list[dict[str, object]]:
    found = document["Statement"]
    statements: list[object] = found if isinstance(found, list) else [found]
    return [dict(statement) for statement in statements if isinstance(statement, dict)]


def _with_lists(value: object) -> object:
    """Every scalar of a document as a list of one, where the grammar has lists."""
    match value:
        case dict():
            return {
                name: inner if name in {"Version", "Effect", "Sid"} or inner == "*" else _with_lists(inner)
                for name, inner in value.items()
            }
        case list():
            return [_with_lists(inner) if isinstance(inner, dict) else inner for inner in value]
        case _:
            return [value]


@PATIENT
@given(document=ANY_DOCUMENTS, sender=SENDERS, action=ACTIONS)
def test_lists_and_scalars_mean_the_same(document: dict[str, object], sender: SendingCaller, action: str) -> None:
    listed = _with_lists({**document, "Statement": _statements(document)})
    assert isinstance(listed, dict)

    decision = evaluate({"p": listed}, request(sender, action))

    assert type(decision) is type(evaluate({"p": document}, request(sender, action)))


@PATIENT
@given(document=ANY_DOCUMENTS, more=ANY_STATEMENTS, sender=SENDERS, action=ACTIONS)
def test_another_deny_never_opens_anything(
    document: dict[str, object], more: dict[str, object], sender: SendingCaller, action: str
) -> None:
    before = evaluate({"p": document}, request(sender, action))

    after = evaluate({"p": document, "q": {"Statement": {**more, "Effect": "Deny"}}}, request(sender, action))

    assert _openness(after) <= _openness(before)
    assert not (isinstance(before, Denied) and not isinstance(after, Denied))


@PATIENT
@given(document=ANY_DOCUMENTS, more=ANY_STATEMENTS, sender=SENDERS, action=ACTIONS)
def test_another_allow_never_closes_anything(
    document: dict[str, object], more: dict[str, object], sender: SendingCaller, action: str
) -> None:
    before = evaluate({"p": document}, request(sender, action))

    after = evaluate({"p": document, "q": {"Statement": {**more, "Effect": "Allow"}}}, request(sender, action))

    assert _openness(after) >= _openness(before)
    assert isinstance(after, Denied) == isinstance(before, Denied)


def _openness(decision: PolicyDecision) -> int:
    match decision:
        case Denied() | NotAllowed():
            return 0
        case Undecidable():
            return 1
        case Allowed():
            return 2


@PATIENT
@given(document=ANY_DOCUMENTS, sender=SENDERS, action=ACTIONS, upper=st.booleans())
def test_the_case_of_actions_and_key_names_does_not_matter(
    document: dict[str, object], sender: SendingCaller, action: str, upper: bool
) -> None:
    change = str.upper if upper else str.lower
    changed = [
        {name: _recased(name, value, change) for name, value in statement.items()}
        for statement in _statements(document)
    ]

    decision = evaluate({"p": {**document, "Statement": changed}}, request(sender, change(action)))

    assert type(decision) is type(evaluate({"p": document}, request(sender, action)))


def _recased(name: str, value: object, change: object) -> object:
    assert callable(change)
    match name, value:
        case "Action" | "NotAction", str():
            return change(value)
        case "Action" | "NotAction", list():
            return [change(text) for text in value]
        case "Condition", dict():
            return {
                operator: {change(key): values for key, values in block.items()} for operator, block in value.items()
            }
        case _:
            return value


@PATIENT
@given(documents=st.lists(ANY_DOCUMENTS, min_size=1, max_size=3), sender=SENDERS, action=ACTIONS, data=st.data())
def test_the_order_of_policies_does_not_matter(
    documents: Sequence[Mapping[str, object]], sender: SendingCaller, action: str, data: st.DataObject
) -> None:
    named = {f"p{place}": document for place, document in enumerate(documents)}
    shuffled = data.draw(st.permutations(list(named)))

    decision = evaluate({name: named[name] for name in shuffled}, request(sender, action))

    assert type(decision) is type(evaluate(named, request(sender, action)))


@PATIENT
@given(document=KNOWN_DOCUMENTS, action=ACTIONS)
def test_a_policy_with_only_known_keys_is_decided(document: dict[str, object], action: str) -> None:
    decision = evaluate({"p": document}, request(action=action))

    assert not isinstance(decision, Undecidable)


@PATIENT
@given(
    documents=st.lists(ANY_DOCUMENTS, min_size=1, max_size=2),
    sender=SENDERS,
    action=ACTIONS,
    learned=st.dictionaries(
        ANY_KEYS.map(str.lower),
        st.just(ABSENT) | TEXTS.map(known) | st.lists(TEXTS, min_size=2, max_size=3).map(lambda texts: known(*texts)),
    ),
)
def test_a_decision_does_not_depend_on_what_is_not_known(
    documents: Sequence[Mapping[str, object]], sender: SendingCaller, action: str, learned: Mapping[str, KeyState]
) -> None:
    policies = {f"p{place}": document for place, document in enumerate(documents)}
    unknown = {key: state for key, state in learned.items() if isinstance(sender.context.state(key), Unknown)}
    context = Context(keys={**sender.context.keys, **unknown}, families=sender.context.families)
    before = evaluate(policies, request(sender, action))

    after = evaluate(policies, request(replace(sender, context=context), action))

    match before:
        case Undecidable():
            pass
        case NotAllowed(possible_denials=denials) if denials:
            assert isinstance(after, NotAllowed | Denied)
        case _:
            assert type(before) is type(after)


@PATIENT
@given(document=ANY_DOCUMENTS, sender=SENDERS)
def test_the_pair_is_no_better_than_either_action(document: dict[str, object], sender: SendingCaller) -> None:
    together = decide_sending({"p": document}, sender)

    alone = [evaluate({"p": document}, request(sender, action)) for action in SEND_ACTIONS]
    assert list(together.by_action) == alone
    assert _openness(together.decision) == min(_openness(decision) for decision in alone)


@PATIENT
@given(document=ANY_DOCUMENTS, sender=SENDERS)
def test_denials_are_what_an_allow_of_everything_does_not_overcome(
    document: dict[str, object], sender: SendingCaller
) -> None:
    open_to_all = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}

    denials = blocking_denies({"p": document}, sender)

    decision = decide_sending({"p": document, "open": open_to_all}, sender).decision
    assert isinstance(decision, Denied) == bool(denials.certain)
    assert isinstance(decision, Allowed) == (not denials.certain and not denials.possible)


def _ask_everything(policies: Mapping[str, object]) -> None:
    """Every question that a rule may ask; the answers do not matter here, only that they come."""
    documents = {name: document for name, document in policies.items() if isinstance(document, str | dict)}
    for sender in (cognito(), role()):
        decision = decide_sending(documents, sender)
        assert english(decision.decision.message)
        blocking_denies(documents, sender)
        grants_naming_pool(documents, sender)
    trusted_cognito_principals(documents)
    unconditioned_cognito_trust(documents, identity_arn=IDENTITY, account=ACCOUNT)
    public_or_cross_account(documents, identity_arn=IDENTITY, account=ACCOUNT)


@PATIENT
@given(text=st.text())
@example(text="[" * 100_000)
@example(text="9" * 10_000)
@example(text='{"Statement": ' * 5000)
def test_no_text_raises(text: str) -> None:
    policy = parse(text)

    assert policy.unreadable is not None or policy.statements
    _ask_everything({"p": text})


@PATIENT
@given(document=JSON_VALUES)
def test_no_json_raises(document: object) -> None:
    text = json.dumps(document)

    policy = parse(text)

    assert policy.unreadable is not None or policy.statements
    _ask_everything({"p": text, "q": document})


@PATIENT
@given(document=ANY_DOCUMENTS, rubbish=JSON_VALUES, element=st.sampled_from(sorted(ELEMENTS)), data=st.data())
def test_a_flawed_statement_decides_nothing_by_its_match(
    document: dict[str, object], rubbish: object, element: str, data: st.DataObject
) -> None:
    flawed = [dict(statement) for statement in _statements(document)]
    place = data.draw(st.integers(min_value=0, max_value=len(flawed) - 1))
    flawed[place][element] = rubbish
    policy = parse({**document, "Statement": flawed})

    decision = evaluate({"p": policy}, request())

    broken = {int(problem.path.split("/")[2]) for problem in policy.problems}
    match decision:
        case Allowed(by=ref):
            assert ref.index not in broken
        case Denied(by=refs):
            assert not broken.intersection(ref.index for ref in refs)
        case NotAllowed() | Undecidable():
            pass


@PATIENT
@given(documents=st.lists(ANY_DOCUMENTS, max_size=3))
def test_no_question_raises(documents: Sequence[Mapping[str, object]]) -> None:
    _ask_everything({f"p{place}": document for place, document in enumerate(documents)})
