"""Korean: the rules about suppression, bounces, complaints, and notices of SES."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "feedback.counts-each-time": "반송되거나 수신 거부한 주소로 보낸 메일은 매번 계정의 평판에 반영됩니다",
    "MW701.suppresses-nothing": (
        "{region}의 SES 계정이 어떤 주소도 금지 목록에 넣지 않으며, {pool:이/가} 이를 통해 메일을 보냅니다"
    ),
    "MW701.remediation": (
        "계정에 ValidationAttributes가 있으면 SES 콘솔에서 금지 목록을 켜세요. 다음 명령이 ValidationAttributes를 "
        "유지하는지는 AWS 설명서에 없습니다. 없으면 이 명령을 실행하세요: `aws sesv2 --region {region} "
        "put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT`"
    ),
    "MW702.switches-off": "{region}의 {set} 구성 세트가 금지 목록을 끄며, {pool:이/가} 이를 사용해 메일을 보냅니다",
    "MW702.remediation": "SES 리전 {region}의 {set} 구성 세트가 계정의 금지 목록 설정을 따르게 하세요",
    "rates.may-pause": (
        "{pause}부터 AWS가 계정을 일시 중지할 수 있으며, 그러면 어떤 사용자 풀도 이를 통해 메일을 보내지 못합니다"
    ),
    "rates.reviews": "{review}부터 AWS가 계정을 검토하며, {pause}에서 일시 중지할 수 있습니다",
    "rates.will-review": "AWS는 {review}부터 계정을 검토하며, {pause}에서 일시 중지할 수 있습니다",
    "rates.no-figures-since": "{at} 이후의 수치가 없습니다",
    "MW703.high": (
        "{region}의 SES 계정의 반송률이 {rate}이며({window} 동안 메일 {sends}통 중 반송 {number}건), {pool:이/가} 이를 "
        "통해 메일을 보냅니다"
    ),
    "MW703.remediation": (
        "존재하지 않는 주소로 메일을 보내는 앱을 찾고(MW706, {region}의 SES 콘솔), 코드를 보내기 전에 주소를 "
        "검사하도록 하세요"
    ),
    "MW704.high": (
        "{region}의 SES 계정의 수신 거부율이 {rate}이며({window} 동안 메일 {sends}통 중 수신 거부 {number}건), "
        "{pool:이/가} 이를 통해 메일을 보냅니다"
    ),
    "MW704.remediation": (
        "요청하지 않은 메일을 보내는 앱을 찾고({region}의 SES 콘솔), 한 주소로 코드를 보내는 횟수를 제한하세요"
    ),
    "MW705.growing": (
        "{day}에 주소 {count}개가 {region}의 SES 계정 금지 목록에 추가되었으며, {pool:이/가} 이를 통해 메일을 보냅니다"
    ),
    "MW705.why": (
        "SES는 이 주소로 가는 메일을 수락하지만 보내지는 않습니다. 주소의 소유자는 코드를 받지 못하고, 오류도 나타나지 "
        "않습니다"
    ),
    "MW705.remediation": (
        "메일이 반송되는 이유를 찾고({region}의 SES 콘솔, MW703, MW706), 이유가 해소된 후에만 목록에서 주소를 "
        "제거하세요"
    ),
    "MW705.not-counted-yet": "아직 집계되지 않음",
    "MW706.both": (
        "지난 {window} 동안 {pool:이/가} 보낸 메일 중 {bounced} 이상이 반송되었고, {complained} 이상이 스팸으로 "
        "신고되었습니다"
    ),
    "MW706.bounced": "지난 {window} 동안 {pool:이/가} 보낸 메일 중 {bounced} 이상이 반송되었습니다",
    "MW706.complained": "지난 {window} 동안 {pool:이/가} 보낸 메일 중 {complained} 이상이 스팸으로 신고되었습니다",
    "MW706.why": (
        "반송 메일과 수신 거부는 SES 계정 전체에 집계되며, AWS는 계정을 모든 사용자 풀에 대해 한꺼번에 일시 중지합니다"
    ),
    "MW706.remediation": "이 앱이 코드를 보내기 전에 주소를 검사하게 하고, 가입 양식을 보호하세요",
    "MW706.window": "마지막 1시간을 제외한 {window}",
    "MW706.sent-at-most": "{number}({whose}의 전송량과 같음)",
    "MW706.its-set": "사용자 풀의 구성 세트",
    "MW706.its-account": "사용자 풀의 SES 계정",
    "MW707.stopped": (
        "SES가 {region}에서 {about}의 전송을 중지했다고 보고하며, {pool:이/가} 이 계정을 통해 메일을 보냅니다"
    ),
    "MW707.advises": "SES가 {region}에서 {about}의 변경을 권고하며, {pool:이/가} 이 계정을 통해 메일을 보냅니다",
    "MW707.unnamed": "이름을 밝히지 않은 리소스",
    "MW707.why-stopped": (
        "사용자 풀의 메일이 지나갈 수 있는 리소스를 SES가 중지했으며, 이를 보여 주는 API 호출이 없습니다"
    ),
    "MW707.why-advice": "SES는 조치하기 전에 권고하며, 조치는 계정 전체에 적용됩니다",
    "MW707.remediation": "{region}의 SES 콘솔에서 권고를 따르고, 열려 있는 AWS Support 사례에 응답하세요",
    "MW707.notice": "{at} {kind}: {about}: {text}",
    "MW707.no-text": "내용 없음",
    "ses-notice.sending-disabled": "전송 비활성화됨",
    "ses-notice.recommendation": "권고",
    "ses-resource.identity": "자격 증명 {name}",
    "ses-resource.configuration-set": "구성 세트 {name}",
    "ses-resource.tenant": "테넌트 {name}",
}
