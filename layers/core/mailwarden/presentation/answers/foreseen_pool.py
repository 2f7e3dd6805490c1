"""A pool as the rules judge it before and after a change that an operator orders, as a document."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.finding import LONGEST_ADVICE, Finding
from mailwarden.domain.operator.undo import ForeseenPool, UnjudgedPool
from mailwarden.masking import masked
from mailwarden.message import Message, message
from mailwarden.presentation.advice import advice_of_finding
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import configured_in, masked_argument, one_line

_NAME = 128
_FINDINGS = 20


def foreseen_document(foreseen: ForeseenPool | UnjudgedPool) -> JsonDocument:
    """The pool, the answers before and after, and the findings after, without the notes."""
    pool = foreseen.pool
    named = {"id": pool.pool_id, "arn": pool.arn, "region": pool.region}
    match foreseen:
        case UnjudgedPool(refusal=refusal):
            return named | {
                "name": None,
                "now": None,
                "then": None,
                "findings": [],
                "problem": spoken().text(message("look.pool-gone")) if refusal is None else str(refusal),
            }
        case ForeseenPool():
            return named | {
                "name": one_line(masked(foreseen.pool_name), _NAME),
                "now": foreseen.now.answer.value,
                "then": foreseen.after.answer.value,
                "findings": [
                    {
                        "rule": finding.rule_id,
                        "severity": finding.severity.label,
                        "effect": finding.effect.value,
                        "message": _shown(finding, finding.message),
                        "remediation": _shown(finding, advice_of_finding(finding, spoken())),
                    }
                    for finding in foreseen.findings
                    if not finding.is_note
                ][:_FINDINGS],
                "problem": None,
            }


def _shown(finding: Finding, said: Message) -> str:
    return one_line(spoken().text(masked_argument(said, keep=configured_in(finding))), LONGEST_ADVICE)
