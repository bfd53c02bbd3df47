## 菜单与权限

menu-exchange-requests = 数据申请
menu-exchange-agreements = 共享协议
permission-exchange-request-create = 申请数据、接受方案、终止协议
permission-exchange-request-decide = 办理数据申请、撤销协议
permission-exchange-agreement-read = 查看数据申请、共享协议和调用记录
permission-exchange-call = 按共享协议调用数据
action-exchange-request-made = 提出数据申请
action-exchange-request-offered = 提出共享方案
action-exchange-request-refused = 拒绝数据申请
action-exchange-request-withdrawn = 撤回数据申请
action-exchange-agreement-made = 达成共享协议
action-exchange-agreement-expired = 共享协议到期
action-exchange-agreement-revoked = 撤销共享协议
action-exchange-agreement-ended = 终止共享协议

## 列表

exchange-requests-title = 数据申请
exchange-agreements-title = 共享协议
exchange-sides-label = 查看角度
exchange-side-any = 全部
exchange-side-asking = 我方提出的
exchange-side-providing = 向我方提出的
exchange-side-using = 我方使用的
exchange-side-giving = 我方提供的
exchange-filter-text = 编号、资源或单位
exchange-number = 编号
exchange-resource = 信息资源
exchange-code = 目录编码
exchange-requester = 申请单位
exchange-user = 使用单位
exchange-provider = 提供单位
exchange-changed-at = 最近变动
exchange-quota = 每日次数
exchange-rate = 每分钟次数
exchange-from-on = 开始日期
exchange-from-on-hint = 从这天起可以调用。
exchange-to-on = 截止日期
exchange-made-at = 签订日期
exchange-requests-empty = 还没有数据申请
exchange-requests-empty-hint = 需要其他部门的数据时，在这里提出申请，写清用途和字段；别的部门向本单位提出的申请也列在这里。
exchange-requests-none = 没有符合条件的申请
exchange-requests-none-hint = 换一个状态或更短的词再试。
exchange-agreements-empty = 还没有共享协议
exchange-agreements-empty-hint = 数据申请获得同意后形成协议，凭协议调用数据。
exchange-agreements-none = 没有符合条件的协议

## 状态

exchange-state-requested = 待办理
exchange-state-offered = 待接受
exchange-state-agreed = 已成协议
exchange-state-refused = 未同意
exchange-state-withdrawn = 已撤回
exchange-state-in-force = 生效中
exchange-state-expired = 已到期
exchange-state-revoked = 已撤销
exchange-state-ended = 已终止

## 提出申请

exchange-ask-action = 申请数据
exchange-ask-title = 申请数据
exchange-ask-submit = 提交申请
exchange-choose-title = 选择要申请的信息资源
exchange-choose-text = 资源名称、目录编码或提供单位
exchange-choose-empty = 没有找到可以申请的资源
exchange-choose-empty-hint = 只有已发布并且有数据的资源可以申请。换一个更短的词再试。
exchange-choose-other = 选择其他资源
exchange-barred-title = 这个资源不能申请
exchange-purpose = 用途
exchange-purpose-hint = 写明办理什么事、为什么需要这些数据，10 到 500 个字。协议生效后只能用于这里写的用途。
exchange-legal-basis = 法律依据
exchange-legal-basis-optional = 法律依据（选填）
exchange-legal-basis-hint = 例如《社会救助暂行办法》第五十八条。
exchange-fields = 字段
exchange-fields-hint = 只勾选办事必需的字段。敏感字段默认遮蔽后提供；确需明文的，写明理由，由提供单位决定。
exchange-clear-reason-ask = 需要明文的理由（不填则遮蔽提供）
exchange-rows = 数据范围（选填）
exchange-rows-hint = 只需要一部分数据行时填写，各行条件须同时满足。“是其中之一”的多个值用逗号分开。
exchange-rows-all = 全部数据行
exchange-condition-none = 不限
exchange-condition-field = 第 { $n } 个条件的字段
exchange-condition-operator = 第 { $n } 个条件的比较方式
exchange-condition-value-label = 第 { $n } 个条件的值
exchange-operator-eq = 等于
exchange-operator-in = 是其中之一
exchange-operator-prefix = 开头是
exchange-operator-ge = 不小于
exchange-operator-le = 不大于
exchange-condition-eq = { $field }等于 { $value }
exchange-condition-in = { $field }为 { $value } 之一
exchange-condition-prefix = { $field }以 { $value } 开头
exchange-condition-ge = { $field }不小于 { $value }
exchange-condition-le = { $field }不大于 { $value }
exchange-to-on-hint = 含当日，最长三年。
exchange-calls-a-day = 预计每日调用次数
exchange-calls-a-day-hint = 按业务最忙的一天估计。
exchange-onward = 转供
exchange-onward-hint = 数据是否还要给别的单位用。
exchange-onward-forbidden = 不转供
exchange-onward-own-offices = 供本部门下属单位使用
exchange-sharing = 共享类型
exchange-sharing-unconditional = 无条件共享
exchange-sharing-conditional = 有条件共享
exchange-sharing-withheld = 不予共享
exchange-class = 分级
exchange-class-public = 公开
exchange-class-internal = 内部
exchange-class-sensitive = 敏感
exchange-type-text = 文本
exchange-type-integer = 整数
exchange-type-decimal = 小数
exchange-type-date = 日期
exchange-type-instant = 时间
exchange-type-boolean = 是否
exchange-type-code = 代码
exchange-type-point = 坐标
exchange-version = 版本
exchange-version-n = 第 { $n } 版
exchange-what-next = 提交之后
exchange-next-by-rule = 本资源无条件共享，提交后协议立即生效；要求明文提供敏感字段的，由提供单位决定。
exchange-next-decision = { $provider }收到后办理：同意、缩小范围后同意，或者不同意并说明理由。缩小范围的，要等您接受才生效。

