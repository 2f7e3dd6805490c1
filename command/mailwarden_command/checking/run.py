"""Checks files: reads each, lists its cases, and judges its pools."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command.checking.judging import NEEDS_ACCOUNT, SourceJudge, Spoken
from mailwarden_command.checking.plan.plan import Plan
from mailwarden_command.checking.report import CheckedFile, CheckedPool, CheckReport
from mailwarden_command.checking.source.declared import NotKnown
from mailwarden_command.checking.source.deployment import Deployment
from mailwarden_command.checking.source.files import SourceFile, SourceKind, named_files, read_file
from mailwarden_command.checking.source.holes import Holes
from mailwarden_command.checking.source.nested import nested_stacks
from mailwarden_command.checking.source.nodes import NotReadable
from mailwarden_command.checking.template.assembly import environment_of
from mailwarden_command.checking.template.stack import Stack

_IN_TEMPLATE = Spoken(region="${AWS::Region}", account="${AWS::AccountId}", id_of_pool="")
_IN_PLAN = Spoken(region="the region of the provider", account="ACCOUNT", id_of_pool=".id")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """A check; ``given`` are values of parameters, ``where`` is as far as the caller knows it.

    The region table, the severities and the rules that are off come from *settings*.
    """

    given: Mapping[str, str]
    where: Deployment
    version: str
    settings: OperatorSettings = field(default_factory=OperatorSettings)

    def report(self, paths: Iterable[Path]) -> CheckReport:
        """The report about all files."""
        files = tuple(checked for path in paths for checked in self._checked(path))
        names = frozenset(Path(file.path).resolve() for file in files)
        files = tuple(
            replace(
                file, nested=tuple(each for each in file.nested if not each.is_among(names, beside=Path(file.path)))
            )
            for file in files
        )
        return CheckReport(version=self.version, files=files, needs_account=NEEDS_ACCOUNT)

    def _checked(self, path: Path) -> Iterable[CheckedFile]:
        try:
            files = tuple(named_files((path,)))
        except NotReadable as error:
            return (CheckedFile(path=path.as_posix(), refusal=error.what),)
        return map(self._file, files)

    def _file(self, path: Path) -> CheckedFile:
        try:
            file = read_file(path)
            is_plan = file.kind is SourceKind.PLAN
            nested = () if is_plan else tuple(nested_stacks(file.root))
            return CheckedFile(path=path.as_posix(), pools=self._pools(file), is_plan=is_plan, nested=nested)
        except NotReadable as error:
            return CheckedFile(path=path.as_posix(), refusal=error.what, place=error.place)
        except NotKnown as error:
            return CheckedFile(
                path=path.as_posix(), refusal=f"{error.member} has no form of its kind", place=error.place
            )
        except RecursionError:
            return CheckedFile(path=path.as_posix(), refusal="its conditions refer to each other too deeply")
        except OSError as error:
            return CheckedFile(path=path.as_posix(), refusal=f"it cannot be read: {error.strerror or error}")

    def _pools(self, file: SourceFile) -> tuple[CheckedPool, ...]:
        holes = Holes()
        if file.kind is SourceKind.PLAN:
            plan = Plan(root=file.root, where=self.where, holes=holes)
            judge = SourceJudge(labels=holes.labels, spoken=_IN_PLAN, is_plan=True, settings=self.settings)
            return judge.pools(plan.cases())
        region, account = environment_of(file.path)
        stack = Stack(
            root=file.root,
            given=self.given,
            where=Deployment(region=region or self.where.region, account=account or self.where.account),
            holes=holes,
        )
        judge = SourceJudge(labels=holes.labels, spoken=_IN_TEMPLATE, settings=self.settings)
        return judge.pools(stack.cases())
