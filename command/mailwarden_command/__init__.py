"""The command ``mailwarden``: an audit without a deployment, and everything that an operator does with one."""

__version__ = "0.1.0"
