"""Korean: the rules about the SES region of the identity, MW201 to MW204."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "region.not-listed": "리전 표 {version}에 이 리전이 없습니다",
    "region.not-on-the-page": "이 리전에서 Cognito와 SES를 사용할 수 있지만, AWS 설명서 페이지에 이 리전이 없습니다",
    "region.partition-not-covered": (
        "이 리전에서 Cognito와 SES를 사용할 수 있지만, AWS 설명서 페이지가 이 파티션을 다루지 않습니다"
    ),
    "MW201.not-allowed": (
        "{pool:이/가} {ses_region}의 자격 증명을 사용하지만, {pool_region}의 사용자 풀은 이 리전을 사용할 수 없습니다"
    ),
    "MW201.why": "Cognito는 그 리전의 자격 증명을 통해 메일을 보내지 않으므로 사용자 풀의 메일이 유실됩니다",
    "MW201.remediation": (
        "{regions:and}에서 {identity}의 확인 절차를 마치고, 사용자 풀의 SourceArn을 {arn} 값으로 설정하세요"
    ),
    "MW201.set-source-arn": "사용자 풀의 SourceArn을 그 리전에서 확인된 {arn} 값으로 설정하세요",
    "MW201.set-is-regional": "구성 세트는 리전별 리소스이므로 새 리전에 {set} 구성 세트가 없을 수 있습니다",
    "MW201.no-candidates": "확인한 후보 없음",
    "MW201.candidate.verified": "{region}: 확인됨",
    "MW201.candidate.not-verified": "{region}: 확인되지 않음",
    "MW201.candidate.missing": "{region}: 존재하지 않음",
    "MW201.candidate.unreadable": "{region}: {refusal}",
    "MW202.not-known": (
        "{pool:이/가} {ses_region}의 자격 증명을 사용하지만, {pool_region}의 사용자 풀이 그 리전을 사용할 수 있는지 알 "
        "수 없습니다"
    ),
    "MW202.why": "AWS 설명서에는 이 사용자 풀의 메일을 Cognito가 그 리전을 통해 보내는지 나와 있지 않습니다",
    "MW202.remediation": (
        "사용자 풀에서 자신에게 암호 재설정 메일을 보내고, 메일이 도착하면 Mailwarden 설정에 {pool_region} 행을 "
        "추가하세요"
    ),
    "MW202.no-region-listed": "{pool_region} 행에 이 용도의 SES 리전이 없습니다",
    "MW202.provisional": "{pool_region} 행은 잠정적이며 {regions:을/를} 나열합니다",
    "MW202.newer-than-page": (
        "AWS 설명서 페이지에는 {regions:이/가} 있고 {pool_region:은/는} 없습니다. 페이지가 작성된 후 이 리전에서 SES를 "
        "사용할 수 있게 되었을 수 있습니다"
    ),
    "MW203.remote": "{pool:이/가} {pool_region:을/를} 사용할 수 있는데도 {ses_region} SES 리전을 통해 메일을 보냅니다",
    "MW203.why": "사용자의 주소가 사용자 풀의 리전을 벗어나며, 다른 리전의 장애가 이 사용자 풀의 메일을 멈춥니다",
    "MW203.remediation": (
        "사용자 풀의 리전을 선호한다면 {pool_region}에서 {identity}의 확인 절차를 마치고, 사용자 풀의 SourceArn을 그 "
        "자격 증명으로 설정하세요"
    ),
    "MW204.one-of-two": (
        "{pool:이/가} {ses_region} SES 리전의 자격 증명만 사용하지만, 기본 이메일 기능은 {regions:and:으로/로} 메일을 "
        "나누어 보냅니다"
    ),
    "MW204.why": "다른 리전을 통해 나가는 메일에 대해 SES가 자격 증명을 찾지 못합니다",
    "MW204.remediation": (
        "{regions:and}에서 {identity}의 확인 절차를 마치고, 두 리전 모두에서 {principal}의 전송을 허용한 다음, 사용자 "
        "풀의 SourceArn을 {arn} 값으로 설정하세요"
    ),
}
