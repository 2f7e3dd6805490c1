"""The SES sides of a path that can be judged one by one."""

from mailwarden.domain.mail_path import MailPath, SesSide, UsesIdentity
from mailwarden.regions import RegionAnswer, RegionRow


def region_answer(path: MailPath) -> RegionAnswer:
    """Whether the pool may use the SES region that its SourceArn names; unknown without a row or an identity."""
    if not isinstance(path.sender, UsesIdentity) or not isinstance(path.row, RegionRow):
        return RegionAnswer.UNKNOWN
    return path.row.answer(path.sender.use, path.sender.ref.region)


def is_foreign(path: MailPath) -> bool:
    """Whether SourceArn names an identity of another account or partition, which MW103 reports."""
    sender, pool = path.sender, path.pool.ref
    return isinstance(sender, UsesIdentity) and (sender.ref.account, sender.ref.partition) != (
        pool.account,
        pool.partition,
    )


def judged_sides(path: MailPath) -> tuple[SesSide, ...]:
    """The sides whose identity, authorization and account mean something for the pool's mail.

    None where MW103 says that the identity is another account's, or where MW201 says that ``ses:*`` has no meaning for
    this pool: then the regions it would stand for are nobody's choice.
    """
    if is_foreign(path):
        return ()
    star = isinstance(path.sender, UsesIdentity) and path.sender.ref.region == "*"
    if star and region_answer(path) is RegionAnswer.NOT_ALLOWED:
        return ()
    return path.sides
