"""Korean: why a write was refused, came too late, or had an effect it should not have had."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "write.pool-not-expressible": "UpdateUserPool로 현재의 사용자 풀을 표현할 수 없습니다: {problem}",
    "write.also-changed": "변경 후 다음 멤버가 올바르지 않습니다: {members}",
    "write.not-verified": "AWS가 변경을 수락했지만 결과를 읽지 못했으므로, 적용되었는지 알 수 없습니다: {code}",
    "write.not-visible": "AWS가 변경을 수락했지만 아직 읽은 결과에 나타나지 않습니다. 나중에 다시 비교합니다",
    "write.pool-of-another-account": "사용자 풀이 계정 {account}에 있습니다",
    "write.no-change": "변경해도 달라지는 것이 없습니다",
    "write.unknown-mode": "설정하려는 EmailSendingAccount를 이 버전이 알지 못합니다",
    "write.from-on-default-sender": "Cognito는 COGNITO_DEFAULT에서 From을 허용하지 않습니다",
    "write.no-source-arn": "DEVELOPER에는 SourceArn이 필요합니다",
    "write.bound-to-a-key": (
        "사용자 풀이 KMS 키에 연결되어 있습니다({members}). Mailwarden은 이러한 사용자 풀을 변경하지 않습니다"
    ),
    "write.email-mfa": "사용자 풀이 이메일로 MFA 코드를 보내지만, COGNITO_DEFAULT는 이를 지원하지 않습니다",
    "write.pool-not-valid": "SDK가 읽은 그대로의 사용자 풀을 허용하지 않습니다: {error}",
    "write.refused": "AWS가 {action} 호출을 거부했습니다: {error}",
    "write.refused-by-aws": "AWS가 거부했습니다: {error}",
    "write.pool-gone": "사용자 풀이 삭제되었습니다",
    "write.email-moved": "그사이 EmailConfiguration이 변경되었습니다: {members}",
    "write.risk-moved": "그사이 위험 구성이 변경되었습니다: {members}",
    "write.risk-not-valid": "SDK가 위험 구성을 허용하지 않습니다: {error}",
    "write.pool-moved": "두 번의 읽기 사이에 사용자 풀이 변경되었습니다: {members}",
    "write.pool-written": "두 번의 읽기 사이에 다른 주체가 사용자 풀을 변경했습니다",
    "write.no-response": "AWS가 변경 요청에 응답하지 않았으며, 적용되었는지 알 수 없습니다: {reason}",
    "write.email-not-understood": "사용자 풀의 EmailConfiguration이 유효하지 않습니다: {error}",
    "write.unknown-members": "사용자 풀에 이 버전의 SDK가 모르며 초기화하게 될 멤버가 있습니다: {members}",
    "change.too-large": (
        "저널이 이 변경과 되돌릴 내용을 보관할 수 없으므로 사람이 변경해야 합니다. 크기는 {size}바이트이고, 저널은 "
        "최대 {limit}바이트를 보관합니다"
    ),
    "change.not-a-text": (
        "저널이 이 변경과 되돌릴 내용을 보관할 수 없으므로 사람이 변경해야 합니다. 올바른 유니코드가 아닌 텍스트가 "
        "있습니다"
    ),
    "write.read-refused": "{action} 호출이 거부되었으며, Mailwarden은 읽을 수 없는 것은 변경하지 않습니다: {error}",
    "write.policies-moved": "그사이 다음 정책이 변경되었습니다: {policies}",
    "write.out-of-time": "나머지를 처리할 시간이 없었습니다",
    "write.partly": "{policies}만 변경했습니다; {reason}",
    "write.policies-wrong": "변경 후 다음 정책이 올바르지 않습니다: {policies}",
    "write.identity-of-another-account": "자격 증명이 계정 {account}에 있습니다",
    "write.other-policies": "변경 전과 후에 지정된 정책이 같지 않습니다",
    "write.foreign-policies": "다음 정책은 Mailwarden의 것이 아닙니다: {policies}",
    "write.identity-moved": "그사이 자격 증명 또는 그 정책이 변경되었습니다: {error}",
    "write.role-of-another-account": "역할이 계정 {account}에 속합니다",
    "write.role-exists": "{role} 역할이 이미 존재합니다",
}
