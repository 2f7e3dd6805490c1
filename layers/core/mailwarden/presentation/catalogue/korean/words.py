"""Korean: how sentences call the things they are about; the kind comes last, so that particles are certain."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "verbatim": "{text}",
    "sentences": "{sentences:semicolon}",
    "pool": "{name}({id}) 사용자 풀",
    "pool.by-id": "{id} 사용자 풀",
    "identity": "{region}의 {name} 자격 증명",
    "identity.every-region": "모든 리전의 {name} 자격 증명",
    "ses-region": "{region} SES 리전",
    "ses-region.every": "모든 SES 리전(ses:*)",
    "configuration-set": "{region}의 {name} 구성 세트",
    "ses-account": "{region}의 SES 계정",
    "monitoring": "{region}의 Mailwarden 모니터링",
    "words.and": "{values:and}",
    "words.and-more": "{shown} 외 {more}개",
    "words.several-and-more": "{shown:semicolon}; 외 {more}개",
    "words.none": "없음",
    "words.unknown": "알 수 없음",
    "words.unknown-yet": "아직 알 수 없음",
    "words.days": "{count}일",
    "unreadable": "{code}: {region}의 {action}",
    "words.yes": "예",
    "words.no": "아니요",
    "words.on": "켜짐",
    "words.off": "꺼짐",
    "words.absent": "없음",
    "words.not-reported": "보고되지 않음",
}
