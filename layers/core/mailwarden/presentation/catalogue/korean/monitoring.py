"""Korean: the rules about delivery failures and about Mailwarden's own monitoring."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "MW801.failures": "Cognito가 {pool}에 대해 메시지를 보내지 못했다고 {count}번 보고했습니다",
    "MW801.why": "호출이 요청한 메시지가 전송되지 않았으며, 기다리는 사용자는 계속 진행할 수 없습니다",
    "MW801.remediation": "이 사용자 풀에 대한 다른 조사 결과를 참조하세요. 없으면 메시지 전송 로그를 참조하세요",
    "MW802.reached": "{pool:이/가} Cognito 기본 이메일 기능으로 메일을 보내며, 하루 전송량 {limit}통을 모두 보냈습니다",
    "MW802.why": (
        "Cognito는 {reset}까지 기본 이메일 기능을 사용하는 계정의 모든 사용자 풀에서 가입과 초대를 거부하거나 메일을 "
        "버립니다"
    ),
    "MW802.remediation": (
        "사용자 풀의 EmailSendingAccount를 DEVELOPER로, SourceArn을 확인된 자격 증명으로 설정하거나, {reset}까지 "
        "기다리세요"
    ),
    "MW900.ordered": "{by} 운영자가 채널을 테스트하기 위해 이 알림을 요청했습니다",
    "MW900.why": "Mailwarden의 다른 알림도 이 알림과 같은 곳에 도착합니다",
    "MW900.remediation": "할 일이 없습니다. 프로그램으로 알림을 처리한다면 규칙 MW900을 제외하세요",
    "MW901.no-trail": "{region}에서 실행된 {services:and} 호출을 전달하는 추적이 없습니다",
    "MW901.why": "Mailwarden은 메일을 중단시키는 변경을 몇 초 안에 알지 못하고, 다음 전체 점검에서야 알게 됩니다",
    "MW901.remediation": "{region}의 쓰기 관리 이벤트를 기록하는 추적을 시작하거나 생성하세요",
    "MW901.none": "없음",
    "MW901.unknown": "Mailwarden은 {region}에서 실행된 {services:and} 호출을 전달하는 추적이 있는지 확인할 수 없습니다",
    "MW901.unknown-why": "그러한 추적이 없으면 Mailwarden은 메일을 중단시키는 변경을 다음 전체 점검에서야 알게 됩니다",
    "MW901.unknown-remediation": (
        "Mailwarden이 추적을 읽을 수 있게 하거나, 추적의 소유자에게 모든 쓰기 관리 이벤트를 기록하는지 문의하세요"
    ),
    "MW902.unannounced": "{pool}의 메일 설정이 변경되었지만 이를 알린 이벤트가 없습니다",
    "MW902.why": "Mailwarden은 이러한 변경을 몇 초 안에 알지 못하고, 다음 전체 점검에서야 알게 됩니다",
    "MW902.remediation": "이 리전을 기록하는 추적이 있는지, Mailwarden의 규칙이 그 리전에 배포되어 있는지 확인하세요",
    "MW903.fight": (
        "Mailwarden과 다른 주체가 {pool}에 대한 서로의 변경을 되돌립니다. Mailwarden이 {resource}에 {count}번 "
        "적용했고 매번 되돌려졌습니다. 마지막으로 되돌린 것: {by}. Mailwarden은 {goes_on} 다시 적용합니다"
    ),
    "MW903.why": "두 주체가 서로의 변경을 되돌리는 동안 사용자 풀의 메일은 이따금만 작동합니다",
    "MW903.remediation": (
        "다른 주체의 소스에 이 변경을 추가하거나, 그 주체가 이 리소스를 건드리지 않게 하세요. 그다음 이 명령으로 일시 "
        "중지를 해제하세요: `make release-fight POOL={pool}`"
    ),
    "MW904.not-in-effect": "{parameter} 설정 문서를 사용할 수 없습니다: {problem}",
    "MW904.why": "마지막 설정 변경이 적용되지 않았으며, Mailwarden은 아무것도 복구하지 않습니다",
    "MW904.remediation": "문서를 수정하세요. 1분 안에 적용됩니다",
    "MW904.no-version": "버전 없음: Mailwarden은 모든 것을 보고하고 아무것도 복구하지 않습니다",
    "MW904.version": "버전 {version}(마지막으로 유효한 버전). 문서가 유효해질 때까지 아무것도 복구하지 않습니다",
    "MW905.unknown-members": "{region}의 사용자 풀에 배포된 SDK가 모르는 멤버가 있습니다",
    "MW905.why": "변경하면 이 멤버가 초기화되므로, SDK가 더 새로워질 때까지 이 사용자 풀을 복구하지 않습니다",
    "MW905.remediation": "더 새로운 SDK가 포함된 릴리스를 배포하세요. 그때까지 이 사용자 풀은 수동으로 복구하세요",
    "MW909.waiting": (
        "이번 시간의 계정 복구 한도({limit}건)를 모두 사용하여 복구 {count}건이 대기 중입니다. {at} 이후에 시간당 "
        "{limit}건씩 계속합니다"
    ),
    "MW909.why": "차례가 올 때까지 이 사용자 풀의 메일은 중단된 상태로 남습니다",
    "MW909.remediation": "복구가 올바르다면 `make release-budget`을 실행하거나, RepairsPerHour를 높여 배포하세요",
    "MW910.pools": "Mailwarden이 {regions:and:을/를} 감시하지 않지만, 그곳에 사용자 풀이 있습니다",
    "MW910.why": "이 사용자 풀의 메일이 알림 없이 중단될 수 있습니다",
    "MW910.remediation": (
        "WatchedRegions에 이 리전을 추가하여 배포하거나, 감시가 필요 없는 사용자 풀이라면 설정에서 MW910을 끄세요"
    ),
    "MW911.unwatched": "{pool:이/가} {identity:으로/로} 메일을 보내지만, Mailwarden은 {region:을/를} 감시하지 않습니다",
    "MW911.why": "이 자격 증명과 그 계정의 변경을 알리는 이벤트가 없으므로, 다음 전체 점검에서야 발견됩니다",
    "MW911.remediation": "WatchedRegions에 {region:을/를} 추가하여 배포하세요",
    "monitoring.undecided": "{region}의 모니터링을 {rule} 규칙으로 확인할 수 없습니다",
    "monitoring.undecided.why": "다시 작동할 때까지 이 점검이 발견할 내용은 아무에게도 보고되지 않습니다",
    "monitoring.undecided.remediation": "sweep 함수의 로그를 확인하세요. 점검은 자동으로 반복됩니다",
    "monitoring.undecided.reason": "점검이 실패했습니다: {where}",
    "trail.one-region": "{region}만 기록합니다",
    "trail.stopped": "로깅이 중지되었습니다",
    "trail.no-global-services": "글로벌 서비스를 제외합니다",
    "trail.leaves-out": "이벤트 선택기가 {sources:and}의 쓰기를 제외합니다",
    "trail.takes-some": "이벤트 선택기가 {sources:and}의 쓰기 중 일부만 기록합니다",
    "trail.unreadable": "읽을 수 없습니다({refusal})",
    "trail.organization-unreadable": "조직에 속하며 읽을 수 없습니다({refusal})",
    "MW906.overlapped": "Mailwarden이 {resource:을/를} 변경하는 동안, {at}에 {actor}의 {event} 호출이 있었습니다",
    "MW906.why": (
        "AWS에는 조건부 쓰기가 없고 호출 시각은 초 단위이므로, 한쪽의 변경이 다른 쪽의 변경을 덮어썼을 수 있습니다"
    ),
    "MW906.why-unmeasured": "Mailwarden의 변경이 언제 적용되었는지 알 수 없으며, 다른 변경을 덮어썼을 수 있습니다",
    "MW906.remediation": "이벤트 {event_id}의 변경이 적용되어 있는지 확인하고, 아니면 호출을 다시 실행하세요",
    "MW906.remediation-members": (
        "이벤트 {event_id}의 변경이 적용되어 있는지 확인하고({members}), 아니면 호출을 다시 실행하세요"
    ),
    "MW907.unreadable": "Mailwarden이 {pool}의 소유자가 제외하려고 붙인 태그를 이해하지 못합니다",
    "MW907.why": (
        "읽을 수 없는 태그는 사용자 풀을 제외하므로, 태그가 수정될 때까지 Mailwarden은 그곳에서 아무것도 복구하지 "
        "않습니다"
    ),
    "MW907.remediation": "태그를 수정하거나 제거하세요",
    "MW912.ends": "{pool}의 제외가 {until}에 끝납니다",
    "MW912.ends-today": "오늘은 {pool}의 제외가 적용되는 마지막 날입니다({until})",
    "MW912.why": "다음 날부터 Mailwarden이 이 사용자 풀에 대해 알림을 보내고 다시 복구합니다",
    "MW912.remediation": (
        "`make why POOL={pool_id}` 명령으로 사용자 풀을 확인하세요. 제외가 계속 필요하면 태그에 더 나중 날짜를 "
        "설정하세요"
    ),
    "MW913.ends": "{identity}의 제외가 {until}에 끝납니다",
    "MW913.ends-today": "오늘은 {identity}의 제외가 적용되는 마지막 날입니다({until})",
    "MW913.why": (
        "다음 날부터 Mailwarden이 동의와 설정이 허용하는 범위에서 이 자격 증명에 다시 권한을 추가하고, 사용자 풀을 이 "
        "자격 증명으로 옮기거나 다른 자격 증명으로 옮깁니다"
    ),
    "MW913.remediation": (
        "제외가 계속 필요하면 태그에 더 나중 날짜를 설정하세요. `make exemptions` 명령으로 모든 제외를 볼 수 있습니다"
    ),
    "MW908.unreadable": "Mailwarden이 {identity}의 태그를 이해하지 못합니다",
    "MW908.why": (
        "읽을 수 없는 동의는 어떤 사용자 풀에도 사용을 허용하지 않으며, 읽을 수 없는 제외는 복구를 중지합니다"
    ),
    "MW908.remediation": "태그를 수정하거나 제거하세요",
}
