"""Korean: what the evaluation of sending policies says, and why a grant cannot be written."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "statement": '정책 "{policy}"의 {number}번 문',
    "statement.sid": '정책 "{policy}"의 {number}번 문(Sid "{sid}")',
    "statement.document": '정책 "{policy}"',
    "mismatch.action": "{action} 작업을 포함하지 않습니다({element}: {listed})",
    "mismatch.principal": "{principal} 보안 주체를 지정하지 않습니다({element}: {listed})",
    "mismatch.resource": "Resource가 이 자격 증명이 아닙니다({listed})",
    "mismatch.null": "{key}에 대한 Null 조건이 충족되지 않습니다({values})",
    "mismatch.key-absent": "요청에 {key} 키가 없으며, {operator} 연산자는 이를 {values} 값과 비교합니다",
    "mismatch.condition": "{key}의 값은 {actual}이며, {operator} 연산자는 이를 {values} 값과 비교합니다",
    "doubt": "{path}: {reason}",
    "doubt.document": "문서: {reason}",
    "policy.element-twice": "요소를 두 번 지정합니다",
    "policy.not-an-object": "객체가 아닙니다",
    "policy.not-json": "JSON이 아닙니다",
    "policy.unknown-element": "정책 언어의 요소가 아닙니다",
    "policy.unknown-version": "정책 언어의 버전이 아닙니다",
    "policy.not-a-string": "문자열이 아닙니다",
    "policy.no-statements": "없거나 비어 있거나, 객체도 목록도 아닙니다",
    "policy.no-effect": "Allow도 Deny도 아닙니다",
    "policy.has-both": "{element:과/와} {negation:이/가} 모두 있습니다",
    "policy.has-neither": "{element:과/와} {negation:이/가} 모두 없습니다",
    "policy.no-principals": '"*"도 아니고 보안 주체의 객체도 아닙니다',
    "policy.unknown-principal-kind": "보안 주체의 유형이 아닙니다",
    "policy.key-twice": "조건 키를 두 번 지정합니다",
    "policy.wrong-type": "잘못된 유형의 값이 있습니다",
    "policy.empty-list": "빈 목록입니다",
    "policy.uses-variable": "정책 변수를 사용합니다",
    "policy.unknown-operator": "{operator} 조건 연산자를 알 수 없습니다",
    "policy.opaque-values": "숫자, 날짜, IP 주소 또는 바이트",
    "policy.opaque": "{operator} 연산자는 {family:을/를} 비교하며, 서비스의 요청에는 이것이 없을 수 있습니다",
    "policy.unknown-value": "이러한 요청에서 {key}의 값을 알 수 없습니다",
    "policy.null-value": "Null을 true도 false도 아닌 값과 비교합니다",
    "policy.null-empty": "{key} 키가 비어 있으며, AWS가 이를 null로 취급하는지는 설명서에 없습니다",
    "policy.several-values": "{key}에 여러 값이 있고 연산자에 집합 한정자가 없습니다",
    "policy.does-not-fit": "{operator} 연산자가 {key}의 값에 맞지 않습니다",
    "policy.no-service-prefix": "서비스 접두사가 없는 작업이 있습니다",
    "policy.may-mean-principal": "{principal} 보안 주체를 뜻할 수도, 아닐 수도 있습니다",
    "policy.may-mean-identity": "이 자격 증명을 뜻할 수도, 아닐 수도 있습니다",
    "policy.condition": "{operator} {key} {values}",
    "policy.narrower": "{statement}: {conditions:and}",
    "policy.allows": "{statement:이/가} {action} 작업을 허용합니다",
    "policy.denies": "{statements:semicolon:이/가} {action} 작업을 명시적으로 거부합니다",
    "policy.no-statement": "{action} 작업을 허용하는 문이 없습니다",
    "policy.nearest-statement": (
        "{action} 작업을 허용하는 문이 없습니다. {statement:이/가} 허용하지 않는 이유: {reasons:semicolon}"
    ),
    "policy.undecidable": "{action} 작업이 허용되는지 판단할 수 없습니다: {statement}, {reasons:semicolon}",
    "grant.no-room": (
        "자격 증명에 정책이 {count}개 있고 SES는 {most}개까지 허용하며, Mailwarden은 마지막 {left}개를 자격 증명 "
        "소유자에게 남겨 둡니다"
    ),
    "grant.identity-not-plain": "자격 증명의 ARN이 한 리전의 일반적인 이름 하나가 아닙니다",
    "grant.not-a-cognito-principal": "{principal} 값은 Cognito가 전송에 사용하는 보안 주체가 아닙니다",
    "grant.not-one-pool": "{pool:은/는} 사용자 풀 하나의 전체 ARN이 아닙니다",
    "grant.pool-of-another-account": "{pool:은/는} 다른 계정의 사용자 풀입니다",
}
