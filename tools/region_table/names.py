"""Names of regions as AWS's pages write them, and the regions that they name.

The English names are those of the SDK. The older page was saved in Korean; its names are here as it spells them, with
its mistakes: it has Ohio in the west, and Virginia and Oregon in two spellings each.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import botocore.session

from mailwarden.region_names import REGION_NAME

_KOREAN = {
    "남아메리카(상파울루)": "sa-east-1",
    "미국 동부(버니지아 북부)": "us-east-1",
    "미국 동부(버지니아 북부)": "us-east-1",
    "미국 동부(오하이오)": "us-east-2",
    "미국 서부(오레곤)": "us-west-2",
    "미국 서부(오리건)": "us-west-2",
    "미국 서부(오하이오)": "us-east-2",
    "미국 서부(캘리포니아 북부)": "us-west-1",
    "아시아 태평양(뭄바이)": "ap-south-1",
    "아시아 태평양(서울)": "ap-northeast-2",
    "아시아 태평양(시드니)": "ap-southeast-2",
    "아시아 태평양(싱가포르)": "ap-southeast-1",
    "아시아 태평양(오사카)": "ap-northeast-3",
    "아시아 태평양(자카르타)": "ap-southeast-3",
    "아시아 태평양(도쿄)": "ap-northeast-1",
    "아프리카(케이프타운)": "af-south-1",
    "유럽(런던)": "eu-west-2",
    "유럽(밀라노)": "eu-south-1",
    "유럽(스톡홀름)": "eu-north-1",
    "유럽(아일랜드)": "eu-west-1",
    "유럽(취리히)": "eu-central-2",
    "유럽(파리)": "eu-west-3",
    "유럽(프랑크푸르트)": "eu-central-1",
    "이스라엘(텔아비브)": "il-central-1",
    "중동(UAE)": "me-central-1",
    "중동(바레인)": "me-south-1",
    "캐나다(중부)": "ca-central-1",
}
# The form of a name, for regions that are newer than the SDK: words, and a place in brackets.
_LIKE_A_NAME = r"\b(?!(?:and|or)\b)[^\W\d_][\w.' -]*\([^()]+\)"


def region_named(words: str) -> str | None:
    """The region with this name or code, or None if the SDK has none."""
    return _known().get(_key(words))


@cache
def mentions() -> str:
    """A pattern that finds every mention of a region in a text that ``normalized`` returned, known or not."""
    names = sorted({*sdk_names().values(), *_KOREAN}, key=len, reverse=True)
    written = (re.escape(name).replace(r"\(", r"\s?\(") for name in names)
    return "|".join([*written, rf"\b{REGION_NAME}\b", _LIKE_A_NAME])


def normalized(text: str) -> str:
    """A text without accents, footnote marks and repeated spaces, and with Europe for the older EU."""
    # The page writes São Paulo, the SDK Sao Paulo. Hangul is put together again by the second step.
    plain = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    composed = unicodedata.normalize("NFC", plain)
    without_marks = re.sub(r"[¹²³⁴\u200b*`]|(?<=\))\s?[1-4](?=\s|,|$)", "", composed)
    return re.sub(r"[ \u00a0]+", " ", re.sub(r"\bEU (?=\()", "Europe ", without_marks)).strip()


@cache
def _known() -> Mapping[str, str]:
    english = {_key(name): region for region, name in sdk_names().items()}
    return english | {_key(name): region for name, region in _KOREAN.items()} | {each: each for each in sdk_names()}


@cache
def sdk_names() -> Mapping[str, str]:
    """The English name of every region that the SDK knows."""
    endpoints = cast("dict[str, Any]", botocore.session.get_session().get_data("endpoints"))
    return {
        region: str(described["description"])
        for partition in endpoints["partitions"]
        for region, described in partition["regions"].items()
    }


def _key(name: str) -> str:
    return name.replace(" ", "").casefold()
