"""The state of the deployment, as a versioned JSON document for ``make doctor``."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.operator.deployment import DeploymentState
from mailwarden.masking import masked
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import one_line

KIND = "deployment"
VERSION = 1
_SENTENCE = 800


def deployment_document(state: DeploymentState) -> JsonDocument:
    """The whole document; times are in ISO 8601."""
    settings, stop = state.settings, state.stop
    problem = None if settings.problem is None else one_line(masked(spoken().text(settings.problem)), _SENTENCE)
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "known",
        "at": state.at.isoformat(timespec="seconds"),
        "settings": {
            "parameter": settings.parameter,
            "version": settings.version,
            "problem": problem,
            "repair_mode": settings.repair_mode.value,
            "consent": {arn: list(opened) for arn, opened in settings.consents.items()},
            "slack_channels": list(settings.slack_channels),
        },
        "stop": None if stop is None else {"by": stop.by, "since": stop.since.isoformat(timespec="seconds")},
        "swept_at": {
            region: None if at is None else at.isoformat(timespec="seconds") for region, at in state.swept_at.items()
        },
        "sdk": state.sdk,
    }
