"""Runs of the live check within the process of the tests."""

from boto3.session import Session

from tests.sandbox.live_check.scratch_account import PREFIX, ScratchAccount
from tests.sandbox.platform.box import ACCOUNT, SEOUL
from tools.live_check.scratch_run import CallLog, ScratchRun


class _BoxSession(Session):
    """The clients of a scratch account."""

    def __init__(self, account: ScratchAccount) -> None:
        super().__init__()
        self._account = account

    def client(self, *args: object, **options: object) -> object:  # type: ignore[override] # of the services it needs
        return self._account.box.client(str(args[0]), str(options["region_name"]))


def run_in(account: ScratchAccount | None = None) -> ScratchRun:
    """A run in an account, or one that makes no call."""
    return ScratchRun(
        session=Session() if account is None else _BoxSession(account),
        account=ACCOUNT,
        partition="aws",
        region=SEOUL,
        ses_region=SEOUL,
        name=f"{PREFIX}-abcdef",
        tiers=("LITE",),
        say=lambda _: None,
        calls=CallLog(),
    )