## 一件申请

exchange-terms = 申请与给予
exchange-item = 事项
exchange-asked = 申请
exchange-given = 给予
exchange-narrowed = 已缩小
exchange-term = 期限
exchange-a-day = 每日 { $n } 次
exchange-a-minute = 每分钟 { $n } 次
exchange-term-span = { $from }至{ $to }
exchange-handling-masked = 遮蔽提供
exchange-handling-given = 提供
exchange-handling-clear-because = 明文提供：{ $reason }
exchange-handling-not-given = 不提供
exchange-not-said = 未填写
exchange-decision-note = 提供单位的说明
exchange-decide-action = 办理申请
exchange-open-agreement = 查看协议 { $number }
exchange-accept-action = 接受方案
exchange-accept-confirm = 接受后协议按“给予”一栏立即生效。
exchange-decline-action = 不接受并撤回申请
exchange-withdraw-action = 撤回申请
exchange-reason-optional = 理由（选填）
exchange-offer-title = 提供单位缩小了范围
exchange-offer-text = 请比较“申请”与“给予”两栏。接受后协议立即生效；不接受的，可以撤回后重新申请。
exchange-own-title = 这是您本人提出的申请
exchange-by-rule-title = 按规则自动同意
exchange-by-rule-text = 资源为无条件共享，且没有要求明文提供敏感字段，提交时即按规则同意，没有经过人工办理。

## 办理

exchange-decision-title = 办理数据申请
exchange-decision-lead = 不作改动直接确认，就是按申请同意，协议立即生效。去掉勾选、调低数字、缩短期限或增加数据范围条件，就是缩小范围，等申请单位接受后生效。不能给得比申请的多。
exchange-give = 提供
exchange-give-masked = 遮蔽提供
exchange-asked-clear-because = 申请明文，理由：{ $reason }
exchange-clear-reason-give = 给明文的理由（不填则遮蔽提供）
exchange-rows-asked = 申请的数据范围
exchange-rows-add = 增加的数据范围条件（选填）
exchange-rows-add-hint = 与申请的范围同时满足，只会缩小。
exchange-note = 给申请单位的说明（选填）
exchange-note-hint = 缩小范围时，说明原因能少打一次电话。
exchange-grant-submit = 同意
exchange-refuse-title = 不同意
exchange-refuse-reason = 不同意的理由
exchange-refuse-reason-hint = 申请单位会看到，至少 5 个字。
exchange-refuse-submit = 不同意这件申请

## 协议

