"""Reports that are sent to the topic by the calendar, in Korean."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "report.weekly.subject": "Mailwarden {period}: 메일을 보낼 수 없는 사용자 풀 {lost}개",
    "report.weekly.pools": (
        "사용자 풀 {pools}개 중 {yes}개는 메일을 보낼 수 있고, {at_risk}개는 보낼 수 있으나 위험이 있으며, {no}개는 "
        "보낼 수 없고, {unknown}개는 알 수 없습니다."
    ),
    "report.unread": "사용자 풀 {count}개의 마지막 점검 결과를 읽을 수 없습니다.",
    "report.weekly.hurt": "메일 전송에 문제가 있는 사용자 풀(`make why POOL=...` 명령으로 원인을 확인할 수 있습니다):",
    "report.weekly.pool": "{pool}: {verdict}; {rules}",
    "report.weekly.tagged": "{pool}, {tags}",
    "report.weekly.exempt": (
        "태그로 복구에서 제외되고 `off`인 경우 알림에서도 제외된 사용자 풀과 자격 증명(`make exemptions`):"
    ),
    "report.weekly.exemption": "{subject}, {end}: {verdict}; {rules}",
    "report.weekly.more-pools": "그 밖에 {count}개: `make pools`",
    "report.weekly.more-exemptions": "그 밖에 {count}개: `make exemptions`",
    "report.pool": "{name} ({id})",
    "report.rules": "조사 결과 {rules}",
    "report.no-rules": "조사 결과 없음",
    "report.verdict.yes": "전송 가능",
    "report.verdict.at-risk": "전송 가능, 위험 있음",
    "report.verdict.no": "전송 불가",
    "report.verdict.unknown": "알 수 없음",
    "report.exemption.unreadable": "읽을 수 없는 태그",
    "report.exemption.without-end": "{word}, 종료일 없음",
    "report.exemption.last-day": "{word}, 오늘까지",
    "report.exemption.until": "{word}, {until}까지",
    "report.shadow.subject": "Mailwarden: {since}부터 보류된 복구 {count}건",
    "report.shadow.title": (
        "{since}부터 RepairMode가 off인 동안 수정이 필요했던 경우는 {count}이며, `safe`였다면 {would}건을 적용했을 "
        "것입니다."
    ),
    "report.shadow.mode": "현재 RepairMode: {mode}",
    "report.fixes": "{count}건",
    "report.shadow.right": "{count}건: 다른 주체가 같은 변경을 했습니다. 보통 {median} 후",
    "report.shadow.different": "{count}건: 다른 주체가 다른 변경을 했습니다. 보통 {median} 후; 두 변경을 비교하세요",
    "report.shadow.needless": "{count}건: 문제가 저절로 해결되었습니다. 보통 {median} 후",
    "report.shadow.waiting": "{count}건: 아직 아무 변경도 없습니다. 보통 {median} 동안",
    "report.shadow.withheld": "{count}건: `safe`였어도 적용하지 않았을 것입니다",
    "report.shadow.unknown": "{count}건: 사용자 풀이 삭제되었거나 RepairMode가 바뀌었습니다. 보통 {median} 후",
    "report.shadow.more": (
        "`make shadow-report` 명령은 각 경우를 보여 주고, 각 사용자 풀의 소유 스택을 CloudFormation에 확인합니다."
    ),
}
