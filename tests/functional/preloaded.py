"""Reads, before a process is forked for each function, the parts that are the same in all of them.

AWS's SDK and its models, the emulator, and the core, which reads neither the environment nor a clock (import-linter).
Not the rest: as in Lambda, a function imports its adapters when its environment is there.
"""

import importlib
import pkgutil

import botocore.session
from botocore.loaders import Loader, create_loader

_CORE = ("domain", "policy", "regions", "rules", "ports", "service")
_SERVICES = ("cognito-idp", "dynamodb", "iam", "lambda", "secretsmanager", "ses", "sesv2", "sns", "sqs", "ssm", "sts")
_EMULATED = ("cognitoidp", "dynamodb", "iam", "secretsmanager", "ses", "sesv2", "sns", "sqs", "ssm", "sts")


def preload() -> None:
    """Import it all; boto3 finds the models in memory from now on."""
    for package in _CORE:
        found = importlib.import_module(f"mailwarden.{package}")
        for module in pkgutil.walk_packages(found.__path__, f"{found.__name__}."):
            importlib.import_module(module.name)
    for service in _EMULATED:
        importlib.import_module(f"moto.{service}.responses")
    models = create_loader()
    for service in _SERVICES:
        models.load_service_model(service, "service-2")
        models.load_service_model(service, "endpoint-rule-set-1")
    models.load_data("endpoints")

    def shared(search_path_string: str | None = None) -> Loader:
        assert search_path_string is None
        return models

    botocore.session.create_loader = shared
