"""The regions in which SES is, and those in which CloudFormation can create a configuration set: one answer for all.

The programs for operators run beside the SAM CLI, which pins an older SDK that lacks some regions of SES
(docs/adr/0005-three-environments-and-locked-requirements.md). SES is in some regions before CloudFormation has its
resource types there, and a template with an unknown type is refused. ``python -m tools.region_table write`` writes both
lists.
"""

import json
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "ses_regions.json"
_TYPES = frozenset({"AWS::SES::ConfigurationSet", "AWS::SES::ConfigurationSetEventDestination"})


def ses_regions() -> frozenset[str]:
    """The regions with an endpoint of SES, of every partition, as the layer's SDK lists them."""
    return frozenset(_lists()["ses"])


def configuration_set_regions() -> frozenset[str]:
    """Those in which CloudFormation has the resource types of a configuration set, by the schemas of cfn-lint."""
    return frozenset(_lists()["configuration_sets"])


def listed() -> str:
    """The contents of the file by the SDK and the cfn-lint of this process."""
    import boto3.session  # noqa: PLC0415 - programs that read the list need neither
    import botocore  # noqa: PLC0415
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # noqa: PLC0415
    from cfnlint.version import __version__ as cfn_lint  # noqa: PLC0415

    session = boto3.session.Session()
    regions = sorted(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("sesv2", partition)
    )
    creatable = [region for region in regions if {*PROVIDER_SCHEMA_MANAGER.get_resource_types(region)} >= _TYPES]
    found = {
        "sources": {"botocore": botocore.__version__, "cfn-lint": cfn_lint},
        "ses": regions,
        "configuration_sets": creatable,
    }
    return json.dumps(found, indent=2) + "\n"


@cache
def _lists() -> dict[str, list[str]]:
    return dict(json.loads(LIST.read_text(encoding="utf-8")))