exchange-clauses = 协议条款
exchange-clause-n = 第 { $n } 条
exchange-clause-parties = 双方
exchange-clause-resource = 资源
exchange-clause-fields = 字段
exchange-clause-rows = 数据范围
exchange-clause-purpose = 用途
exchange-clause-quota = 每日次数
exchange-clause-rate = 频率
exchange-clause-term = 期限
exchange-clause-onward = 转供
exchange-clause-closing = 终止
exchange-closed-title = 协议已于 { $at } 停止，不能再调用
exchange-outside-term-title = 今天不在协议期限内
exchange-from-request = 来自申请
exchange-usage = 近 30 天的调用
exchange-usage-note = 每天零点（北京时间）重新计数
exchange-usage-days = 查看每天的次数
exchange-today-answered = 今天已调用
exchange-today-refused = 今天被拒绝
exchange-today-left = 今天还可调用
exchange-times = 次
exchange-day = 日期
exchange-calls-unit = 调用次数
exchange-no-calls = 还没有调用。使用单位的系统用下面的方法调用后，这里会显示每天的次数。
exchange-try = 试着调用
exchange-try-text = 把使用单位自己的调用凭证放进环境变量 JIANGHAI_CREDENTIAL，在终端运行下面这一行。
exchange-revoke-action = 撤销协议
exchange-revoke-title = 撤销协议
exchange-revoke-text = 撤销后，{ $user }的下一次调用就会被拒绝，并看到您写的理由。撤销不能恢复，需要时由对方重新申请。
exchange-revoke-reason = 撤销的理由
exchange-revoke-reason-hint = 使用单位会看到，至少 5 个字。
exchange-revoke-submit = 确认撤销
exchange-end-action = 终止协议
exchange-end-title = 终止协议
exchange-end-text = 终止后，本单位的下一次调用就会被拒绝。不能恢复，需要时重新申请。
exchange-end-submit = 确认终止

## 经过

exchange-step-requested = 提出申请
exchange-step-approved = 同意申请
exchange-step-approved-by-rule = 按规则自动同意
exchange-step-offered = 缩小范围后同意
exchange-step-refused = 不同意
exchange-step-accepted = 接受方案，协议生效
exchange-step-withdrawn = 撤回申请
exchange-step-expired = 期限届满
exchange-step-revoked = 撤销协议
exchange-step-ended = 终止协议

## 调用记录

exchange-calls-title = 调用记录
exchange-calls-note = 双方看到的是同一份记录。条件里的个人信息只留加密摘要（以 # 开头）。
exchange-calls-empty = 没有调用记录
exchange-calls-empty-hint = 使用单位的系统每调用一次，无论是否成功，这里都会多一行。
exchange-calls-latest = 回到最近
exchange-outcome-answered = 已答复
exchange-outcome-refused = 被拒绝
exchange-outcome-failed = 未成功
exchange-call-time = 时间
exchange-call-caller = 调用方
exchange-call-fields = 字段
exchange-call-filter = 条件
exchange-call-rows = 返回行数
exchange-call-outcome = 结果
exchange-call-clause = 条款
exchange-call-code = 原因代码
exchange-call-elapsed = 毫秒
exchange-call-request = 请求编号

## 待办与链接

exchange-todo-decide = 办理{ $other }的数据申请 { $number }：{ $resource }
exchange-todo-offer = 答复{ $other }缩小范围的方案 { $number }：{ $resource }
exchange-todo-ending = 协议 { $number } 即将到期：{ $resource }
exchange-offer-link = 申请使用这项数据

## 错误

