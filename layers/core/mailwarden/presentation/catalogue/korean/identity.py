"""Korean: the rules about the identity that a pool sends as, MW301 to MW305."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "ses-status.pending": "보류 중",
    "ses-status.success": "성공",
    "ses-status.failed": "실패",
    "ses-status.temporary-failure": "일시적 실패",
    "ses-status.not-started": "시작되지 않음",
    "ses-status.unknown": "알 수 없음",
    "MW301.missing": "{identity:이/가} 존재하지 않으며, {pool:이/가} 이 자격 증명으로 메일을 보냅니다",
    "MW301.why": "SES는 존재하지 않는 자격 증명의 메일을 거부하므로 사용자 풀의 메일이 유실됩니다",
    "MW301.remediation.lower-case": (
        "사용자 풀의 SourceArn을 {arn} 값으로 설정하세요. SES는 도메인을 소문자로 저장합니다"
    ),
    "MW301.remediation.parent": (
        "사용자 풀의 SourceArn을 {arn} 값으로, From을 {identity:으로/로} 설정하거나, {region}에 {identity:을/를} "
        "생성해 확인 절차를 마치세요"
    ),
    "MW301.remediation": (
        "SES 리전 {region}에 {identity:을/를} 생성해 확인 절차를 마치거나, 사용자 풀의 SourceArn을 확인된 자격 "
        "증명으로 설정하세요"
    ),
    "MW302.not-verified": "{identity:이/가} 확인되지 않았으며({status}), {pool:이/가} 이 자격 증명으로 메일을 보냅니다",
    "MW302.failing": "{identity}의 확인 상태가 곧 해제되며, {pool:이/가} 이 자격 증명으로 메일을 보냅니다",
    "MW302.why.not-verified": "SES는 확인되지 않은 자격 증명의 메일을 거부합니다",
    "MW302.why.failing": "SES가 자격 증명의 DNS 레코드를 더 이상 찾지 못하며, 72시간 후 확인을 포기합니다",
    "MW302.remediation.address": (
        "SES 리전 {region}에서 {identity:으로/로} 확인 메일을 다시 보내고 메일의 링크를 여세요"
    ),
    "MW302.remediation.domain": "SES가 리전 {region}의 {identity}에 대해 표시하는 DNS 레코드를 게시하세요",
    "MW303.not-working": "{identity}의 DKIM이 작동하지 않으며({status}), {pool:이/가} 이 자격 증명으로 메일을 보냅니다",
    "MW303.off": "{identity}의 DKIM이 꺼져 있으며, {pool:이/가} 이 자격 증명으로 메일을 보냅니다",
    "MW303.status-not-documented": "SES가 AWS 설명서에 없는 DKIM 상태를 보고합니다",
    "MW303.not-reported": "SES가 메일에 서명하는지 여부를 보고하지 않습니다",
    "MW303.why": "수신 서버는 해당 도메인의 DKIM 서명이 없는 메일을 거부하거나 스팸으로 처리할 수 있습니다",
    "MW303.remediation.publish": "SES가 리전 {region}의 {identity}에 대해 표시하는 CNAME 레코드를 게시하세요",
    "MW303.remediation.switch-on": "리전 {region}에서 {identity}의 DKIM 서명을 켜세요",
    "MW304.not-working": (
        "{identity}의 MAIL FROM 도메인({domain})이 작동하지 않으며({status}), {pool:이/가} 이 자격 증명으로 메일을 "
        "보냅니다"
    ),
    "MW304.status-not-documented": "SES가 AWS 설명서에 없는 MAIL FROM 상태를 보고합니다",
    "MW304.behavior-unknown": "SES가 MX 레코드가 없을 때의 동작으로 AWS 설명서에 없는 값을 보고합니다",
    "MW304.why.rejects": "SES는 그 도메인의 MX 레코드를 찾을 수 없는 동안 모든 메일을 거부하도록 구성되어 있습니다",
    "MW304.why.falls-back": "SES가 amazonses.com을 대신 사용하므로 SPF가 더 이상 도메인에 적용되지 않습니다",
    "MW304.remediation": (
        "SES가 리전 {region}의 {domain}에 대해 표시하는 MX 레코드를 게시하거나, SES가 자체 MAIL FROM 도메인을 대신 "
        "사용하도록 하세요"
    ),
    "MW305.address": "{identity:은/는} 단일 주소이며, {pool:이/가} 이 자격 증명으로 메일을 보냅니다",
    "MW305.why": "확인된 주소는 도메인에 대해 아무것도 증명하지 않으므로 수신 서버가 그 메일을 덜 신뢰합니다",
    "MW305.remediation": "리전 {region}에서 도메인 {domain}의 확인 절차를 마치고 그 도메인으로 메일을 보내세요",
}
