"""The changes to infrastructure as code that a fix needs, as an operator reads and copies them."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from tools.screen.terminal import as_sentence, laid_out

_LABEL = 14
_FORMS = {
    "cloudformation": "CloudFormation",
    "cdk": "AWS CDK (TypeScript)",
    "amplify": "Amplify Gen 2",
    "terraform": "Terraform",
}


def source_lines(source: Mapping[str, Any] | None, mailwarden: Mapping[str, Any], *, width: int) -> Iterator[Text]:
    """Why the source is to be changed, unless the decision has it already, and the snippets, apart for copying."""
    if source is None:
        return
    because = "" if source["because"] == mailwarden["because"] else f"{as_sentence(source['because'])} "
    said = f"{because}Change it there"
    said += " as follows, and keep everything else:" if source["snippets"] else "."
    first = Text.assemble(("  Source".ljust(_LABEL), "dim"))
    yield from laid_out(said, width, first=first, then=" " * _LABEL)
    for snippet in source["snippets"]:
        yield Text(f"    {_FORMS[snippet['form']]}:", "dim")
        yield from (Text(f"      {line}") for line in snippet["code"].splitlines())