error-exchange-not-found = 没有找到这件申请、协议或资源，可能编号有误，也可能不在您的查看范围内。
error-exchange-out-of-scope = 您当前代表的单位不在这项权限的范围内。请切换单位，或请平台管理员授权。
error-exchange-invalid = 有几处需要修改。
error-exchange-withheld = 这项资源不予共享，依据：{ $basis }
error-exchange-own-resource = 这是本单位自己提供的资源，不需要申请。
error-exchange-no-rows = 这项资源只有目录信息，平台上没有可以调用的数据。请与提供单位联系。
error-exchange-resource-gone = 这项资源已经撤回，不能再形成协议。
error-exchange-same-person = 申请由提出人以外的人办理。请交给同事办理。
error-exchange-no-person = 这一步要由工作人员本人办理，不能由系统凭证代办。
error-exchange-wrong-state = 情况已经变化，这一步现在不能办。请重新打开查看最新状态。
error-exchange-source-away = 数据来源暂时连不上，这次调用没有计入次数，请稍后再调用。
error-exchange-text-missing = 请填写这一项
error-exchange-text-short = 太短了，至少写 { $min } 个字
error-exchange-text-long = 太长了，最多 { $max } 个字
error-exchange-text-control = 含有看不见的控制字符，请删除后重新填写
error-exchange-fields-none = 请至少选择一个字段
error-exchange-field-unknown = 资源里没有“{ $name }”这个字段，请重新选择
error-exchange-clear-reason-missing = 有敏感字段申请了明文：给明文要写理由，不给明文就按遮蔽提供
error-exchange-conditions-many = 数据范围的条件太多，请合并
error-exchange-condition-incomplete = 有一个条件没有选字段
error-exchange-condition-field = 资源里没有“{ $name }”这个字段，不能作为条件
error-exchange-condition-test = 字段“{ $name }”不适合这种比较方式，请换一种
error-exchange-condition-no-code = “{ $value }”不是“{ $name }”的代码。请填代码{ $code }
error-exchange-condition-meant = “{ $value }”是名称。“{ $name }”按代码比较，请填 { $code }
error-exchange-condition-value = 字段“{ $name }”的值没有填、太长，或者与字段类型不符
error-exchange-quota-range = 每日次数请填 1 到 1 亿之间的整数
error-exchange-rate-range = 每分钟次数请填 1 到 1 亿之间的整数
error-exchange-from-past = 开始日期不能早于今天
error-exchange-from-far = 开始日期请在一年之内
error-exchange-term-order = 截止日期不能早于开始日期
error-exchange-term-past = 截止日期已经过去
error-exchange-term-long = 期限最长三年
error-exchange-wider-fields = 只能给申请过的字段
error-exchange-wider-clear = 没有申请明文的字段只能遮蔽提供
error-exchange-wider-rows = 申请时写明的数据范围不能去掉
error-exchange-wider-quota = 每日次数不能多于申请的次数
error-exchange-wider-rate = 每分钟次数不能多于申请对应的次数
error-exchange-wider-term = 期限不能超出申请的期限
error-exchange-wider-onward = 没有申请转供，不能给予转供

## 调用被拒绝

error-exchange-not-party = 第 { $clause } 条（双方）：只有协议的使用单位可以调用。
error-exchange-revoked = 第 { $clause } 条（终止）：协议已于 { $at } 由{ $by }撤销，理由：{ $reason }
error-exchange-ended = 第 { $clause } 条（终止）：协议已于 { $at } 由{ $by }终止。
error-exchange-term-over = 第 { $clause } 条（期限）：协议已于 { $to_on } 到期。
error-exchange-term-ahead = 第 { $clause } 条（期限）：协议自 { $from_on } 起生效。
error-exchange-resource-withdrawn = 第 { $clause } 条（资源）：提供单位已撤回这项资源，停止提供。
error-exchange-over-quota = 第 { $clause } 条（每日次数）：今天的 { $limit } 次已用完，{ $resets_at } 重新计数。
error-exchange-over-rate = 第 { $clause } 条（频率）：这一分钟的 { $limit } 次已用完，请过 { $retry_after_s } 秒再调用。
error-exchange-field-not-agreed = 第 { $clause } 条（字段）：协议没有约定字段“{ $field }”，既不能返回，也不能作为条件。
error-exchange-masked-search = 第 { $clause } 条（字段）：字段“{ $field }”遮蔽提供，不能用来查询；遮蔽的证件号码和电话可以按完整的号码查询。
error-exchange-outside-rows = 第 { $clause } 条（数据范围）：字段“{ $field }”的条件超出了约定的数据范围。
error-exchange-query-many = 参数“{ $parameter }”太多了，请分几次调用。
error-exchange-query-value = 参数“{ $parameter }”的值为空、太长或无法读出。
error-exchange-query-size = 参数“{ $parameter }”请填 1 到 1000 之间的整数。
error-exchange-query-parameter = 参数“{ $parameter }”无法识别。条件写作“字段=值”，或“字段.in”“字段.prefix”“字段.ge”“字段.le”。

## The API reference

exchange-reference-title = 数据共享
