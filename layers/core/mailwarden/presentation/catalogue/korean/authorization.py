"""Korean: what the rules about sending authorization say."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "grant.denied": "{statements:semicolon:이/가} 명시적으로 거부합니다",
    "grant.denied-service": (
        "{statements:semicolon:이/가} 명시적으로 거부하며, Cognito가 이 보안 주체로 전송할 수 있습니다"
    ),
    "grant.may-deny": "{statement:이/가} 거부할 수 있습니다: {reasons:semicolon}",
    "grant.principal-unknown": "Cognito가 전송에 사용하는 보안 주체를 알 수 없습니다: {reason}",
    "grant.principal-provisional": "Cognito가 전송에 사용하는 보안 주체를 알 수 없습니다: {region} 행이 잠정적입니다",
    "grant.principal-undocumented": (
        "Cognito가 전송에 사용하는 보안 주체를 알 수 없습니다: AWS 설명서 페이지는 {pool_region}에 대해 {listed:을/를} "
        "나열하며, 지금 {ses_region:을/를} 허용하는지는 설명서에 없습니다"
    ),
    "grant.region-not-known": "{pool_region}의 사용자 풀이 {ses_region:을/를} 통해 전송하는지 알 수 없습니다",
    "grant.identity-not-verified": "SES는 확인된 자격 증명에만 정책을 허용합니다",
    "grant.exists": "이 권한을 부여하는 Mailwarden 정책이 이미 있습니다",
    "grant.attach": "SES 리전 {region}의 {identity}에 다음 전송 권한 부여 정책을 연결하세요: {policy}",
    "grant.attach-described": (
        "SES 리전 {region}의 {identity}에 다음 전송 권한 부여 정책을 연결하세요: {principal} 보안 주체가 "
        "{pool:을/를} 위해 "
        "전송하도록 허용하는 정책"
    ),
    "grant.ask-the-table": "먼저 MW202에 따라 {region}의 사용자 풀이 그 SES 리전을 사용할 수 있는지 결정하세요",
    "sparing.replace": (
        "SES 리전 {region}에 있는 {identity}의 {statement:을/를} 이 사용자 풀의 메일을 제외하는 다음 문으로 바꾸세요: "
        "{replacement}"
    ),
    "sparing.add": (
        "SES 리전 {region}에 있는 {identity}의 {statement}의 Condition에서, 기존 값 옆에 이 사용자 풀의 메일을 "
        "제외하는 다음 조건을 추가하세요: {condition}"
    ),
    "sparing.correct": "SES 리전 {region}에 있는 {identity}의 {statement:을/를} 읽을 수 없으므로 수정하거나 제거하세요",
    "advice.further": "그다음 다시 확인하세요. 단계가 {count}개 더 있습니다",
    "consent.given": "동의함: {by}",
    "consent.not-given": "동의하지 않음: {reason}",
    "by-region": "{regions:and}: {value}",
    "MW401.found": "{identity}에 {pool}의 전송을 허용하는 전송 권한 부여 정책이 없습니다",
    "MW401.why": "SES는 자격 증명의 어떤 정책도 허용하지 않는 메일을 거부하지만, Cognito는 그래도 성공을 보고합니다",
    "MW402.found": "{identity}의 전송 권한 부여 정책이 {pool:을/를} 명시적으로 거부합니다",
    "MW402.why": "명시적 Deny는 모든 Allow보다 우선하므로 SES가 메일을 거부합니다",
    "MW403.found": (
        "{identity:이/가} {pool}에 대해 {trusted:and} 보안 주체를 신뢰하지만, 이 사용자 풀은 {needed} 보안 주체로 "
        "전송합니다"
    ),
    "MW403.why": (
        "Cognito가 정책이 지정한 것과 다른 보안 주체로 SES를 호출하므로, SES는 보이는 오류 없이 메일을 거부합니다"
    ),
    "MW404.open": (
        "{identity:이/가} 모든 AWS 고객의 사용자 풀에 열려 있습니다. 정책이 {principal} 보안 주체를 신뢰합니다"
    ),
    "MW404.may-be-open": (
        "{identity:이/가} 모든 AWS 고객의 사용자 풀에 열려 있을 수 있습니다. 정책이 {principal} 보안 주체를 신뢰합니다"
    ),
    "MW404.why": (
        "Cognito는 모든 고객을 위한 하나의 서비스이며, 이 정책 문은 누구의 사용자 풀을 대신할 수 있는지 정하지 않습니다"
    ),
    "MW404.replace": "{statement:을/를} 다음 문으로 바꾸세요: {replacement}",
    "MW404.add-conditions": "{statement}에 조건 aws:SourceAccount {account:과/와} aws:SourceArn을 추가하세요",
    "MW405.everybody": "모든 사람",
    "MW405.open": "{identity:이/가} {whom}에게 이 자격 증명으로 전송하는 것을 허용합니다",
    "MW405.may-be-open": "{identity:이/가} {whom}에게 이 자격 증명으로 전송하는 것을 허용할 수 있습니다",
    "MW405.why": "정책이 허용하는 보안 주체는 모두 자격 증명 소유자의 이름으로 메일을 보냅니다",
    "MW405.remediation": (
        "{whom:이/가} {identity:으로/로} 전송해야 하는 것이 아니라면 {statement}에서 {whom:을/를} 제거하세요"
    ),
    "MW406.gone": "{identity}에 더 이상 없는 사용자 풀의 전송 권한 부여 정책이 있습니다: {pools}",
    "MW406.why": "남아 있는 정책 문이 다음 사용자 풀에 필요한 정책의 공간을 차지합니다",
    "MW406.unsure": "{identity}에 존재하지 않을 수 있는 사용자 풀의 전송 권한 부여 정책이 있습니다: {pools}",
    "MW406.unsure-why": "삭제된 사용자 풀의 남은 정책 문이 다음 사용자 풀에 필요한 정책의 공간을 차지합니다",
    "MW406.unsure-remediation": "이 사용자 풀이 아직 존재하는지 확인하고, 존재하지 않는 것을 정책에서 제거하세요",
    "MW406.steps": "정리하세요: {steps:then}",
    "MW406.delete-policies": "{policies} 삭제",
    "MW406.delete-statements": "{statements:semicolon} 삭제",
    "MW406.take-out": "{statements:semicolon}에서 사용자 풀 제거",
    "MW406.replace": "{statement:을/를} 다음 문으로 교체: {replacement}",
    "MW406.reason": "{pool} ({reason})",
    "MW407.found": "{identity}의 전송 권한 부여 정책이 {pool}의 전송을 허용하는지 판단할 수 없습니다",
    "MW407.why": "결과가 Cognito의 SES 호출에 포함된, AWS 설명서에 없는 값에 달려 있습니다",
    "MW408.found": (
        "{identity}의 전송 권한 부여 정책이 {pool}에 ses:SendEmail과 ses:SendRawEmail을 모두 허용하지는 않습니다"
    ),
    "MW408.why": "설명서에 따르면 Cognito에는 두 작업이 모두 필요하며, SES는 허용되지 않은 작업의 메일을 거부합니다",
    "MW409.missing": "{pool:이/가} 자체 SES(DEVELOPER)를 통해 메일을 보내지만, {role} 역할이 존재하지 않습니다",
    "MW409.why": "Cognito는 DEVELOPER 사용자 풀의 메일을 이 역할로 보내므로 모든 전송이 실패합니다",
    "MW409.remediation": "이 명령을 실행하세요: `aws iam create-service-linked-role --aws-service-name {service}`",
    "MW410.number": "전송 권한 부여 정책 {most}개 중 {number}개",
    "MW410.few-left": "{identity}에 {number:이/가} 있습니다",
    "MW410.full": "{identity}에 길이가 {bytes}바이트에 가까운 정책이 있습니다: {policies}",
    "MW410.why-few": (
        "SES는 정책을 더 허용하지 않고, Mailwarden은 마지막 {left}개를 자격 증명 소유자에게 남겨 두므로, 다음 사용자 "
        "풀에 권한을 부여할 수 없습니다"
    ),
    "MW410.why": "SES는 더 많거나 더 긴 정책을 허용하지 않으므로, 다음 사용자 풀에 권한을 부여할 수 없습니다",
    "MW410.remediation": (
        "SES 리전 {region}에 있는 {identity}의 전송 권한 부여 정책을 더 적은 수로 합치고, 삭제된 사용자 풀의 정책을 "
        "삭제하세요"
    ),
}
