"""Saved copies of AWS's page, made of its rows: in both wordings, as HTML, Markdown, columns and plain lines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from tests.unit.regions.pages import NEWER, OLDER

# As the page writes them, which is not always as the SDK does.
NAMES = {
    "af-south-1": "Africa (Cape Town)",
    "ap-east-1": "Asia Pacific (Hong Kong)",
    "ap-east-2": "Asia Pacific (Taipei)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-northeast-2": "Asia Pacific (Seoul)",
    "ap-northeast-3": "Asia Pacific (Osaka)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-south-2": "Asia Pacific (Hyderabad)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "ap-southeast-3": "Asia Pacific (Jakarta)",
    "ap-southeast-4": "Asia Pacific (Melbourne)",
    "ap-southeast-5": "Asia Pacific (Malaysia)",
    "ap-southeast-6": "Asia Pacific (New Zealand)",
    "ap-southeast-7": "Asia Pacific (Thailand)",
    "ca-central-1": "Canada (Central)",
    "ca-west-1": "Canada West (Calgary)",
    "eu-central-1": "Europe (Frankfurt)",
    "eu-central-2": "Europe (Zurich)",
    "eu-north-1": "Europe (Stockholm)",
    "eu-south-1": "EU (Milan)",
    "eu-south-2": "Europe (Spain)",
    "eu-west-1": "Europe (Ireland)",
    "eu-west-2": "Europe (London)",
    "eu-west-3": "Europe (Paris)",
    "il-central-1": "Israel (Tel Aviv)",
    "me-central-1": "Middle East (UAE)",
    "me-south-1": "Middle East (Bahrain)",
    "mx-central-1": "Mexico (Central)",
    "sa-east-1": "South America (São Paulo)",
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
}
OTHER_TABLE = (
    ("Activity", "API operation", "Delivery options"),
    ("Forgot password", "ForgotPassword", "Email, SMS"),
    ("Multi-factor authentication (MFA)", "AdminInitiateAuth", "Email¹, SMS"),
)
BEFORE = "The following table shows the AWS Regions where you can use Amazon SES identities with Amazon Cognito."
AFTER = "Configuring email for your user pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the page: the option is None in the older wording."""

    option: str | None
    ses_regions: tuple[str, ...]


type Page = Mapping[str, Line]

OLDER_PAGE: Page = {region: Line(option=None, ses_regions=tuple(ses.split())) for region, ses in OLDER.items()}
NEWER_PAGE: Page = {
    row.pool_region: Line(
        option="Alternate Region"
        if row.both_at_once
        else "In-Region only"
        if row.default == (row.pool_region,)
        else "Backwards compatible",
        ses_regions=row.default,
    )
    for row in NEWER
}


def _cells(page: Page) -> Iterable[Sequence[str]]:
    is_newer = any(line.option for line in page.values())
    yield (
        ("User pool Region", "Region option", "Amazon SES Region")
        if is_newer
        else ("Amazon Cognito user pools AWS Region", "Amazon Simple Email Service supported AWS Regions")
    )
    for region, line in page.items():
        mark = "¹" if line.option == "Alternate Region" and len(line.ses_regions) > 1 else ""
        listed = ", ".join(NAMES.get(each, each) for each in line.ses_regions) + mark
        yield (NAMES.get(region, region), *((line.option,) if line.option else ()), listed)


def html(page: Page) -> str:
    tables = "".join(
        "<table><thead></thead>"
        + "".join(
            "<tr>\n" + "".join(f'<td tabindex="-1">\n <p>{_marked(cell)}</p></td>' for cell in row) + "</tr>"
            for row in rows
        )
        + "</table>"
        for rows in (OTHER_TABLE, _cells(page))
    )
    return f"<html><body><h2>{BEFORE}</h2>{tables}<p>{AFTER}</p></body></html>"


def _marked(cell: str) -> str:
    return escape(cell).replace("¹", "<sup>1</sup>")


def markdown(page: Page) -> str:
    tables = ("\n".join(_markdown_line(row) for row in rows) for rows in (OTHER_TABLE, _cells(page)))
    return f"# {BEFORE}\n\n" + "\n\n".join(tables) + f"\n\n## {AFTER}\n"


def _markdown_line(row: Sequence[str]) -> str:
    escaped = (cell.replace("(", r"\(").replace(")", r"\)").replace("-", r"\-").replace(".", r"\.") for cell in row)
    line = f"| {' | '.join(escaped)} | "
    is_header = "Region" in row[0] or row[0] == "Activity"
    return line + ("\n" + "| --- " * len(row) + "|" if is_header else "")


def columns(page: Page) -> str:
    tables = ("\n".join("\t".join(row) for row in rows) for rows in (OTHER_TABLE, _cells(page)))
    return f"{BEFORE}\n" + "\n\n".join(tables) + f"\n\n¹ Used with the default email configuration.\n{AFTER}\n"


def lines(page: Page) -> str:
    """As a browser's text: each cell in a line of its own, and one row whose cells share a line."""
    header, *rows = _cells(page)
    other = "\n".join("\n".join(row) for row in OTHER_TABLE)
    body = ["\n\n".join(row) if number != 3 else " ".join(row) for number, row in enumerate(rows)]
    return f"{other}\n{BEFORE}\n{' '.join(header)}\n\n" + "\n\n".join(body) + f"\n\n{AFTER}\n"


FORMS: Mapping[str, Callable[[Page], str]] = {"html": html, "markdown": markdown, "columns": columns, "lines": lines}
