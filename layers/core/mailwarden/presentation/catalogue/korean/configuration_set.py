"""Korean: the rules about the configuration set that a pool sends with, MW601 to MW606."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "MW601.missing": "{set:이/가} 존재하지 않으며, {pool:이/가} 이를 사용해 메일을 보냅니다",
    "MW601.why": "SES는 존재하지 않는 구성 세트를 사용하는 메일을 거부하므로 사용자 풀의 메일이 유실됩니다",
    "MW601.remediation": "SES 리전 {region}에 {name} 구성 세트를 생성하거나, 존재하는 구성 세트를 지정하세요",
    "MW601.remediation.no-name": (
        "공백이나 구성 세트 이름에 쓸 수 없는 문자 없이 SES 리전 {region}의 구성 세트를 지정하세요"
    ),
    "MW601.named-by.pool": "사용자 풀",
    "MW601.named-by.identity": "자격 증명(기본 구성 세트)",
    "MW602.disabled": "{set}의 전송이 비활성화되어 있으며, {pool:이/가} 이를 사용해 메일을 보냅니다",
    "MW602.why": "SES는 전송이 비활성화된 구성 세트를 사용하는 메일을 모두 거부합니다",
    "MW602.remediation": (
        "{name}의 전송을 비활성화한 이유를 확인한 다음 이 명령을 실행하세요: `aws sesv2 --region {region} "
        "put-configuration-set-sending-options --sending-enabled --configuration-set-name {name}`"
    ),
    "MW603.without": "{pool:이/가} 구성 세트 없이 {identity:으로/로} 메일을 보냅니다",
    "MW603.why.mailed": "SES는 반송 메일과 수신 거부를 발신자 주소에 메일로만 알리며, 이를 집계하는 곳이 없습니다",
    "MW603.why.not-mailed": "SES는 반송 메일과 수신 거부를 알리지 않으며, 발신자 주소에 메일로도 알리지 않습니다",
    "MW603.remediation": "SES 리전 {region}의 {identity}에 이벤트 대상이 있는 기본 구성 세트를 할당하세요",
    "MW604.no-destination": "{set}에 {events:and} 이벤트 대상이 없으며, {pool:이/가} 이를 사용해 메일을 보냅니다",
    "MW604.why": "{events:and:을/를} 보고하는 이벤트가 없으며, AWS는 이것이 너무 많은 계정을 검토합니다",
    "MW604.remediation": "SES 리전 {region}의 구성 세트 {name}에 {events:and:을/를} 받는 이벤트 대상을 추가하세요",
    "MW604.events-unknown": "SES가 AWS 설명서에 없는 이벤트 유형을 보고합니다",
    "MW604.bounces": "반송 메일",
    "MW604.complaints": "수신 거부",
    "MW604.destination": "{name}: {events}",
    "MW604.destination.disabled": "{name}: {events} (비활성화됨)",
    "MW604.destination.no-events": "{name}: 이벤트 없음",
    "MW605.optional": "{set:이/가} TLS를 요구하지 않으며, {pool:이/가} 이를 사용해 메일을 보냅니다",
    "MW605.policy-unknown": "SES가 AWS 설명서에 없는 TLS 정책을 보고합니다",
    "MW605.why": "SES는 TLS를 지원하지 않는 수신 서버에 메일을 암호화하지 않고 전송합니다",
    "MW605.remediation": (
        "사용자의 모든 수신 서버가 TLS를 지원하는 경우 SES 리전 {region}의 {name}의 TLS 정책을 REQUIRE로 설정하세요"
    ),
    "MW606.missing": (
        "{set:이/가} 존재하지 않는 {name} 전용 IP 풀을 통해 전송하며, {pool:이/가} 이를 사용해 메일을 보냅니다"
    ),
    "MW606.why": "SES는 구성 세트의 메일을 해당 전용 IP 풀의 주소에서 보냅니다",
    "MW606.unknown": (
        "AWS 설명서에는 IP 풀이 존재하지 않는 구성 세트의 메일을 SES가 어떻게 처리하는지 나와 있지 않습니다"
    ),
    "MW606.remediation": (
        "SES 리전 {region}의 구성 세트 {set}에 다른 전송 IP 풀을 선택하거나, {name} IP 풀을 다시 생성하세요"
    ),
}
