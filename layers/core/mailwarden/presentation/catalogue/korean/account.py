"""Korean: the rules about the SES account that sends the mail, MW501 to MW504."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "MW501.sandbox": "{account:이/가} 샌드박스 상태이며, {pool:이/가} 이를 통해 메일을 보냅니다",
    "MW501.why": "샌드박스에서 SES는 확인된 수신자에게만 메일을 보내므로 고객은 아무것도 받지 못합니다",
    "MW501.remediation": "{region}의 SES에 대해 프로덕션 액세스를 요청하세요",
    "MW502.paused": "{account:이/가} AWS에 의해 일시 중지되었으며, {pool:이/가} 이를 통해 메일을 보냅니다",
    "MW502.off": "{account}의 전송이 꺼져 있으며, {pool:이/가} 이를 통해 메일을 보냅니다",
    "MW502.why": "SES는 일시 중지되었거나 전송이 꺼진 계정의 메일을 수락하지 않습니다",
    "MW502.remediation.paused": "{region}의 SES 일시 중지에 관한 AWS Support 사례에 응답하세요",
    "MW502.remediation.off": (
        "전송을 끈 이유를 확인한 다음 이 명령을 실행하세요: `aws sesv2 --region {region} "
        "put-account-sending-attributes --sending-enabled`"
    ),
    "MW502.status-not-documented": "SES가 AWS 설명서에 없는 적용 상태를 보고합니다",
    "MW503.under-review": "{account:을/를} AWS가 검토 중이며, {pool:이/가} 이를 통해 메일을 보냅니다",
    "MW503.why": "AWS는 검토 기간에 문제가 해결되지 않은 계정을 일시 중지합니다",
    "MW503.remediation": "{region}의 SES에 관한 AWS Support 사례에 응답하고, 반송 메일과 수신 거부의 원인을 제거하세요",
    "MW504.nearly": (
        "{account:이/가} 전송 할당량의 {share:을/를} 사용했으며(24시간 동안 {quota}통 중 {sent}통), {pool:이/가} 이를 "
        "통해 메일을 보냅니다"
    ),
    "MW504.used-up": (
        "{account:이/가} 전송 할당량을 모두 사용했으며(24시간 동안 {quota}통 중 {sent}통), {pool:이/가} 이를 통해 "
        "메일을 보냅니다"
    ),
    "MW504.why": "SES는 할당량을 넘는 메일을 모두 거부합니다",
    "MW504.remediation": (
        "{region}의 SES에 대해 더 높은 전송 할당량을 요청하고, 어떤 애플리케이션이 할당량을 사용하는지 확인하세요"
    ),
    "MW504.no-quota": "SES가 24시간 할당량을 보고하지 않습니다",
}
