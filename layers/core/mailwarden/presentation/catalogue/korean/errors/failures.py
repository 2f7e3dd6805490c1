"""Korean: failures of a step that is tried again."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "unreadable.about": "{code} ({about})",
    "suppression.interrupted": "나열이 중단되었습니다. SES가 다음 페이지의 토큰을 더 이상 허용하지 않습니다",
    "pool.region-not-watched": "{region:을/를} 감시하지 않습니다",
    "pool.id-elsewhere": "이 ID의 사용자 풀이 {region}에 있습니다",
    "pool.members-not-accepted": "UpdateUserPool이 {members:을/를} 허용하지 않습니다",
    "pool.no-newer-form": "이 사용자 풀에는 {member}의 새 형식이 없습니다",
    "pool.texts-differ": "{older:과/와} {newer:이/가} 다릅니다",
    "item.contended": "쓰는 동안 다른 주체가 {item:을/를} {attempts}번 변경했습니다",
    "journal.no-intention": "항목 {entry_id}에 의도가 없습니다",
    "journal.already-there": "항목 {entry_id}의 {part:이/가} 이미 있습니다",
    "journal.concluded-otherwise": "항목 {entry_id}에 결과가 있으며, {kind:이/가} 아닙니다",
    "entry.open-unread": "항목 {entry_id:이/가} 열린 상태로 남습니다: {refusal}",
    "entry.open-not-visible": "항목 {entry_id:이/가} 열린 상태로 남습니다. 쓰기가 아직 보이지 않을 수 있습니다",
    "queue.refused": "메시지 {sent}개 중 {refused}개가 거부되었습니다: {code}",
    "queue.not-taken": "메시지 {sent}개 중 {left}개를 {attempts}번 시도했지만 보내지 못했습니다",
    "channel.refused": "{service:이/가} 알림을 거부했습니다: {reason}",
    "channel.not-taken": "{service:이/가} 알림을 받지 않았습니다: {reason}",
    "channel.rests": "{channel:이/가} 조금 전에 실패했으며({reason}) 1분 안에 다시 시도합니다",
    "channel.given-up": "{channel:이/가} 인시던트 {incident_id}의 메시지 {version:을/를} 계속 거부했습니다: {reason}",
    "bus.missing": "이벤트 버스 {bus:이/가} 없습니다",
    "ses.turn": "{region}의 SES를 {turn}에 읽습니다",
    "webhook.status": "상태 {status}",
    "webhook.word": "상태 {status}, {word}",
    "webhook.redirects": "{answer}: 리디렉션이며, Mailwarden은 이를 따르지 않습니다",
    "webhook.no-url": "웹후크의 주소에 URL에 쓸 수 없는 문자가 있습니다",
    "webhook.not-reached": "{origin}에 연결할 수 없습니다: {error}",
    "webhook.no-origin": "웹후크의 오리진이 허용되지 않습니다. http도 https도 아닙니다",
    "webhook.origin-not-allowed": "웹후크의 오리진이 허용되지 않습니다: {origin}",
    "webhook.secret-not-read": "웹후크의 보안 암호를 읽을 수 없습니다: {code}",
    "webhook.secret-empty": "웹후크의 보안 암호가 비어 있거나 바이너리입니다",
    "webhook.secret-not-json": "웹후크의 보안 암호가 JSON처럼 보이지만 JSON이 아닙니다",
    "webhook.secret-without-url": "웹후크의 보안 암호가 텍스트 url이 없는 JSON 객체입니다",
}
