"""Korean: errors of questions and orders of a person."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "question.no-pool": "{member}의 값 {value:은/는} 사용자 풀의 ID도 ARN도 아닙니다",
    "question.no-members": "{member}에 멤버가 있어서는 안 됩니다",
    "question.unknown-members": "{member}에 알 수 없는 멤버가 있습니다: {unknown}",
    "question.other-account": "{member:은/는} 계정 {account}의 사용자 풀을 가리키지만, 이 계정은 {ours}입니다",
    "question.other-region": "{member:은/는} {region}이지만, ARN은 {named:을/를} 가리킵니다",
    "order.unknown": "요청은 다음 멤버 중 정확히 하나가 있는 객체입니다: {orders}",
    "order.empty": "{member:이/가} 비어 있습니다. 저널은 누가 무엇을 왜 요청했는지 기록합니다",
    "order.encoded": "{member:이/가} {most}번 넘게 URL 인코딩되어 있습니다. 풀어서 쓰세요",
    "order.no-region": "{member:이/가} 없습니다. 리전마다 금지 목록이 따로 있습니다",
    "order.nothing-to-set": "{member}에 설정할 것이 없습니다: {settable:or}",
    "order.one-wish": "{member}에 {wishes:and:이/가} 있습니다. 요청에는 그중 하나만 있어야 합니다",
    "order.foreign-identity": (
        "{member:은/는} 계정 {account}의 자격 증명을 가리키지만, 이 계정은 {ours}입니다. Cognito는 사용자 풀 자신의 "
        "계정에 있는 자격 증명으로만 전송합니다"
    ),
    "order.release-members": "{member}에 멤버 by가 있어야 하며, budget(true)과 pool 중 하나가 있어야 합니다",
    "order.other-account": "{member:은/는} 계정 {account}의 사용자 풀을 가리킵니다",
}
