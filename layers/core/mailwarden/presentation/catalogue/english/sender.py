"""The messages of the rules about the pool's own mail settings: MW101 to MW117."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "MW101.in-use": (
        "{pool} sends from Cognito's default sender, which accepts {limit} mails a day for the whole account"
    ),
    "MW101.why": (
        "beyond that limit Cognito sends no mail: calls such as SignUp fail, and ForgotPassword may answer success"
    ),
    "MW101.remediation": (
        "Set EmailSendingAccount of pools in production to DEVELOPER, with a verified identity as SourceArn"
    ),
    "MW101.limit": "{limit} for the account",
    "MW102.absent": "{pool} has EmailSendingAccount {mode} and no SourceArn",
    "MW102.malformed": ("{pool} has EmailSendingAccount {mode} and a SourceArn that is not the ARN of an SES identity"),
    "MW102.why.developer": "Cognito has no identity to send from",
    "MW102.why.default-sender": "AWS does not document what the default sender does with such a SourceArn",
    "MW102.remediation": (
        "Set SourceArn of the pool to arn:{partition}:ses:REGION:{account}:identity/NAME of a verified identity"
    ),
    "MW102.remediation.meant": (
        "Set SourceArn of the pool to {arn}, without spaces and other signs that no identity has in its name"
    ),
    "MW103.account": "{pool} uses an identity of account {account}",
    "MW103.partition": "{pool} uses an identity of partition {partition}",
    "MW103.why": "Cognito can send only as identities of the pool's own account",
    "MW103.remediation.partition": (
        "Verify {identity} in partition {partition}, in {regions:or}, and set SourceArn of the pool to {arn}"
    ),
    "MW103.remediation": "Verify {identity} in account {account} and set SourceArn of the pool to {arn}",
    "MW104.outside": "{pool} sends from {address}, which is not covered by the identity {identity}",
    "MW104.may-be-outside": "{pool} sends from {address}, which may not be covered by the identity {identity}",
    "MW104.why": "SES lets an identity send only for its own address, or for addresses in its domain",
    "MW104.remediation.address": (
        "Set From of the pool to {identity}, or SourceArn to the identity that covers {address}"
    ),
    "MW104.remediation.domain": (
        "Set From of the pool to an address in {identity}, or SourceArn to the identity that covers {address}"
    ),
    "MW105.no-from": "{pool} sends as the domain {domain} and has no FROM address",
    "MW105.why": "a domain is not an address, so Cognito has no address for the From header",
    "MW105.remediation": "Set From of the pool to an address in {domain}, such as no-reply@{domain}",
    "MW105.chosen-for-all": "the settings name one address for every such pool, and another one may have been meant",
    "MW105.default-sender": (
        "AWS does not document which address the default sender uses as FROM for the domain {domain}"
    ),
    "MW105.default-sender.remediation": (
        "Set SourceArn to a verified address in {domain}, or set EmailSendingAccount to DEVELOPER"
    ),
    "MW106.unverified": "{pool} uses the address {address} as its identity, but only the domain {domain} is verified",
    "MW106.why": "SES has no identity with that name, although the domain identity could send for the address",
    "MW106.remediation": "Set SourceArn of the pool to {arn} and From to {address}",
    "MW107.flaws": "{pool} has {flaws:and}",
    "MW107.not-one-address": "a {member} that is not one address",
    "MW107.local-part-not-ascii": "a {member} whose part before the @ is not plain ASCII",
    "MW107.domain-not-punycode": "a {member} whose domain is not written in Punycode",
    "MW107.name-not-encoded": "a {member} with a name that is not encoded",
    "MW107.name-in-brackets": "a {member} with a name in square brackets and without quotes",
    "MW107.brackets-undocumented": "AWS does not document whether SES accepts brackets outside quotes",
    "MW107.why.refused": "SES rejects mail whose header is not a plain ASCII mailbox",
    "MW107.why.name": "SES requires an encoded word, so the name may arrive with letters wrong or missing",
    "MW107.remediation.one-address": (
        'Write {member} as one address, and put a name with special characters in quotes: "A, B" <a@example.com>'
    ),
    "MW107.remediation.encoded": "Write {member} as {encoded}",
    "MW107.remediation.another-address": "Choose another address as {member}",
    "MW108.lost": "{pool} lost {lost:and}: it had {before:and}, and now has {now:and}",
    "MW108.loss.identity": "the identity",
    "MW108.loss.region": "the allowed SES region",
    "MW108.loss.from": "the FROM address",
    "MW108.loss.configuration-set": "the configuration set",
    "MW108.loss.reply-to": "the REPLY-TO address",
    "MW108.why.identity": (
        "mail now comes from Cognito's default sender, which accepts {limit} mails a day for the whole account"
    ),
    "MW108.why.region": "Cognito cannot send through an identity in a region that the pool may not use",
    "MW108.why.from": "users receive mail from an address that they do not know",
    "MW108.why.configuration-set": "bounces and complaints of the pool's mail can no longer be seen",
    "MW108.why.reply-to": "answers of users no longer arrive where they did",
    "MW108.remediation": (
        "Run `make restore POOL={id}` to see what restoring the former sender would change, and with APPLY=yes to "
        "restore it; compare the other settings that changed. If the change was intended, run "
        "`make restore POOL={id} ACCEPT=yes`"
    ),
    "author.unknown": "no event reported the call, so the caller is not known",
    "MW108.author.left-out": (
        "as far as is known, {calls}: its record shows no emailConfiguration, and such a call resets the sender"
    ),
    "MW108.author.left-out.several": (
        "as far as is known, {calls:semicolon} ({number} calls): their records show no emailConfiguration, and such a "
        "call resets the sender"
    ),
    "MW108.author.not-shown": "{calls}: its record does not show whether it named emailConfiguration",
    "MW108.author.not-shown.several": (
        "{calls:semicolon} ({number} calls): their records do not show whether they named emailConfiguration"
    ),
    "author.call": "{event} by {actor} at {at}",
    "author.call-with": "{event} by {actor} with {tool} at {at}",
    "MW108.quota": "{limit} for the SES account of the region",
    "email.default-sender": "Cognito's default sender",
    "email.identity": "SourceArn {identity}",
    "email.from": "From {address}",
    "email.reply-to": "ReplyToEmailAddress {address}",
    "email.configuration-set": "ConfigurationSet {name}",
    "setting.changed": "{setting} changed",
    "setting.gone": "{setting} is gone",
    "setting.from-to": "{setting} from {old} to {new}",
    "MW109.needed": "sign-in to {pool} uses {factors:and}, and the pool sends from Cognito's default sender",
    "MW109.first-factor": "one-time passwords by email",
    "MW109.second-factor": "email as a second factor",
    "MW109.why": (
        "the default sender accepts {limit} mails a day for the whole account, and beyond that limit users cannot "
        "sign in"
    ),
    "MW109.remediation": "Set EmailSendingAccount of the pool to DEVELOPER, with a verified identity as SourceArn",
    "MW110.custom-sender": "{pool} passes every mail to a custom email sender function",
    "MW110.why": "Cognito sends nothing itself, so only the function decides whether mail is delivered",
    "MW110.only-the-function": "only the function knows whether it sends the mail",
    "MW110.remediation": "Watch the errors of the function",
    "MW111.none": "{pool} verifies addresses by a link and has no domain for it",
    "MW111.not-active": "{pool} verifies addresses by a link, and its domain {domain} is not active",
    "MW111.why": "the link in a verification mail leads to the pool's domain, and Cognito rejects sign-ups without one",
    "MW111.unknown.replica": "AWS does not document the domain of links that a replica sends",
    "MW111.unknown.status": "AWS does not document whether the links of such a domain work",
    "MW111.remediation": (
        "Create a domain for the user pool {pool} or wait until it is active, or verify addresses by a code"
    ),
    "MW112.fails": "{pool} sends threat-protection notices as {source_arn}, and that sender fails",
    "MW112.unknown": (
        "{pool} sends threat-protection notices as {source_arn}, and it is unknown whether that sender works"
    ),
    "MW112.why": "users receive no notice of risky sign-ins if this sender fails",
    "MW112.sender": "threat protection",
    "MW112.not-documented": (
        "AWS does not document the SES regions, the principal and the SES account of threat-protection notices"
    ),
    "MW112.remediation": (
        "Choose a verified SES identity that may send for the user pool {pool} in NotifyConfiguration of its risk "
        "configuration, or repair the identity"
    ),
    "advice.with-command": "{advice}. This command changes nothing else of the pool: {command}",
    "command.MW102": "`make set-sender POOL={pool_id} IDENTITY=… FROM=…`",
    "command.MW103": "`make set-sender POOL={pool_id} IDENTITY=…`",
    "command.MW104": "`make set-sender POOL={pool_id} FROM=…`",
    "command.MW105": "`make set-sender POOL={pool_id} FROM=…`",
    "command.MW106": "`make set-sender POOL={pool_id} IDENTITY=… FROM=…`",
    "command.MW107": "`make set-sender POOL={pool_id} FROM=… REPLY_TO=…`",
    "command.MW109": "`make set-sender POOL={pool_id} IDENTITY=… FROM=…`",
    "command.MW802": "`make set-sender POOL={pool_id} IDENTITY=… FROM=…`",
    "command.MW201": "`make set-sender POOL={pool_id} IDENTITY=…`",
    "command.MW203": "`make set-sender POOL={pool_id} IDENTITY=…`",
    "command.MW204": "`make set-sender POOL={pool_id} DEFAULT=yes IDENTITY=…`",
    "MW113.unreachable": "Cognito cannot pass the mail of {pool} to its custom email sender: {reasons:and}",
    "MW113.unknown": "it is unknown whether Cognito can pass the mail of {pool} to its custom email sender",
    "MW113.why": "Cognito encrypts each code with the key and invokes the function, or calls such as SignUp fail",
    "MW113.no-function": "the function {function} does not exist, or has no policy that lets Cognito invoke it",
    "MW113.not-invocable": "the policy of the function {function} does not let Cognito invoke it for this pool",
    "MW113.no-key": "the KMS key {key} does not exist",
    "MW113.key-state": "the KMS key {key} is in the state {state}",
    "MW113.undecidable": "the policy of the function depends on what Cognito's calls do not show",
    "MW113.regional": "AWS does not document whether Cognito invokes functions as {principal}",
    "MW113.key-not-named": "AWS does not document what Cognito does with a custom email sender without KMSKeyID",
    "MW113.key-state-unknown": "AWS does not document whether Cognito can use a key in the state {state}",
    "MW113.remediation": "To pass the mail on, {steps:and}; or remove CustomEmailSender",
    "MW113.remediation.unknown": "To be certain, {steps:and}",
    "MW113.step.function": "deploy the function {function}, and let {principal} invoke it for {pool}",
    "MW113.step.invoke": "let {principal} invoke the function {function} for {pool}",
    "MW113.step.key": "set KMSKeyID of LambdaConfig to a key that exists and that the function decrypts codes with",
    "MW113.step.enable": "enable the KMS key {key}",
    "MW113.step.keep": "cancel the deletion of the KMS key {key}, and enable it",
    "MW113.step.usable": "see in AWS KMS why the key {key} is not enabled",
    "MW113.step.read": "let Mailwarden read it ({refusal})",
    "evidence.back-to-default": "a person decides whether a pool goes back to Cognito's default sender",
    "evidence.no-call": "no call is known that made the change",
    "evidence.hidden": "the record of a call does not show its parameters",
    "evidence.several-calls": (
        "{number} calls of UpdateUserPool were made since the pool was last found as expected, and only a single one "
        "would prove an accident"
    ),
    "evidence.another-change": "the pool was last modified at {modified}, which is not the time of that call",
    "evidence.not-learned": (
        "no record of UpdateUserPool in {region} has shown EmailConfiguration yet, so a record without it is no proof"
    ),
    "evidence.no-caller": "the record of the call does not name its caller and its tool, so it may be a deployment's",
    "evidence.not-held": "no look found the former sender unchanged through the settle time",
    "evidence.too-late": "the sender was lost more than {hours} hours ago, and what is live may be meant by now",
    "evidence.wanted": "a call that failed named EmailConfiguration, so somebody wanted to change it",
    "evidence.waits": (
        "CloudTrail may still show another call; Mailwarden looks again by {at}, and restores the sender only if it "
        "shows none"
    ),
    "evidence.never-shown": "the history of CloudTrail did not show the call within twenty minutes",
    "evidence.contradicted": "the history of CloudTrail shows the call with other parameters",
    "evidence.too-old": "the history of CloudTrail shows {days} days only",
    "evidence.unreadable": "the history of CloudTrail could not be read: {refusal}",
    "MW114.unknown": "{pool} has EmailSendingAccount {value}, which this version of Mailwarden does not know",
    "MW114.why": "Mailwarden does not know which identity, region and limits such a sender has",
    "MW114.remediation": ("Deploy a newer version of Mailwarden, and send yourself a mail of the pool until then"),
    "MW115.lost": "{pool} verified addresses by mail and no longer does",
    "MW115.why": "Cognito sends no verification code at sign-up, and no call fails",
    "MW115.why.invited": "Cognito sends no code when a user changes the address, and no call fails",
    "MW115.remediation": (
        "Set AutoVerifiedAttributes of the pool to email again, in the console or in its source. If the loss was "
        "intended, run `make restore POOL={id} ACCEPT=yes`"
    ),
    "MW115.author.left-out": (
        "as far as is known, {calls}: its record shows no autoVerifiedAttributes, and such a call resets them"
    ),
    "MW115.author.left-out.several": (
        "as far as is known, {calls:semicolon} ({number} calls): their records show no autoVerifiedAttributes, and "
        "such a call resets them"
    ),
    "MW115.author.not-shown": "{calls}: its record does not show whether it named autoVerifiedAttributes",
    "MW115.author.not-shown.several": (
        "{calls:semicolon} ({number} calls): their records do not show whether they named autoVerifiedAttributes"
    ),
    "MW116.without": "{pool} has {members:and} without the placeholder for the code or the link",
    "MW116.why.verification": "users receive a mail without a code or a link, and cannot confirm their address",
    "MW116.why.invitation": "invited users receive a mail without their temporary password",
    "MW116.remediation": (
        "Put {{####}} for a code, or {{##…##}} for a link, into {members:and} of the pool, in the console or in "
        "its source"
    ),
    "MW116.trigger": "a CustomMessage function may write the text, and only the function knows",
    "MW116.default-sender": "AWS does not document whether the default sender uses texts of your own",
    "MW117.lost": (
        "{pool} lost the sender of threat-protection notices: it had {before:and}, and its risk configuration now "
        "names none"
    ),
    "MW117.why": "users are no longer told of risky sign-ins to their account",
    "MW117.remediation": (
        "Show what restoring the former sender of notices would change: `make restore POOL={id} NOTICES=yes`. With "
        "APPLY=yes it is restored; a source that sets the risk configuration has to name the sender, too. If the loss "
        "was intended, run `make restore POOL={id} ACCEPT=yes`"
    ),
    "MW117.author.left-out": "as far as is known, {calls}: its record leaves the sender of notices out",
    "MW117.author.left-out.several": (
        "as far as is known, {calls:semicolon} ({number} calls): their records leave the sender of notices out"
    ),
    "MW117.author.not-shown": "{calls}: its record does not show whether it named a sender of notices",
    "MW117.author.not-shown.several": (
        "{calls:semicolon} ({number} calls): their records do not show whether they named a sender of notices"
    ),
    "notices.reply-to": "ReplyTo {address}",
}
