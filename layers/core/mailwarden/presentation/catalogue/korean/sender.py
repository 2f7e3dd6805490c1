"""Korean: the rules about the pool's own mail settings, MW101 to MW113."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "MW101.in-use": (
        "{pool:이/가} Cognito 기본 이메일 기능으로 메일을 보내며, 이 기능은 계정 전체에 하루 {limit}통을 허용합니다"
    ),
    "MW101.why": (
        "이 제한을 넘으면 Cognito가 메일을 보내지 않습니다. SignUp 같은 호출은 실패하고, ForgotPassword는 성공을 "
        "응답할 수 있습니다"
    ),
    "MW101.remediation": (
        "프로덕션 사용자 풀의 EmailSendingAccount를 DEVELOPER로, SourceArn을 확인된 자격 증명으로 설정하세요"
    ),
    "MW101.limit": "계정당 {limit}",
    "MW102.absent": "{pool}의 EmailSendingAccount가 {mode}이고 SourceArn이 없습니다",
    "MW102.malformed": "{pool}의 EmailSendingAccount가 {mode}이고 SourceArn이 SES 자격 증명의 ARN이 아닙니다",
    "MW102.why.developer": "Cognito에 전송할 자격 증명이 없습니다",
    "MW102.why.default-sender": (
        "AWS 설명서에는 기본 이메일 기능이 이러한 SourceArn을 어떻게 처리하는지 나와 있지 않습니다"
    ),
    "MW102.remediation": (
        "사용자 풀의 SourceArn을 확인된 자격 증명의 arn:{partition}:ses:REGION:{account}:identity/NAME으로 설정하세요"
    ),
    "MW102.remediation.meant": (
        "공백이나 자격 증명 이름에 쓸 수 없는 문자 없이 사용자 풀의 SourceArn을 {arn} 값으로 설정하세요"
    ),
    "MW103.account": "{pool:이/가} 계정 {account}의 자격 증명을 사용합니다",
    "MW103.partition": "{pool:이/가} 파티션 {partition}의 자격 증명을 사용합니다",
    "MW103.why": "Cognito는 사용자 풀 자신의 계정에 있는 자격 증명으로만 전송할 수 있습니다",
    "MW103.remediation.partition": (
        "파티션 {partition}의 {regions:or}에서 {identity}의 확인 절차를 마치고, 사용자 풀의 SourceArn을 {arn} 값으로 "
        "설정하세요"
    ),
    "MW103.remediation": (
        "계정 {account}에서 {identity}의 확인 절차를 마치고, 사용자 풀의 SourceArn을 {arn} 값으로 설정하세요"
    ),
    "MW104.outside": ("{pool:이/가} {address}에서 메일을 보내지만, {identity} 자격 증명은 이 주소를 포함하지 않습니다"),
    "MW104.may-be-outside": (
        "{pool:이/가} {address}에서 메일을 보내지만, {identity} 자격 증명은 이 주소를 포함하지 않을 수 있습니다"
    ),
    "MW104.why": "SES는 자격 증명이 자기 주소 또는 자기 도메인의 주소로만 전송하도록 허용합니다",
    "MW104.remediation.address": (
        "사용자 풀의 From을 {identity} 주소로, 또는 SourceArn을 {address} 주소를 포함하는 자격 증명으로 설정하세요"
    ),
    "MW104.remediation.domain": (
        "사용자 풀의 From을 {identity}의 주소로, 또는 SourceArn을 {address} 주소를 포함하는 자격 증명으로 설정하세요"
    ),
    "MW105.no-from": "{pool:이/가} {domain} 도메인으로 메일을 보내지만 FROM 주소가 없습니다",
    "MW105.why": "도메인은 주소가 아니므로, Cognito에 From 헤더에 쓸 주소가 없습니다",
    "MW105.remediation": "사용자 풀의 From을 {domain}의 주소(예: no-reply@{domain})로 설정하세요",
    "MW105.chosen-for-all": "설정은 이러한 모든 사용자 풀에 한 주소를 지정하지만, 다른 주소를 의도했을 수 있습니다",
    "MW105.default-sender": (
        "AWS 설명서에는 도메인 {domain}에 대해 기본 이메일 기능이 어떤 주소를 FROM으로 사용하는지 나와 있지 않습니다"
    ),
    "MW105.default-sender.remediation": (
        "SourceArn을 {domain}의 확인된 주소로 설정하거나, EmailSendingAccount를 DEVELOPER로 설정하세요"
    ),
    "MW106.unverified": ("{pool:이/가} {address} 주소를 자격 증명으로 사용하지만, 도메인 {domain}만 확인되어 있습니다"),
    "MW106.why": "도메인 자격 증명이 이 주소로 전송할 수 있더라도, SES에는 그 이름의 자격 증명이 없습니다",
    "MW106.remediation": "사용자 풀의 SourceArn을 {arn} 값으로, From을 {address} 주소로 설정하세요",
    "MW107.flaws": "{pool}의 설정: {flaws:and}",
    "MW107.not-one-address": "{member:이/가} 주소 하나가 아님",
    "MW107.local-part-not-ascii": "{member}의 @ 앞부분이 일반 ASCII가 아님",
    "MW107.domain-not-punycode": "{member}의 도메인이 Punycode로 쓰이지 않음",
    "MW107.name-not-encoded": "{member}의 이름이 인코딩되지 않음",
    "MW107.name-in-brackets": "{member}의 이름이 따옴표 없이 대괄호로 쓰임",
    "MW107.brackets-undocumented": "AWS 설명서에는 SES가 따옴표 밖의 대괄호를 허용하는지 나와 있지 않습니다",
    "MW107.why.refused": "SES는 헤더가 일반 ASCII 메일 주소가 아닌 메일을 거부합니다",
    "MW107.why.name": "SES는 인코딩된 단어를 요구하므로, 이름의 글자가 틀리거나 빠진 채 도착할 수 있습니다",
    "MW107.remediation.one-address": (
        '{member:을/를} 주소 하나로 쓰고, 특수 문자가 있는 이름은 따옴표로 묶으세요: "A, B" <a@example.com>'
    ),
    "MW107.remediation.encoded": "{member:을/를} 다음과 같이 쓰세요: {encoded}",
    "MW107.remediation.another-address": "{member}에 다른 주소를 선택하세요",
    "MW108.lost": "{pool:이/가} {lost:and:을/를} 잃었습니다. 이전: {before:and}, 현재: {now:and}",
    "MW108.loss.identity": "자격 증명",
    "MW108.loss.region": "허용된 SES 리전",
    "MW108.loss.from": "FROM 주소",
    "MW108.loss.configuration-set": "구성 세트",
    "MW108.loss.reply-to": "REPLY-TO 주소",
    "MW108.why.identity": "이제 계정 전체에 하루 {limit}통을 허용하는 Cognito 기본 이메일 기능으로 메일을 보냅니다",
    "MW108.why.region": "Cognito는 사용자 풀이 사용할 수 없는 리전의 자격 증명을 통해 메일을 보낼 수 없습니다",
    "MW108.why.from": "사용자가 모르는 주소에서 메일을 받습니다",
    "MW108.why.configuration-set": "사용자 풀 메일의 반송과 수신 거부를 더 이상 볼 수 없습니다",
    "MW108.why.reply-to": "사용자의 회신이 더 이상 이전과 같은 곳에 도착하지 않습니다",
    "MW108.remediation": (
        "이전 발신자를 복원하면 무엇이 변경되는지 보려면 `make restore POOL={id}` 명령을 실행하고, 복원하려면 "
        "APPLY=yes를 추가하세요. 함께 변경된 다른 설정도 비교하세요. 의도한 변경이라면 이 명령을 실행하세요: `make "
        "restore POOL={id} ACCEPT=yes`"
    ),
    "author.unknown": "이 호출을 보고한 이벤트가 없어 호출자를 알 수 없습니다",
    "MW108.author.left-out": (
        "지금까지 알려진 바로는 {calls}: 기록에 emailConfiguration이 없으며, 이런 호출은 발신자를 초기화합니다"
    ),
    "MW108.author.left-out.several": (
        "지금까지 알려진 바로는 {calls:semicolon} (호출 {number}건): 기록에 emailConfiguration이 없으며, 이런 호출은 "
        "발신자를 초기화합니다"
    ),
    "MW108.author.not-shown": "{calls}: 기록에 emailConfiguration을 지정했는지 나와 있지 않습니다",
    "MW108.author.not-shown.several": (
        "{calls:semicolon} (호출 {number}건): 기록에 emailConfiguration을 지정했는지 나와 있지 않습니다"
    ),
    "author.call": "{at}에 {actor}의 {event} 호출",
    "author.call-with": "{at}에 {tool} 도구를 사용한 {actor}의 {event} 호출",
    "MW108.quota": "리전의 SES 계정에 {limit}",
    "email.default-sender": "Cognito 기본 이메일 기능",
    "email.identity": "SourceArn {identity}",
    "email.from": "From {address}",
    "email.reply-to": "ReplyToEmailAddress {address}",
    "email.configuration-set": "ConfigurationSet {name}",
    "setting.changed": "{setting} 변경됨",
    "setting.gone": "{setting} 사라짐",
    "setting.from-to": "{setting}: {old}에서 {new:으로/로} 변경",
    "MW109.needed": (
        "{pool}의 로그인에 {factors:and:을/를} 사용하지만, 사용자 풀은 Cognito 기본 이메일 기능으로 메일을 보냅니다"
    ),
    "MW109.first-factor": "이메일 일회용 암호",
    "MW109.second-factor": "두 번째 인증 요소인 이메일",
    "MW109.why": (
        "기본 이메일 기능은 계정 전체에 하루 {limit}통을 허용하며, 이 제한을 넘으면 사용자가 로그인할 수 없습니다"
    ),
    "MW109.remediation": "사용자 풀의 EmailSendingAccount를 DEVELOPER로, SourceArn을 확인된 자격 증명으로 설정하세요",
    "MW110.custom-sender": "{pool:이/가} 모든 메일을 사용자 지정 이메일 발신자 함수로 넘깁니다",
    "MW110.why": "Cognito는 직접 아무것도 보내지 않으므로, 메일이 전송되는지는 이 함수에만 달려 있습니다",
    "MW110.only-the-function": "메일을 보내는지는 이 함수만 알고 있습니다",
    "MW110.remediation": "함수의 오류를 모니터링하세요",
    "MW111.none": "{pool:이/가} 링크로 주소를 확인하지만, 이를 위한 도메인이 없습니다",
    "MW111.not-active": "{pool:이/가} 링크로 주소를 확인하지만, {domain} 도메인이 활성 상태가 아닙니다",
    "MW111.why": "확인 메일의 링크는 사용자 풀의 도메인으로 연결되며, 도메인이 없으면 Cognito가 가입을 거부합니다",
    "MW111.unknown.replica": "AWS 설명서에는 복제본이 보내는 링크의 도메인이 나와 있지 않습니다",
    "MW111.unknown.status": "AWS 설명서에는 이러한 도메인의 링크가 작동하는지 나와 있지 않습니다",
    "MW111.remediation": "사용자 풀 {pool}의 도메인을 생성하거나 활성화될 때까지 기다리거나, 코드로 주소를 확인하세요",
    "MW112.fails": "{pool:이/가} 위협 방지 알림을 {source_arn} 자격 증명으로 보내며, 이 발신자가 실패합니다",
    "MW112.unknown": (
        "{pool:이/가} 위협 방지 알림을 {source_arn} 자격 증명으로 보내며, 이 발신자가 작동하는지 알 수 없습니다"
    ),
    "MW112.why": "이 발신자가 실패하면 사용자는 위험한 로그인에 대한 알림을 받지 못합니다",
    "MW112.sender": "위협 방지",
    "MW112.not-documented": "AWS 설명서에는 위협 방지 알림의 SES 리전, 보안 주체, SES 계정이 나와 있지 않습니다",
    "MW112.remediation": (
        "위험 구성의 NotifyConfiguration에서 사용자 풀 {pool}에 대해 전송할 수 있는 확인된 SES 자격 증명을 선택하거나, "
        "현재 자격 증명을 복구하세요"
    ),
    "advice.with-command": "{advice}. 다음 명령은 사용자 풀의 다른 것을 변경하지 않습니다: {command}",
    "command.MW102": "`make set-sender POOL={pool_id} IDENTITY=… FROM=…`",
    "command.MW103": "`make set-sender POOL={pool_id} IDENTITY=…`",
    "command.MW104": "`make set-sender POOL={pool_id} FROM=…`",
    "command.MW105": "`make set-sender POOL={pool_id} FROM=…`",
    "command.MW106": "`make set-sender POOL={pool_id} IDENTITY=… FROM=…`",
    "command.MW107": "`make set-sender POOL={pool_id} FROM=… REPLY_TO=…`",
    "command.MW109": "`make set-sender POOL={pool_id} IDENTITY=… FROM=…`",
    "command.MW802": "`make set-sender POOL={pool_id} IDENTITY=… FROM=…`",
    "command.MW201": "`make set-sender POOL={pool_id} IDENTITY=…`",
    "command.MW203": "`make set-sender POOL={pool_id} IDENTITY=…`",
    "command.MW204": "`make set-sender POOL={pool_id} DEFAULT=yes IDENTITY=…`",
    "MW113.unreachable": "Cognito가 {pool}의 메일을 사용자 지정 이메일 발신자에 전달할 수 없습니다: {reasons:and}",
    "MW113.unknown": "Cognito가 {pool}의 메일을 사용자 지정 이메일 발신자에 전달할 수 있는지 알 수 없습니다",
    "MW113.why": "Cognito는 각 코드를 키로 암호화하고 함수를 호출하며, 그러지 못하면 SignUp 같은 호출이 실패합니다",
    "MW113.no-function": "{function} 함수가 존재하지 않거나, Cognito의 호출을 허용하는 정책이 없음",
    "MW113.not-invocable": "함수 {function}의 정책이 이 사용자 풀에 대한 Cognito의 호출을 허용하지 않음",
    "MW113.no-key": "{key} KMS 키가 존재하지 않음",
    "MW113.key-state": "{key} KMS 키가 {state} 상태임",
    "MW113.undecidable": "함수의 정책이 Cognito의 호출에 나타나지 않는 것에 달려 있습니다",
    "MW113.regional": "AWS 설명서에는 Cognito가 {principal} 보안 주체로 함수를 호출하는지 나와 있지 않습니다",
    "MW113.key-not-named": (
        "AWS 설명서에는 KMSKeyID가 없는 사용자 지정 이메일 발신자를 Cognito가 어떻게 처리하는지 나와 있지 않습니다"
    ),
    "MW113.key-state-unknown": "AWS 설명서에는 Cognito가 {state} 상태의 키를 사용할 수 있는지 나와 있지 않습니다",
    "MW113.remediation": "다음 조치로 메일이 전달되게 하거나({steps:and}), CustomEmailSender를 제거하세요",
    "MW113.remediation.unknown": "확실히 하려면 다음 조치({steps:and})를 수행하세요",
    "MW113.step.function": "{function} 함수를 배포하고 {principal} 보안 주체가 {pool}에 대해 호출하도록 허용",
    "MW113.step.invoke": "{principal} 보안 주체가 {pool}에 대해 {function} 함수를 호출하도록 허용",
    "MW113.step.key": "LambdaConfig의 KMSKeyID를 함수가 코드를 복호화하는 데 쓰는, 존재하는 키로 설정",
    "MW113.step.enable": "{key} KMS 키 활성화",
    "MW113.step.keep": "{key} KMS 키의 삭제를 취소하고 활성화",
    "MW113.step.usable": "{key} 키가 활성화되지 않은 이유를 AWS KMS에서 확인",
    "MW113.step.read": "Mailwarden이 읽을 수 있도록 허용({refusal})",
    "evidence.back-to-default": "사용자 풀을 Cognito 기본 이메일 기능으로 되돌릴지는 사람이 결정합니다",
    "evidence.no-call": "이 변경을 수행한 호출을 알 수 없습니다",
    "evidence.hidden": "호출의 기록에 파라미터가 나와 있지 않습니다",
    "evidence.several-calls": (
        "사용자 풀이 예상대로였던 마지막 확인 이후 UpdateUserPool 호출이 {number}건 있었으며, 호출이 하나뿐일 때만 "
        "실수의 증거가 됩니다"
    ),
    "evidence.another-change": "사용자 풀의 마지막 수정 시각은 {modified}이며, 그 호출의 시각과 다릅니다",
    "evidence.not-learned": (
        "{region}의 UpdateUserPool 기록에 EmailConfiguration이 나온 적이 아직 없으므로, 이것이 없는 기록은 증거가 되지 "
        "않습니다"
    ),
    "evidence.no-caller": "호출의 기록에 호출자와 도구가 나와 있지 않으므로, 배포가 수행한 호출일 수 있습니다",
    "evidence.not-held": "이전 발신자가 대기 시간 동안 그대로 유지된 것을 확인한 적이 없습니다",
    "evidence.too-late": "발신자를 잃은 지 {hours}시간이 넘었으므로, 지금은 현재 설정이 의도된 것일 수 있습니다",
    "evidence.wanted": "실패한 호출이 EmailConfiguration을 지정했으므로, 누군가 이를 변경하려 했습니다",
    "evidence.waits": (
        "CloudTrail 기록에 다른 호출이 더 나올 수 있습니다. Mailwarden이 {at}까지 다시 확인하고, 다른 호출이 없을 때만 "
        "발신자를 복원합니다"
    ),
    "evidence.never-shown": "20분 안에 CloudTrail 기록에 이 호출이 나오지 않았습니다",
    "evidence.contradicted": "CloudTrail 기록에 이 호출이 다른 파라미터로 나와 있습니다",
    "evidence.too-old": "CloudTrail 기록은 {days}일까지만 보여 줍니다",
    "evidence.unreadable": "CloudTrail 기록을 읽을 수 없습니다: {refusal}",
    "MW114.unknown": "{pool}의 EmailSendingAccount가 이 버전의 Mailwarden이 모르는 {value}입니다",
    "MW114.why": "Mailwarden은 이러한 발신자의 자격 증명, 리전, 제한을 알지 못합니다",
    "MW114.remediation": (
        "더 새로운 버전의 Mailwarden을 배포하고, 그때까지는 사용자 풀의 메일을 자신에게 보내 확인하세요"
    ),
    "MW115.lost": "{pool:이/가} 이전에는 메일로 주소를 확인했지만, 더 이상 확인하지 않습니다",
    "MW115.why": "가입할 때 Cognito가 확인 코드를 보내지 않으며, 실패하는 호출도 없습니다",
    "MW115.why.invited": "사용자가 주소를 변경할 때 Cognito가 코드를 보내지 않으며, 실패하는 호출도 없습니다",
    "MW115.remediation": (
        "콘솔이나 소스에서 사용자 풀의 AutoVerifiedAttributes에 이메일을 다시 넣으세요. 의도한 변경이라면 이 명령으로 "
        "이 결과를 끝내세요: `make restore POOL={id} ACCEPT=yes`"
    ),
    "MW115.author.left-out": (
        "지금까지 알려진 바로는 {calls}: 기록에 autoVerifiedAttributes가 없으며, 이것이 없는 호출은 설정을 초기화합니다"
    ),
    "MW115.author.left-out.several": (
        "지금까지 알려진 바로는 {calls:semicolon} (호출 {number}건): 기록에 autoVerifiedAttributes가 없으며, 이것이 "
        "없는 호출은 설정을 초기화합니다"
    ),
    "MW115.author.not-shown": "{calls}: 기록에 autoVerifiedAttributes를 지정했는지 나와 있지 않습니다",
    "MW115.author.not-shown.several": (
        "{calls:semicolon} (호출 {number}건): 기록에 autoVerifiedAttributes를 지정했는지 나와 있지 않습니다"
    ),
    "MW116.without": "{pool}의 {members:and}에 코드나 링크의 자리 표시자가 없습니다",
    "MW116.why.verification": "사용자가 코드나 링크가 없는 메일을 받아 주소를 확인할 수 없습니다",
    "MW116.why.invitation": "초대받은 사용자가 임시 암호가 없는 메일을 받습니다",
    "MW116.remediation": (
        "콘솔이나 소스에서 사용자 풀의 {members:and}에 코드에는 {{####}}, 링크에는 {{##…##}} 자리 표시자를 넣으세요"
    ),
    "MW116.trigger": "CustomMessage 함수가 내용을 작성할 수 있으며, 이 함수만 알고 있습니다",
    "MW116.default-sender": "AWS 설명서에는 기본 이메일 기능이 사용자 지정 내용을 사용하는지 나와 있지 않습니다",
    "MW117.lost": (
        "{pool:이/가} 위협 방지 알림의 발신자를 잃었습니다. 이전: {before:and}, 현재: 위험 구성에 지정된 발신자 없음"
    ),
    "MW117.why": "사용자에게 더 이상 위험한 로그인을 알리지 않습니다",
    "MW117.remediation": (
        "이전 알림 발신자를 복원하면 무엇이 변경되는지 확인하세요: `make restore POOL={id} NOTICES=yes`. APPLY=yes를 "
        "추가하면 복원합니다. 위험 구성을 설정하는 소스에도 발신자를 지정해야 합니다. 의도한 변경이라면 이 명령을 "
        "실행하세요: `make restore POOL={id} ACCEPT=yes`"
    ),
    "MW117.author.left-out": "지금까지 알려진 바로는 {calls}: 기록에 알림의 발신자가 없습니다",
    "MW117.author.left-out.several": (
        "지금까지 알려진 바로는 {calls:semicolon} (호출 {number}건): 기록에 알림의 발신자가 없습니다"
    ),
    "MW117.author.not-shown": "{calls}: 기록에 알림의 발신자를 지정했는지 나와 있지 않습니다",
    "MW117.author.not-shown.several": (
        "{calls:semicolon} (호출 {number}건): 기록에 알림의 발신자를 지정했는지 나와 있지 않습니다"
    ),
    "notices.reply-to": "ReplyTo {address}",
}
