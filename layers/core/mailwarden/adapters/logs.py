"""The log of a function: our lines follow ``LogLevel``, and no library logs below WARNING."""

import logging
import os

from aws_lambda_powertools import Logger

# At DEBUG they write bodies, URLs and signatures: secrets, session tokens and recipients' addresses.
_LIBRARIES = ("aws_lambda_powertools", "boto3", "botocore", "s3transfer", "urllib3")


def function_logger() -> Logger:
    """The function's logger; called once, while the handler's module is imported.

    The runtime sets the root logger to the application log level before that (awslambdaric, ``_setup_logging``), and
    every library inherits it: here the root is set back, for libraries that are not named as well.

    Powertools prefers the platform's level to ours (``AWS_LAMBDA_LOG_LEVEL``), but the platform must let INFO through,
    which metrics count as: so our own level is set here. Lambda takes a line whose timestamp is not as in RFC 3339 for
    INFO (Lambda guide, "Log-level filtering").
    """
    for name in (None, *_LIBRARIES):
        logging.getLogger(name).setLevel(logging.WARNING)
    logger = Logger(use_rfc3339=True, utc=True)
    logging.getLogger(logger.name).setLevel(os.environ.get("POWERTOOLS_LOG_LEVEL") or logging.INFO)
    return logger
