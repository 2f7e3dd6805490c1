"""Korean: errors of settings, of the environment and of the region table."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "environment.not-set": "{name} 환경 변수가 설정되지 않았습니다",
    "environment.two-ways-to-slack": (
        "SLACK_SECRET_ARN과 SLACK_TOKEN_SECRET_ARN이 모두 설정되어 있습니다. 웹후크와 토큰 중 하나만 사용하세요"
    ),
    "environment.no-queue": "대기열 {queue}의 주소가 있는 환경 변수가 없습니다",
    "settings.not-read": "{code}: ssm:GetParameter {parameter}",
    "settings.no-history": "{problem}; {code}: ssm:GetParameterHistory",
    "settings.no-history-either": "{problem}; 그 기록도 읽을 수 없습니다({code}: ssm:GetParameterHistory)",
    "settings.no-valid-version": "{problem}; SSM에 남아 있는 버전 중 유효한 것이 없습니다",
    "settings.no-rule": "{member:은/는} 이 릴리스의 규칙 ID가 아닙니다",
    "settings.no-local-part": "{member:은/는} no-reply처럼 주소의 @ 앞부분이어야 합니다",
    "settings.steps": (
        "{member:은/는} 순서대로 커져야 합니다. elevated는 high보다, high는 AWS가 조치하는 {review}보다 작아야 합니다"
    ),
    "settings.type": "{member:은/는} {type}이어야 합니다",
    "settings.enum": "{member:은/는} {choices} 중 하나여야 합니다",
    "settings.required": "{member}에 {missing:이/가} 있어야 합니다",
    "settings.unknown-members": "{member}에 {unknown:이/가} 있어서는 안 됩니다",
    "settings.maximum": "{member:은/는} {limit} 이하여야 합니다",
    "settings.minimum": "{member:은/는} {limit} 이상이어야 합니다",
    "settings.exclusiveMinimum": "{member:은/는} {limit}보다 커야 합니다",
    "settings.minItems": "{member}에 값이 {limit}개 이상 있어야 합니다",
    "settings.minLength": "{member:은/는} {limit}자 이상이어야 합니다",
    "settings.oneOf": '{member:은/는} "account" 또는 사용자 풀 ID 목록이어야 합니다',
    "settings.route-tag": "{member:은/는} 알림에 없는 태그입니다. applicationTags의 값: {tags}",
    "settings.channel": "{member:은/는} C0123456789와 같은 Slack 채널 ID여야 합니다",
    "settings.region": "{member:은/는} eu-west-1과 같은 리전이어야 합니다",
    "settings.pattern": "{member:은/는} 와일드카드가 없는 IAM 역할, IAM 사용자 또는 역할 세션의 ARN이어야 합니다",
    "settings.refused": "{member:이/가} 스키마와 일치하지 않습니다({rule})",
    "region-table.twice": "{regions:이/가} 표의 여러 부분에 있습니다",
    "region-table.no-region": "{path:은/는} 리전의 이름이 아닙니다",
    "region-table.no-member": "{path:은/는} 행의 멤버가 아닙니다. 행의 멤버: {members}",
    "region-table.no-ses-region": "{path:이/가} SES 리전을 지정하지 않습니다",
    "region-table.no-principal": "{path:이/가} 없으며, 이 파티션의 보안 주체를 밝힌 페이지가 없습니다",
    "region-table.region-twice": "{path:이/가} 한 리전을 두 번 지정합니다",
}
