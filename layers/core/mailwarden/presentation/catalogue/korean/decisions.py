"""Korean: why nothing is written, or what came of a write; and the titles of what is written."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "decision.another-repair-first": "{rule}의 복구를 먼저 수행합니다",
    "decision.undone": (
        "{at}에 사람이 복구를 실행 취소했습니다(저널 항목 {entry_id}). Mailwarden은 사용자 풀의 EmailConfiguration이나 "
        "자격 증명의 정책 또는 태그가 변경되거나, 문제가 사라졌다가 다시 발생하는 경우에만 다시 복구합니다"
    ),
    "decision.rule-off": "설정에서 {rule:이/가} 꺼져 있습니다",
    "decision.pool-exempt": "사용자 풀이 제외되어 있습니다: {exemption}",
    "decision.identity-exempt": "{region}의 {name} 자격 증명이 제외되어 있습니다: {exemption}",
    "decision.note": "{rule:은/는} 알림이 아니라 보고용 규칙입니다",
    "decision.no-fix": "Mailwarden이 자동으로 수정할 수 없으므로 사람이 조치해야 합니다",
    "decision.settings-closed": "설정을 신뢰할 수 없습니다: {problem}",
    "decision.stopped": "{by} 운영자가 {since}에 복구를 중지했습니다. `make start`로 재개합니다",
    "decision.repair-mode-off": "RepairMode가 off입니다",
    "decision.rule-only-reports": "설정에서 {rule:은/는} 보고만 하도록 되어 있습니다",
    "decision.fix-not-safe": (
        "RepairMode가 safe이고, Mailwarden은 이 수정이 여기에서 안전하다고 판단하지 않습니다: {reason}"
    ),
    "decision.own-policy-edited": "{policies:and} 정책이 편집되었습니다. Mailwarden은 정책을 더 추가하지 않습니다",
    "law.not-judged": "판단하지 않았습니다",
    "law.lost": "메일이 여전히 유실됩니다: {finding} ({rule})",
    "law.unknown": "메일이 전송될지 알 수 없습니다: {finding} ({rule})",
    "law.new-finding": "다른 문제가 발생합니다: {finding} ({rule})",
    "law.worse": "문제가 더 나빠집니다: {finding} ({rule})",
    "law.first": "먼저: {first}. 그다음: {then}",
    "law.no-effect": "문제가 그대로 남습니다",
    "law.gives-more": "이 사용자 풀 외의 대상에도 전송이 허용됩니다",
    "law.overrides": "소유자의 조건을 무시하게 됩니다: {words:semicolon}",
    "law.owner-not-known": "자격 증명의 소유자가 무엇을 허용하는지 알 수 없습니다",
    "law.edited": "Mailwarden의 {policies:and} 정책이 편집되었으며, 별도의 정책으로 권한이 부여됩니다",
    "decision.fix-manual": "이 수정은 사람이 수행해야 합니다. {reason}",
    "decision.identity-unreadable": "{identity:을/를} 읽을 수 없습니다",
    "decision.no-consent": "자격 증명의 소유자가 이 사용자 풀의 사용에 동의하지 않았습니다: {consent}",
    "decision.unknown-members": "사용자 풀에 이 SDK가 모르는 멤버가 있습니다: {members}",
    "exemption.tags-unreadable": "태그를 읽을 수 없습니다({refusal})",
    "exemption.not-a-date": "태그 {tag}의 until={until:은/는} 날짜가 아닙니다",
    "exemption.unreadable": (
        "{tag} 태그의 값 '{value}' 전체를 읽을 수 없습니다. off 또는 report, 그다음 until=YYYY-MM-DD, 그다음 reason= "
        "순서여야 하며 다른 내용은 없어야 합니다"
    ),
    "exemption.key": "{key} 태그를 읽을 수 없습니다. 태그 키는 대소문자를 구분하며, 올바른 태그는 {tag}입니다",
    "exemption.tag": "태그 {tag}={word}",
    "exemption.tag-with-reason": "태그 {tag}={word} ({reason})",
    "consent.settings": "설정에 이 사용자 풀이 사용할 자격 증명으로 지정되어 있습니다",
    "consent.tag-account": "자격 증명의 태그 {tag}={value}",
    "consent.tag-pool": "자격 증명의 {tag} 태그가 {pool:을/를} 지정합니다",
    "consent.tag-unreadable": (
        "자격 증명의 {tag} 태그 값 '{value}' 전체를 읽을 수 없습니다. account 또는 사용자 풀 ID여야 하며 다른 내용은 "
        "없어야 합니다"
    ),
    "consent.tag-key": (
        "자격 증명의 {key} 태그를 읽을 수 없습니다. 태그 키는 대소문자를 구분하며, 올바른 태그는 {tag}입니다"
    ),
    "consent.statement": "{statement:이/가} 이미 이 사용자 풀을 지정합니다",
    "consent.identity-unreadable": "자격 증명을 읽을 수 없습니다",
    "consent.not-looked-at": "점검하지 않았습니다",
    "consent.none": (
        "자격 증명에 이 사용자 풀에 대한 {tag} 태그가 없고, 설정에 지정되어 있지 않으며, 이 사용자 풀을 지정하는 "
        "Allow 문도 없습니다"
    ),
    "guard.fight": (
        "이 변경은 {count}번 적용했고 매번 되돌려졌습니다. 마지막으로 되돌린 것: {by}. Mailwarden은 {goes_on} "
        "다시 적용합니다(MW903 참조)"
    ),
    "fight.by": "{actor}의 {event} 호출({agent})",
    "fight.by-unknown": "알 수 없는 호출",
    "fight.until": "{at} 이후에",
    "fight.until-released": "사람이 해제한 후에",
    "guard.owned": "사용자 풀을 코드형 인프라가 소유합니다: {owner}",
    "guard.owned-set": "구성 세트를 코드형 인프라가 소유합니다: {owner}",
    "guard.deployed": "마지막 변경이 {deployment}에서 왔으며, 이 배포가 복구를 되돌립니다",
    "reason.and-source": "{reason}. 또한 {source}",
    "owner.stack": "{name}",
    "owner.not-now": "지금은 확인할 수 없습니다: {code}",
    "owner.unknown": "확인할 수 없습니다: {code}",
    "owner.no-stack-in-response": "확인할 수 없습니다: 응답에 스택이 없습니다",
    "deployment.role": "배포 역할 {actor}",
    "deployment.tool": "배포 도구({tool})",
    "budget.account-spent": "이번 시간의 계정 복구 한도({limit}건)를 모두 사용했습니다",
    "budget.pool-spent": "이번 시간의 사용자 풀 복구 한도({limit}건)를 모두 사용했습니다",
    "settings.parameter-unusable": "파라미터 {parameter}: {problem}",
    "look.pool-gone": "사용자 풀이 더 이상 없습니다",
    "look.newer-known": "더 최근의 점검이 있습니다",
    "look.put-off": "연기됨: {refusal}",
    "look.not-its-turn": "연기됨: {region}의 SES는 허용 속도의 3분의 1로 호출합니다",
    "repair.nothing-due": "복구할 것이 남아 있지 않거나, 복구가 허용되지 않습니다",
    "repair.over": "복구가 요청된 후 문제가 사라졌습니다",
    "repair.other-resource": "이제 복구할 리소스가 달라졌으며, 그 리소스에 대해 복구가 요청됩니다",
    "repair.still-found": "변경 후 점검에서 문제가 아직 발견되며, Mailwarden이 다시 점검합니다",
    "repair.drifted": "그사이 다른 주체가 변경했으므로 아무것도 변경하지 않았습니다: {reason}",
    "repair.refused": "변경이 거부되었습니다: {reason}",
    "repair.side-effect": "변경으로 예상하지 못한 영향이 발생했습니다: {reason}",
    "repair.overtaken": "변경이 중단되었습니다: {reason}",
    "recovery.not-written": "아무것도 변경하기 전에 중단되었습니다",
    "recovery.partly-written": "일부 정책을 변경한 후 중단되었습니다",
    "recovery.overtaken": "다른 주체가 리소스를 변경했으므로, Mailwarden이 먼저 변경했는지 알 수 없습니다",
    "fix.grant-pool": "{region}에서 {pool:이/가} {identity:으로/로} 전송하도록 허용",
    "fix.grant-pools": "{region}에서 사용자 풀 {count}개가 {identity:으로/로} 전송하도록 허용",
    "fix.use-domain": "{region}에서 {pool:이/가} {domain} 도메인으로 전송하도록 허용",
    "fix.move-pool": "{region}의 {identity:으로/로} {pool} 이동",
    "fix.restore-sender": "{pool:이/가} 잃은 발신자 복원",
    "fix.set-from": "{pool}의 FROM을 {address} 주소로 설정",
    "fix.create-role": "{role} 서비스 연결 역할 생성",
    "fix.grant-pool.done": "Mailwarden이 {region}에서 {pool:이/가} {identity:으로/로} 전송하도록 허용했습니다",
    "fix.grant-pools.done": (
        "Mailwarden이 {region}에서 사용자 풀 {count}개가 {identity:으로/로} 전송하도록 허용했습니다"
    ),
    "fix.use-domain.done": "Mailwarden이 {region}에서 {pool:이/가} {domain} 도메인으로 전송하도록 허용했습니다",
    "fix.move-pool.done": "Mailwarden이 {pool:을/를} {region}의 {identity:으로/로} 이동했습니다",
    "fix.restore-sender.done": "Mailwarden이 {pool:이/가} 잃었던 발신자를 복원했습니다",
    "fix.set-from.done": "Mailwarden이 {pool}의 FROM을 {address} 주소로 설정했습니다",
    "fix.create-role.done": "Mailwarden이 {role} 서비스 연결 역할을 생성했습니다",
    "order.unsuppress": (
        "{region}의 SES 계정 금지 목록에서 주소 제거: {reason}. 다시 넣으려면 그 주소가 필요합니다(`aws sesv2 "
        "put-suppressed-destination`)"
    ),
    "rule.undecided": "{subject:을/를} {rule} 규칙으로 확인할 수 없습니다",
    "rule.undecided.why": "이 규칙에 필요한 사실을 알 수 없으므로, Mailwarden은 메일이 전송되는지 확인할 수 없습니다",
    "rule.undecided.remediation": (
        "이유에 나온 리소스를 Mailwarden이 읽을 수 있는지 확인하세요. Mailwarden이 스스로 다시 점검합니다"
    ),
    "rule.crashed": "규칙 자체가 실패했습니다: {where}",
    "rule.crashed.remediation": "Mailwarden의 이 오류를 신고하세요",
}
