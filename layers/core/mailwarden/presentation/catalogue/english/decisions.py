"""Why nothing is written, or what came of a write; and the titles of what is written."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "decision.another-repair-first": "the repair of {rule} goes first",
    "decision.undone": (
        "a person undid the repair at {at} (journal entry {entry_id}); Mailwarden makes it again only if the pool's "
        "EmailConfiguration or its identity's policies or tags change, or if the problem ends and comes back"
    ),
    "decision.rule-off": "the settings turn {rule} off",
    "decision.pool-exempt": "the pool is exempt: {exemption}",
    "decision.identity-exempt": "the identity {name} in {region} is exempt: {exemption}",
    "decision.note": "{rule} is for reports, not for alerts",
    "decision.no-fix": "Mailwarden has no automatic fix for this, manual action is required",
    "decision.settings-closed": "the settings cannot be relied on: {problem}",
    "decision.stopped": "{by} stopped repairs at {since}; `make start` resumes them",
    "decision.repair-mode-off": "RepairMode is off",
    "decision.rule-only-reports": "the settings let {rule} only report",
    "decision.fix-not-safe": "Mailwarden does not judge this fix safe here, and RepairMode is safe: {reason}",
    "decision.own-policy-edited": "{policies:and} was edited: Mailwarden writes no further policy beside it",
    "law.not-judged": "it was not judged",
    "law.lost": "mail would still be lost: {finding} ({rule})",
    "law.unknown": "whether mail would be delivered is not known: {finding} ({rule})",
    "law.new-finding": "it would lead to another finding: {finding} ({rule})",
    "law.worse": "it would make a finding worse: {finding} ({rule})",
    "law.first": "First: {first}. Then: {then}",
    "law.no-effect": "the finding would stay",
    "law.gives-more": "it would let more than this pool send",
    "law.overrides": "it would override the owner's conditions: {words:semicolon}",
    "law.owner-not-known": "what the identity's owner allows is not known",
    "law.edited": "{policies:and} of Mailwarden was edited, and the grant would be written beside it",
    "decision.fix-manual": "this fix needs a person; {reason}",
    "decision.identity-unreadable": "{identity} could not be read",
    "decision.no-consent": "the identity's owner has not opened it to this pool: {consent}",
    "decision.unknown-members": "the pool has members this SDK does not know: {members}",
    "exemption.tags-unreadable": "its tags could not be read ({refusal})",
    "exemption.not-a-date": "tag {tag} has until={until}, which is not a date",
    "exemption.unreadable": (
        "tag {tag}='{value}' cannot be read: it has to be off or report, then until=YYYY-MM-DD, then reason=, and "
        "nothing else"
    ),
    "exemption.key": "tag {key} cannot be read: tag keys are case-sensitive, and the tag is {tag}",
    "exemption.tag": "tag {tag}={word}",
    "exemption.tag-with-reason": "tag {tag}={word} ({reason})",
    "consent.settings": "the settings list the identity for this pool",
    "consent.tag-account": "tag {tag}={value} on the identity",
    "consent.tag-pool": "tag {tag} on the identity names {pool}",
    "consent.tag-unreadable": (
        "tag {tag}='{value}' on the identity cannot be read: it has to be account, or pool ids, and nothing else"
    ),
    "consent.tag-key": "tag {key} on the identity cannot be read: tag keys are case-sensitive, and the tag is {tag}",
    "consent.statement": "{statement} already names this pool",
    "consent.identity-unreadable": "the identity could not be read",
    "consent.not-looked-at": "it was not looked at",
    "consent.none": (
        "the identity has no tag {tag} for this pool, the settings do not list it, and no Allow statement names this "
        "pool"
    ),
    "guard.fight": (
        "this change was written {count} times and undone each time, the last time {by}; Mailwarden writes again "
        "{goes_on} (see MW903)"
    ),
    "fight.by": "by {actor} with {event} ({agent})",
    "fight.by-unknown": "by a call that is not known",
    "fight.until": "after {at}",
    "fight.until-released": "when a person releases it",
    "guard.owned": "the pool is owned by infrastructure as code: {owner}",
    "guard.owned-set": "infrastructure as code owns the configuration set: {owner}",
    "guard.deployed": "the last change came from {deployment}, which would undo the repair",
    "reason.and-source": "{reason}; besides, {source}",
    "owner.stack": "{name}",
    "owner.not-now": "could not be determined now: {code}",
    "owner.unknown": "could not be determined: {code}",
    "owner.no-stack-in-response": "could not be determined: an answer without a stack",
    "deployment.role": "the deployment role {actor}",
    "deployment.tool": "a deployment tool ({tool})",
    "budget.account-spent": "this hour's budget of {limit} repairs for the account is spent",
    "budget.pool-spent": "this hour's budget of {limit} repairs for the pool is spent",
    "settings.parameter-unusable": "parameter {parameter}: {problem}",
    "look.pool-gone": "the pool is gone",
    "look.newer-known": "a newer look is known",
    "look.put-off": "put off: {refusal}",
    "look.not-its-turn": "put off: SES in {region} is called at a third of its rate",
    "repair.nothing-due": "nothing is left to repair, or it is not allowed",
    "repair.over": "the finding is over since the repair was ordered",
    "repair.other-resource": "the repair now writes another resource; it is ordered there",
    "repair.still-found": "the check after the write still finds the problem, and Mailwarden checks again",
    "repair.drifted": "another actor changed it in the meantime, so nothing was written: {reason}",
    "repair.refused": "the write was refused: {reason}",
    "repair.side-effect": "the write had an effect it should not have had: {reason}",
    "repair.overtaken": "the write was interrupted: {reason}",
    "recovery.not-written": "it was interrupted before it wrote anything",
    "recovery.partly-written": "it was interrupted after some of the policies were written",
    "recovery.overtaken": "another actor changed the resource, so it is unknown whether Mailwarden wrote first",
    "fix.grant-pool": "Let {pool} send as {identity} in {region}",
    "fix.grant-pools": "Let {count} pools send as {identity} in {region}",
    "fix.use-domain": "Let {pool} send as the domain {domain} in {region}",
    "fix.move-pool": "Move {pool} to {identity} in {region}",
    "fix.restore-sender": "Restore the sender that {pool} lost",
    "fix.set-from": "Set FROM of {pool} to {address}",
    "fix.create-role": "Create the service-linked role {role}",
    # The same, once it is done.
    "fix.grant-pool.done": "Mailwarden let {pool} send as {identity} in {region}",
    "fix.grant-pools.done": "Mailwarden let {count} pools send as {identity} in {region}",
    "fix.use-domain.done": "Mailwarden let {pool} send as the domain {domain} in {region}",
    "fix.move-pool.done": "Mailwarden moved {pool} to {identity} in {region}",
    "fix.restore-sender.done": "Mailwarden restored the sender that {pool} had lost",
    "fix.set-from.done": "Mailwarden set FROM of {pool} to {address}",
    "fix.create-role.done": "Mailwarden created the service-linked role {role}",
    "order.unsuppress": (
        "take an address from the suppression list of the SES account in {region}: {reason}; putting it back takes the "
        "address (`aws sesv2 put-suppressed-destination`)"
    ),
    "rule.undecided": "{subject} could not be checked for {rule}",
    "rule.undecided.why": (
        "a fact that this rule needs is not known, so Mailwarden cannot confirm that mail is delivered"
    ),
    "rule.undecided.remediation": (
        "Check that Mailwarden can read the resource that the reason names; it checks again by itself"
    ),
    "rule.crashed": "the rule itself failed: {where}",
    "rule.crashed.remediation": "Report this failure of Mailwarden",
}
