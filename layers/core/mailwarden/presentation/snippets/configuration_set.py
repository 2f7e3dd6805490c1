"""The options of a configuration set for its source, one member of the set each."""

import re
from collections.abc import Iterator

from mailwarden.domain.findings.set_options import SetOptions
from mailwarden.domain.repair.source import Source, SourceForm
from mailwarden.presentation.snippets.literals import hcl_literal, yaml_literal
from mailwarden.presentation.snippets.snippet import Snippet

_LOGICAL_ID = re.compile(r"[A-Za-z0-9]{1,255}")


def set_snippets(options: SetOptions, source: Source) -> tuple[Snippet, ...]:
    """The options in every language, the likeliest first; what else the source says of the set stays."""
    makers = {
        SourceForm.CLOUDFORMATION: lambda: _cloudformation(options, source.logical_id),
        SourceForm.CDK: lambda: _cdk(options),
        SourceForm.AMPLIFY: lambda: _amplify(options),
        SourceForm.TERRAFORM: lambda: _terraform(options),
    }
    return tuple(Snippet(form=form, code="\n".join(makers[form]())) for form in source.forms)


def _cloudformation(options: SetOptions, logical_id: str | None) -> Iterator[str]:
    """Without ``Name``: where the source leaves it to CloudFormation, setting it would replace the set."""
    known = logical_id if logical_id and _LOGICAL_ID.fullmatch(logical_id) else "ConfigurationSet"
    yield "Resources:"
    yield f"  {known}: # {_named(options)}"
    yield "    Type: AWS::SES::ConfigurationSet"
    yield "    Properties:"
    if options.sending_enabled:
        yield "      SendingOptions:"
        yield "        SendingEnabled: true"
    if options.requires_tls:
        yield "      DeliveryOptions:"
        yield "        TlsPolicy: REQUIRE"
    if options.suppresses:
        yield "      SuppressionOptions:"
        yield "        SuppressedReasons: [BOUNCE, COMPLAINT]"


def _terraform(options: SetOptions) -> Iterator[str]:
    yield f'resource "aws_sesv2_configuration_set" "mail" {{ # in {options.ref.region}'
    yield f"  configuration_set_name = {hcl_literal(options.ref.name)}"
    if options.sending_enabled:
        yield "  sending_options {"
        yield "    sending_enabled = true"
        yield "  }"
    if options.requires_tls:
        yield "  delivery_options {"
        yield '    tls_policy = "REQUIRE"'
        yield "  }"
    if options.suppresses:
        yield "  suppression_options {"
        yield '    suppressed_reasons = ["BOUNCE", "COMPLAINT"]'
        yield "  }"
    yield "}"


def _cdk(options: SetOptions) -> Iterator[str]:
    """Members of ``ConfigurationSetProps`` for the live construct (aws-cdk-lib, aws-ses, configuration-set.ts).

    A further construct of the same name would fail to deploy.
    """
    yield f"// In the properties of the ConfigurationSet {_named(options)}:"
    if options.sending_enabled:
        yield "sendingEnabled: true,"
    if options.requires_tls:
        yield "tlsPolicy: ses.ConfigurationSetTlsPolicy.REQUIRE,"
    if options.suppresses:
        yield "suppressionReasons: ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,"


def _amplify(options: SetOptions) -> Iterator[str]:
    yield '// amplify/backend.ts, with ses from "aws-cdk-lib/aws-ses"'
    yield from _cdk(options)


def _named(options: SetOptions) -> str:
    """For a comment: a literal has no line break."""
    return f"{yaml_literal(options.ref.name)} in {options.ref.region}"
