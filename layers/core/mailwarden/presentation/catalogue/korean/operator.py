"""Korean: answers to people about a diagnosis, an undo, a pool's sender, and a suppressed address."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "sender.custom-lambda": "사용자 지정 이메일 발신자 Lambda 트리거가 모든 메일을 받습니다: {function}",
    "sender.no-source-arn": "EmailSendingAccount가 DEVELOPER이지만 SourceArn이 설정되지 않았습니다",
    "sender.no-identity-name": "SourceArn이 SES 자격 증명이 될 수 없는 이름을 가리킵니다",
    "sender.unknown-mode": "EmailSendingAccount에 이 버전이 모르는 값이 있습니다",
    "sender.default": "이 계정의 자격 증명 없이 Cognito 기본 이메일 기능을 사용합니다",
    "sender.default-with-from": "이 계정의 FROM으로 Cognito 기본 이메일 기능을 사용합니다",
    "suppressed.bounce": "{since}부터, 이 주소로 보낸 메일이 반송되었기 때문",
    "suppressed.complaint": "{since}부터, 주소의 소유자가 메일을 스팸으로 표시했기 때문",
    "suppressed.other": "{since}부터, SES가 밝힌 이유: {reason}",
    "suppressed-entry": "{reason}, {since}부터",
    "configuration-set.by-name": "구성 세트 {name}",
    "address.list-unreadable": "주소가 {region}의 SES 계정 금지 목록에 있는지 알 수 없습니다({refusal})",
    "address.not-listed": "주소가 {region}의 SES 계정 금지 목록에 없습니다",
    "address.effect-unknown": (
        "주소가 {region}의 SES 계정 금지 목록에 있습니다({entry}). 이것이 이 사용자 풀의 메일에 영향을 주는지는 알 수 "
        "없습니다({refusal})"
    ),
    "address.not-sent": "이 주소로 가는 메일을 {region}의 SES가 수락하지만 보내지 않습니다({entry})",
    "address.sent-reason-off": (
        "주소가 {region}의 SES 계정 금지 목록에 있지만({entry}), {by:이/가} {off}에 대한 금지 목록을 끄므로 SES가 "
        "메일을 보냅니다"
    ),
    "address.sent-suppression-off": (
        "주소가 {region}의 SES 계정 금지 목록에 있지만({entry}), {by:이/가} 금지 목록을 끄므로 SES가 메일을 보냅니다"
    ),
    "address.custom-sender": "{reason}; 이 경로는 사용되지 않으며, 그 함수가 무엇을 하는지 알 수 없습니다",
    "address.no-identity": "사용자 풀이 전송할 자격 증명을 지정하지 않습니다: {reason}",
    "address.foreign-identity": "사용자 풀이 이 계정이 아닌 계정 {account}의 자격 증명을 지정합니다",
    "address.list-of-cognito": (
        "{reason}; 메일이 Cognito의 SES 계정을 통해 나가며, 그 금지 목록은 읽거나 지울 수 없습니다"
    ),
    "address.global-list": (
        "SES에는 조회할 수 없는 전역 금지 목록도 있습니다. 어떤 고객에게든 반송된 주소는 최대 14일 동안 이 목록에 있을 "
        "수 있습니다"
    ),
    "diagnosis.last-check": (
        "단, 변경 직전의 점검이 금지하지 않는 경우(배포가 소유함, 다른 주체가 변경을 되돌림, 한도를 모두 사용함)"
    ),
    "diagnosis.same-refusal": "다른 조사 결과가 같은 읽기 거부를 보고합니다",
    "undo.unknown-entry": "저널에 이 ID의 항목이 없습니다",
    "undo.other-account": "이 항목은 계정 {account}에 관한 것입니다",
    "undo.role": (
        "서비스 연결 역할의 생성은 실행 취소할 수 없습니다. AWS는 어떤 사용자 풀도 사용하지 않을 때만 역할을 삭제합니다"
    ),
    "undo.suppression": (
        "금지 목록에서 주소를 제거한 것은 실행 취소할 수 없습니다. 다시 넣으려면 다음을 사용하세요: `aws sesv2 "
        "put-suppressed-destination`"
    ),
    "undo.is-an-undo": "이 항목 자체가 {entry_id}의 실행 취소입니다. 복구된 상태로 돌아가려면 직접 구성을 변경하세요",
    "undo.open": "이 변경의 결과를 아직 알 수 없습니다. 이 리소스를 다음에 변경할 때 확정됩니다",
    "undo.not-written": "이 항목은 완료된 변경에 관한 것이 아닙니다: {reason}",
    "undo.already": "이 항목은 항목 {entry_id:으로/로} 이미 실행 취소되었습니다",
    "undo.too-old": "이 항목은 {days}일보다 오래되었습니다",
    "undo.unreadable": "현재 상태를 읽을 수 없으며, Mailwarden은 읽을 수 없는 것은 변경하지 않습니다: {refusal}",
    "undo.pool-gone": "사용자 풀이 삭제되었습니다",
    "undo.identity-gone": "자격 증명이 삭제되었습니다",
    "undo.configuration-changed": (
        "사용자 풀의 EmailConfiguration이 이 항목이 적용한 것과 다릅니다. 그 후 변경되었습니다"
    ),
    "undo.risk-changed": "사용자 풀의 위험 구성이 이 항목이 적용한 것과 다릅니다. 그 후 변경되었습니다",
    "undo.policy-edited": (
        "{policies:and} 정책이 그 후 편집되었으며, Mailwarden은 다른 주체가 편집한 것을 변경하지 않습니다"
    ),
    "undo.granted-again": "이 항목이 부여한 권한을 {entries:and:이/가} 다시 부여했습니다. 그 항목을 실행 취소하세요",
    "undo.nothing-left": "이 항목이 부여한 권한이 자격 증명의 정책에 남아 있지 않습니다",
    "undo.not-judged": "{pool:을/를} 판단할 수 없으며, 실행 취소로 메일이 더 나빠져서는 안 됩니다",
    "undo.worse": "규칙은 이전 구성이 더 나쁘다고 판단합니다. 실행 취소 전: {now}, 후: {after}",
    "undo.worse-finding": "규칙은 이전 구성이 더 나쁘다고 판단합니다: {finding} ({rule})",
    "undo.not-concluded": "이 리소스에 대한 이전 변경의 결과를 아직 알 수 없습니다. 2분 후 다시 시도하세요",
    "undo.busy": "다른 프로세스가 이 리소스를 변경하고 있습니다. 잠시 후 다시 시도하세요",
    "undo.pools-busy": "간섭 없이 사용자 풀을 점검할 수 없었습니다. 잠시 후 다시 시도하세요",
    "undo.refused": "아무것도 실행 취소하지 않았습니다: {reason}",
    "undo.planned": "아직 아무것도 변경하지 않았습니다. 항목을 실행 취소하려면 확인하세요",
    "undo.done": (
        "항목을 실행 취소했고, 다시 읽어 확인했습니다. 구성이 변경될 때까지 Mailwarden은 이 복구를 다시 수행하지 "
        "않습니다"
    ),
    "undo.failed": "아무것도 실행 취소하지 않았습니다: {reason}",
    "undo.not-certain": "항목이 실행 취소되었는지 확실하지 않습니다: {reason}",
    "undo.found-later": "이전 호출이 끝나지 않았습니다. 그 결과: {result}",
    "order.undo": "실행 취소: {title} (이유: {reason})",
    "order.undo-without-reason": "실행 취소: {title}",
    "order.set-sender": "운영자의 요청으로 사용자 풀의 발신자 설정 (이유: {reason})",
    "order.set-sender-without-reason": "운영자의 요청으로 사용자 풀의 발신자 설정",
    "order.restore": "운영자의 요청으로 사용자 풀의 마지막 정상 발신자 복원 (이유: {reason})",
    "order.restore-without-reason": "운영자의 요청으로 사용자 풀의 마지막 정상 발신자 복원",
    "order.restore-notices": (
        "운영자의 요청으로 사용자 풀의 마지막으로 알려진 위협 방지 알림 발신자 복원 (이유: {reason})"
    ),
    "order.restore-notices-without-reason": (
        "운영자의 요청으로 사용자 풀의 마지막으로 알려진 위협 방지 알림 발신자 복원"
    ),
    "restore.only-notices-lost": (
        "사용자 풀이 마지막 정상 발신자에서 잃은 것이 없습니다. 위협 방지 알림의 발신자를 잃었습니다: "
        "`make restore POOL={id} NOTICES=yes`"
    ),
    "restore.no-notices-lost": "위협 방지가 알림의 발신자를 잃지 않았습니다",
    "restore.notices-not-known": (
        "이전 위험 구성 전체를 알 수 없습니다. 이전 버전이 마지막으로 읽었거나, 100,000바이트보다 크거나, 이 SDK가 "
        "모르는 멤버가 있습니다. 콘솔이나 소스에서 설정하세요"
    ),
    "restore.notices-doubt": "복원한 발신자로 알림이 전송되지 않을 수 있습니다. {rule:을/를} 참조하세요",
    "restore.nothing-lost": "사용자 풀이 마지막 정상 발신자에서 잃은 것이 없습니다",
    "restore.accepted": ("지금부터 사용자 풀의 현재 발신자를 올바른 것으로 봅니다. 사용자 풀은 변경하지 않았습니다"),
    "set-sender.refused": "아무것도 변경하지 않았습니다: {reason}",
    "set-sender.unchanged": "사용자 풀에 이미 이 발신자가 설정되어 있습니다. 아무것도 변경하지 않았습니다",
    "set-sender.planned": "아직 아무것도 변경하지 않았습니다. 아래 설정 외에는 아무것도 변경되지 않습니다",
    "set-sender.written": "발신자를 설정했고, 다시 읽어 확인했습니다. 아래 설정 외에는 아무것도 변경되지 않았습니다",
    "set-sender.not-certain": "발신자가 설정되었는지 확실하지 않습니다: {reason}",
    "set-sender.no-pool": "{regions:or}에 사용자 풀 {pool:이/가} 존재하지 않습니다",
    "set-sender.other-name": "사용자 풀 {pool}의 이름이 {wanted}에서 다른 이름으로 바뀌었습니다. ID로 풀을 지정하세요",
    "set-sender.unreadable": (
        "사용자 풀을 읽을 수 없으며, Mailwarden은 읽을 수 없는 것은 변경하지 않습니다: {refusals:semicolon}"
    ),
    "set-sender.no-row": (
        "{region}의 사용자 풀이 사용할 수 있는 SES 리전을 알 수 없습니다. 리전이 포함된 ARN으로 자격 증명을 지정하세요"
    ),
    "set-sender.no-identity": (
        "사용자 풀이 사용할 수 있는 SES 리전({regions:or})에 {identity} 자격 증명이 존재하지 않습니다. 주소의 "
        "도메인만 확인된 경우 도메인을 자격 증명으로, 주소를 FROM으로 지정하세요"
    ),
    "set-sender.identity-unreadable": "{identity} 자격 증명이 존재하는지 읽을 수 없습니다: {refusal}",
    "set-sender.unwatched": (
        "사용자 풀 {pool:은/는} WatchedRegions에 없는 {regions:or}에 있을 수 있습니다. Mailwarden은 그곳에서 읽지도 "
        "변경하지도 않습니다"
    ),
    "set-sender.unknown-mode": (
        "사용자 풀의 EmailSendingAccount에 이 버전이 모르는 값이 있습니다. 자격 증명도 지정하세요"
    ),
    "set-sender.from-with-default": (
        "Cognito는 SES를 통해 보내는 사용자 풀에만 FROM을 허용합니다. 자격 증명도 지정하세요"
    ),
    "set-sender.set-with-default": (
        "Cognito는 SES를 통해 보내는 사용자 풀에만 구성 세트를 사용합니다. 자격 증명도 지정하세요"
    ),
    "set-sender.mail-factor": (
        "사용자 풀은 Cognito 기본 이메일 기능을 사용할 수 없습니다. 로그인에 {factor:이/가} 필요하며, AWS는 이 경우 "
        "자체 SES 자격 증명을 요구합니다"
    ),
    "set-sender.mail-factor-unknown": (
        "로그인에 두 번째 인증 요소로 이메일이 필요하면 사용자 풀은 Cognito 기본 이메일 기능을 사용할 수 없으며, 이를 "
        "읽을 수 없습니다: {refusal}"
    ),
    "set-sender.loses-mail": (
        "이 설정으로는 사용자 풀이 메일을 확실히 보낼 수 없습니다. 현재: {now}, 이후: {after}. 아래 조사 결과에 원인이 "
        "있으니 먼저 제거하세요"
    ),
    "set-sender.worse": "규칙은 새 발신자가 더 나쁘다고 판단합니다. 현재: {now}, 이후: {after}",
    "set-sender.worse-finding": "규칙은 새 발신자가 더 나쁘다고 판단합니다: {finding} ({rule})",
    "set-sender.needs-consent": "{reason}. 그래도 적용하려면 ALTHOUGH_WORSE=yes를 추가하세요",
    "set-sender.still-broken": (
        "사용자 풀은 현재 메일을 보낼 수 없으며, 이후에도 보낼 수 있는지 확실하지 않습니다: {after}"
    ),
    "set-sender.default-limit": (
        "Cognito 기본 이메일 기능은 계정의 모든 사용자 풀을 합해 하루 {limit}통을 허용하고, "
        "no-reply@verificationemail.com으로 보내며, 사용자 지정 메시지를 보장하지 않습니다"
    ),
    "set-sender.owned": (
        "사용자 풀의 소유자: {owner}. 그 소스에도 발신자를 설정하세요. 그러지 않으면 배포가 이전 발신자를 다시 "
        "설정합니다"
    ),
    "unsuppress.not-listed": "주소가 목록에 없습니다. 아무것도 제거하지 않았습니다",
    "unsuppress.not-known": "목록을 읽을 수 없어 아무것도 제거하지 않았습니다: {refusal}",
    "unsuppress.needs-consent": "주소가 목록에 있습니다({entry}). 아직 아무것도 제거하지 않았습니다: {lacks:semicolon}",
    "unsuppress.lacks.confirm": '제거하려면 "confirm": true를 추가하여 다시 요청하세요',
    "unsuppress.lacks.although_complaint": (
        '주소의 소유자가 메일을 스팸으로 표시했고 더 받기를 원하지 않습니다. "although_complaint": true도 필요합니다'
    ),
    "unsuppress.too-soon": (
        "주소는 {removed}에 제거되었고(저널 항목 {entry_id}) 다시 목록에 있습니다({entry}). 다시 반송되는 주소는 "
        "평판을 떨어뜨리므로 {days}일에 한 번만 제거할 수 있습니다. 다음 가능 시각: {again}. 아무것도 제거하지 "
        "않았습니다"
    ),
    "unsuppress.under-way": (
        "조금 전에 이 주소의 다른 제거가 시작되었습니다. 아무것도 제거하지 않았습니다. 2분 후 다시 시도하세요"
    ),
    "unsuppress.under-way-since": (
        "{since}에 이 주소의 다른 제거가 시작되었습니다. 아무것도 제거하지 않았습니다. 2분 후 다시 시도하세요"
    ),
    "unsuppress.carried-out": "{result} (목록에 있던 기간: {entry}; 저널 항목 {entry_id})",
    "unsuppress.found-later": (
        "이전 호출이 끝나지 않았습니다. 그 결과: {result} (목록에 있던 기간: {entry}; 저널 항목 {entry_id})"
    ),
    "unsuppress.removed": "주소를 제거했으며, 더 이상 목록에 없습니다",
    "unsuppress.drifted": "아무것도 제거하지 않았습니다: {reason}",
    "unsuppress.refused": "주소를 제거하지 못했습니다: {reason}",
    "unsuppress.list-unreadable": "목록을 읽을 수 없으며, Mailwarden은 읽을 수 없는 것을 제거하지 않습니다: {refusal}",
    "unsuppress.removed-by-another": "그사이 다른 주체가 목록에서 주소를 제거했습니다",
    "unsuppress.another-entry": "이제 목록에 이 주소의 다른 항목이 있습니다: {entry}",
    "unsuppress.still-listed": "SES가 제거를 수락했지만 주소가 목록에 있습니다: {entry}",
    "unsuppress.not-verified": "제거를 보냈지만 목록을 읽지 못했으므로, 적용되었는지 알 수 없습니다: {refusal}",
    "unsuppress.throttled": "{refusal}; 아무것도 제거하지 않았습니다. 잠시 후 다시 시도하세요",
    "unsuppress.denied": "{refusal}; 함수의 역할 또는 그 상위의 정책이 허용하지 않습니다",
    "release.budget": (
        "이번 시간에는 계정의 한도가 복구를 제한하지 않습니다. 사용자 풀별 한도는 유지됩니다. 대기 중이던 복구: "
        "{count}건"
    ),
    "release.fights": "{pool} 사용자 풀의 일시 중지된 복구 {count}건을 해제했습니다",
    "release.busy": "{pool} 사용자 풀의 복구가 진행 중입니다. 아무것도 해제하지 않았습니다. 2분 후 다시 시도하세요",
    "switch.stop": "배포하더라도 `make start`를 실행할 때까지 복구가 중지됩니다",
    "switch.start": "복구를 다시 실행할 수 있습니다",
    "history.cut": (
        "이벤트 {count}개 중 최근 {shown}개만 표시합니다. 더 짧은 기간으로 다시 요청하거나 `make journal`을 참조하세요"
    ),
    "history.more-entries": "저널에 이 풀에 대한 항목이 더 있습니다. `make journal`을 참조하세요",
    "history.no-look": "이 풀의 점검 기록이 없습니다. 풀이 삭제되었거나 점검된 적이 없습니다",
    "history.findings": "종료된 조사 결과는 90일 동안 보관하며, 다시 발생한 조사 결과는 마지막 것만 보관합니다",
    "history.shared": "여러 풀이 사용하는 대상에 대한 종료된 조사 결과가 어느 풀에 영향을 주었는지는 보관하지 않습니다",
    "history.consents": (
        "자격 증명의 태그로 준 동의는 점검할 때마다 읽고 보관하지 않습니다. `make why POOL=…`를 참조하세요"
    ),
    "history.calls": (
        "호출은 그것이 설명하는 조사 결과 및 발신자와 함께 보관합니다. 그 밖의 모든 호출은 CloudTrail에 있습니다"
    ),
    "sample.topic": "알림 주제",
    "sample.chat": "Slack 대기열",
    "sample.bus": "이벤트 버스",
    "sample.amazon-q": "Amazon Q Developer 주제",
    "sample.security-hub": "Security Hub",
    "sample.sent": "예시 알림을 {channels:and:으로/로} 보냈습니다",
    "sample.not-sent": "예시 알림을 보내지 못했습니다: {failures:semicolon}",
    "sample.partly-sent": "예시 알림을 {channels:and:으로/로}만 보냈습니다: {failures:semicolon}",
    "sample.failed": "{channel} 실패({error})",
    "switch.no-stop": "복구를 중지한 운영자가 없습니다",
    "unsuppress.call-died": "이전 호출이 끝나지 않았으며, 항목이 그대로 목록에 있습니다",
    "unsuppress.call-died-and-listed-again": (
        "이전 호출이 끝나지 않았습니다. 주소가 {since}부터 다른 항목으로 목록에 있습니다. 제거된 후 다시 등록되었을 수 "
        "있습니다"
    ),
}
