# 知识库

permission-hotline-knowledge-read = 查阅热线知识库，反馈答复是否管用
permission-hotline-knowledge-write = 编写、续期和撤回本机构的热线知识
permission-hotline-knowledge-publish = 审核并发布本机构他人编写的热线知识

hotline-menu-answers = 常见问题
hotline-menu-knowledge = 热线知识库

## 审计

action-hotline-knowledge-written = 编写热线知识
action-hotline-knowledge-submitted = 提交热线知识审核
action-hotline-knowledge-taken-back = 收回待审核的热线知识
action-hotline-knowledge-returned = 退回热线知识
action-hotline-knowledge-published = 发布热线知识
action-hotline-knowledge-discarded = 放弃热线知识草稿
action-hotline-knowledge-renewed = 申请热线知识续期
action-hotline-knowledge-withdrawn = 撤回热线知识
action-hotline-knowledge-expired = 热线知识到期
action-hotline-knowledge-handed-over = 移交热线知识
action-hotline-knowledge-imported = 导入热线知识
action-hotline-knowledge-remarked = 反映热线知识有误
action-hotline-knowledge-remark-settled = 答复热线知识的反馈
action-hotline-knowledge-gap-closed = 关闭知识缺口

## 词

hotline-knowledge-question = 问题
hotline-knowledge-aliases = 其他问法
hotline-knowledge-short-answer = 简短答复
hotline-knowledge-answer = 完整答复
hotline-knowledge-keywords = 关键词
hotline-knowledge-service = 办事链接
hotline-knowledge-audience = 谁能看
hotline-knowledge-audience-public = 公开
hotline-knowledge-audience-internal = 仅内部
hotline-knowledge-from-on = 生效日期
hotline-knowledge-expires-on = 到期日期
hotline-knowledge-term = 有效期
hotline-knowledge-term-span = { $from }起，{ $to }到期
hotline-knowledge-until = { $day } 到期
hotline-knowledge-organisation = 责任机构
hotline-knowledge-owner = 负责人
hotline-knowledge-owner-new = 新的负责人
hotline-knowledge-changed-at = 最近变动
hotline-knowledge-version-n = 第 { $n } 版
hotline-knowledge-version-title = 第 { $n } 版
hotline-knowledge-versions = 历次版本
hotline-knowledge-uses = 近 30 天用于答复的次数
hotline-knowledge-public-page = 公众看到的页面
hotline-knowledge-state-revising = 正在修订
hotline-knowledge-state-revision-review = 修订待审核

## 检索

hotline-knowledge-title = 热线知识库
hotline-knowledge-search-label = 来电人问什么
hotline-knowledge-search-hint = 照来电人的说法输入，例如“社保卡丢了”“楼上装修太吵”
hotline-knowledge-search-start = 边输入边显示答复，最贴近的排在最前。
hotline-knowledge-none-hint = 换一个更短的说法再试。按下“搜索”后仍没有结果的问法会记入缺口清单，由责任机构补写。
hotline-knowledge-write-this = 编写答复
hotline-knowledge-write = 编写知识
hotline-knowledge-to-entries = 全部知识
hotline-knowledge-to-gaps = 缺口清单
hotline-knowledge-to-search = 去检索
hotline-knowledge-to-entry = 回到这条知识
hotline-knowledge-used = 用它答复了
hotline-knowledge-used-done = 已计入
hotline-knowledge-empty = 知识库里还没有内容
hotline-knowledge-empty-hint = 从来电最多的问题写起，或者用表格一次导入多条。发布后话务员边听边查，公众也能在“常见问题”里读到。
hotline-knowledge-empty-reader = 责任机构发布答复之后，这里就能检索。

## 清单

hotline-knowledge-entries-title = 全部知识
hotline-knowledge-filter-text = 问题或关键词
hotline-knowledge-filter-expiring = 30 天内到期或已到期
hotline-knowledge-none = 没有符合条件的知识
hotline-knowledge-none-filter-hint = 放宽条件再看看。
hotline-knowledge-owner-gone = 负责人已离岗

## 一条知识

hotline-knowledge-expired-title = 已到期，不再用于答复
hotline-knowledge-expired-text = 答复仍然正确的，请续期；有变化的，请修改；不再需要的，请撤回。
hotline-knowledge-owner-gone-text = 原负责人的账号已停用或已调离，待办暂由本机构有编写权限的同事处理。请把它移交给新的负责人。
hotline-knowledge-own-title = 等待同事审核
hotline-knowledge-changed-title = 与已发布版本的差别
hotline-knowledge-changed-since = 与第 { $n } 版的差别
hotline-knowledge-changed-none = 内容相同。
hotline-knowledge-reason-given = 修改原因：{ $reason }
hotline-knowledge-review-title = 审核
hotline-knowledge-review-text = 请核对内容是否准确、依据是否现行有效。发布后，话务员将以{ $organisation }的名义这样答复。
hotline-knowledge-publish = 发布
hotline-knowledge-return = 退回修改
hotline-knowledge-return-note = 需要改什么
hotline-knowledge-return-note-hint = 编写人会在待办里看到，至少 4 个字。
hotline-knowledge-submit = 提交审核
hotline-knowledge-take-back = 收回修改
hotline-knowledge-renew = 续期
hotline-knowledge-withdraw = 撤回
hotline-knowledge-withdraw-reason = 为什么撤回
hotline-knowledge-withdraw-hint = 撤回后不再出现在检索和公众页面，也不能恢复；需要时另写一条。至少 4 个字。
hotline-knowledge-discard = 放弃草稿
hotline-knowledge-discard-text = 草稿不再保留为待办，已发布的版本不受影响。从未发布过的知识会随草稿一起撤回。
hotline-knowledge-hand-over = 移交负责人
hotline-knowledge-remark = 答复有误或过时
hotline-knowledge-remark-what = 哪里不对
hotline-knowledge-remark-hint = 会转给负责人处理。请勿写来电人的姓名和号码，至少 4 个字。
hotline-knowledge-remark-send = 反馈给负责人
hotline-knowledge-remarks-title = 话务员的反馈
hotline-knowledge-remark-closed-by = { $name } 于 { $at } 处理
hotline-knowledge-settle = 处理这条反馈
hotline-knowledge-settle-reply = 处理结果
hotline-knowledge-settle-hint = 例如：经核实答复无误；或：已修改，待发布。至少 4 个字。

hotline-knowledge-step-written = 编写第 { $version } 版
hotline-knowledge-step-submitted = 第 { $version } 版提交审核
hotline-knowledge-step-taken-back = 第 { $version } 版收回修改
hotline-knowledge-step-returned = 第 { $version } 版退回修改
hotline-knowledge-step-published = 第 { $version } 版发布
hotline-knowledge-step-renewed = 申请续期（第 { $version } 版）
hotline-knowledge-step-discarded = 第 { $version } 版草稿放弃
hotline-knowledge-step-expired = 第 { $version } 版到期
hotline-knowledge-step-withdrawn = 第 { $version } 版撤回
hotline-knowledge-step-handed-over = 移交负责人（第 { $version } 版）

## 表单

hotline-knowledge-new-title = 编写知识
hotline-knowledge-edit-title = 修改知识
hotline-knowledge-vouches = 由谁对答复负责
hotline-knowledge-choose-organisation = 换成这个机构
hotline-knowledge-question-hint = 照来电人的说法写成一句问话，不超过 200 字。
hotline-knowledge-aliases-hint = 每行一种问法，最多 20 行，每行不超过 100 字。写上俗称、旧称和方言说法，更容易查到。
hotline-knowledge-short-answer-hint = 电话里直接念的话，不超过 200 字。
hotline-knowledge-answer-hint = 条件、材料、地点、时限、费用、依据，分行写，不超过 4000 字。
hotline-knowledge-keywords-hint = 用空格或逗号隔开，最多 20 个。
hotline-knowledge-service-hint = 本站内的地址，以 / 开头，可以不填。
hotline-knowledge-expires-on-hint = 到这一天起不再用于答复，最长两年。到期前 30 天和 7 天提醒负责人。
hotline-knowledge-owner-hint = 到期提醒和话务员的反馈都交给负责人。
hotline-knowledge-reason = 修改原因
hotline-knowledge-reason-hint = 写给审核人看，例如“文件更新，材料减少一项”。至少 4 个字。
hotline-knowledge-save-submit = 保存并提交审核
hotline-knowledge-well-written = 好答复的样子
hotline-knowledge-well-written-1 = 先说结论，再说怎么办。来电人听第一句就知道能不能办、去哪儿办。
hotline-knowledge-well-written-2 = 不写文件套话，不写内部简称。数字、时限、费用都写明确。
hotline-knowledge-well-written-3 = 拿不准的不写。各县区不一样的，写明以哪里为准。

hotline-knowledge-renewal-title = 续期
hotline-knowledge-renewal-text = 请先通读一遍。内容仍然正确的，填写新的到期日期，由另一位同事核对后生效；有变化的，请改为修改内容。
hotline-knowledge-renewal-reason = 核对情况
hotline-knowledge-renewal-reason-hint = 说明依据什么确认仍然有效，至少 4 个字。
hotline-knowledge-renewal-submit = 提交续期
hotline-knowledge-renewal-edit = 改为修改内容

## 缺口

hotline-knowledge-gaps-title = 缺口清单
hotline-knowledge-gaps-text = 近 90 天里话务员搜索而没有结果的问法，搜得最多的在前。长号码已遮盖。
hotline-knowledge-gaps-none = 没有搜不到的问题
hotline-knowledge-gaps-none-hint = 话务员搜索而没有结果的问法会列在这里，提醒责任机构补写。
hotline-knowledge-gap-text = 问法
hotline-knowledge-gap-searches = 搜索次数
hotline-knowledge-gap-days = 天数
hotline-knowledge-gap-last = 最近一次
hotline-knowledge-gap-close = 已处理

## 导入

hotline-knowledge-import = 批量导入
hotline-knowledge-import-title = 批量导入知识
hotline-knowledge-import-file = 选择表格文件
hotline-knowledge-import-file-hint = CSV 文件，UTF-8 或 GB18030 编码，第一行为列名，最多 { $rows } 行、4 MB。合格的行存为草稿，不合格的行逐条列出，改好后另行导入。
hotline-knowledge-import-submit = 导入为草稿
hotline-knowledge-import-template = 下载模板
hotline-knowledge-import-columns = 各列说明
hotline-knowledge-import-refused = 没有导入
hotline-knowledge-import-done = 已导入 { $n } 条，都存为草稿
hotline-knowledge-import-next = 请逐条核对后提交审核。
hotline-knowledge-import-some = 已导入 { $n } 条，另有 { $wrong } 行没有导入
hotline-knowledge-import-mend = 请按下表改正。只把没有导入的行放进新文件，避免重复。
hotline-knowledge-import-faults = 没有导入的行
hotline-knowledge-import-row = 行号
hotline-knowledge-import-column = 列
hotline-knowledge-import-fault = 原因
hotline-knowledge-import-drafts = 查看草稿
hotline-knowledge-import-another = 再导入一个文件

hotline-knowledge-column-question = 问题，必填，不超过 200 字
hotline-knowledge-column-aliases = 其他问法，用 | 隔开
hotline-knowledge-column-short-answer = 简短答复，必填，不超过 200 字
hotline-knowledge-column-answer = 完整答复，必填，不超过 4000 字，单元格内可以换行
hotline-knowledge-column-organisation = 责任机构的代码，必填，例如 NT-RS
hotline-knowledge-column-owner = 负责人姓名，是该机构在岗人员；不填则为导入人
hotline-knowledge-column-keywords = 关键词，用空格隔开
hotline-knowledge-column-service = 办事链接，以 / 开头
hotline-knowledge-column-audience = public 或“公开”，internal 或“内部”；不填为公开
hotline-knowledge-column-from-on = 生效日期，例如 2026-11-22；不填为今天
hotline-knowledge-column-expires-on = 到期日期；不填为一年后

hotline-knowledge-example-question = 社保卡丢了怎么办？
hotline-knowledge-example-aliases = 社保卡遗失|社会保障卡补办
hotline-knowledge-example-short-answer = 先打 12333 挂失，再带身份证到社保卡服务网点或合作银行补办。
hotline-knowledge-example-answer = 先拨打 12333 或在手机上挂失，再带身份证补办。
hotline-knowledge-example-organisation = NT-RS
hotline-knowledge-example-owner = { "" }
hotline-knowledge-example-keywords = 社保卡 挂失 补办
hotline-knowledge-example-service = /services
hotline-knowledge-example-audience = 公开
hotline-knowledge-example-from-on = { "" }
hotline-knowledge-example-expires-on = { "" }

## 待办

hotline-knowledge-todo-review = 审核热线知识：{ $question }
hotline-knowledge-todo-returned = 修改被退回的热线知识：{ $question }
hotline-knowledge-todo-remark = 处理话务员的反馈：{ $question }
hotline-knowledge-todo-expiring = 热线知识 30 天内到期：{ $question }
hotline-knowledge-todo-expiring-soon = 热线知识 7 天内到期：{ $question }
hotline-knowledge-todo-expired = 热线知识已到期，请续期或撤回：{ $question }

## 公众

hotline-answers-title = 常见问题
hotline-answers-search = 搜索常见问题
hotline-answers-search-hint = 您想问什么？例如“社保卡丢了”
hotline-answers-none-hint = 换一个更短的说法再试，或者拨打 12345，话务员会为您查询。
hotline-answers-empty = 还没有公开的答复
hotline-answers-empty-hint = 各部门发布后会列在这里。现在有问题请拨打 12345。
hotline-answers-organisations = 按部门看
hotline-answers-still = 还有疑问？请拨打 12345，每天 24 小时有人接听。
hotline-answer-service = 去办理
hotline-answer-source = 由{ $organisation }答复，{ $from }起有效，{ $to }前复核。
hotline-answer-near = 您可能还想问

## 错误

error-hotline-knowledge-too-long = 不能超过 { $max } 个字，请缩短
error-hotline-knowledge-too-many = 不能超过 { $max } 项，请删减
error-hotline-knowledge-path = 请填写本站内的地址，以 / 开头，例如 /services
error-hotline-knowledge-expiry-past = 到期日期要晚于今天
error-hotline-knowledge-expiry-before = 到期日期要晚于生效日期
error-hotline-knowledge-expiry-far = 到期日期最远到两年后，到时再续期
error-hotline-knowledge-from-later = 已发布的答复不能改成以后才生效，否则这段时间没有答复。请填今天或更早，并在生效当天发布
error-hotline-knowledge-owner = 请选择该机构的在岗人员
error-hotline-knowledge-owner-named = 该机构没有这个姓名的在岗人员，或者不止一位。请核对姓名；不填则由导入人负责，但导入人要属于该机构
error-hotline-knowledge-organisation = 没有这个机构代码，或者它不在您的编写范围内
error-hotline-knowledge-audience = 请填写 public 或 internal（公开或内部）
error-hotline-knowledge-note-short = 请至少写 { $min } 个字，让同事看得明白
error-hotline-knowledge-not-open = 它正在审核或已经撤回，现在不能修改。正在审核的请先收回。
error-hotline-knowledge-not-draft = 没有可提交的草稿，可能已由同事提交。请重新载入查看。
error-hotline-knowledge-not-in-review = 它不在审核中，可能已由同事处理。请重新载入查看。
error-hotline-knowledge-not-renewable = 现在不能续期：还没有发布、已经撤回，或正在修订。正在修订的请在修订里改到期日期。
error-hotline-knowledge-not-given = 它现在没有用于答复，可能已撤回。请重新载入查看。
error-hotline-knowledge-expired-unpublished = 这一版的到期日期已过，不能发布。请退回，由编写人改到期日期。
error-hotline-knowledge-remark-closed = 这条反馈已由同事处理。
error-hotline-knowledge-file-none = 请先选择一个 CSV 文件。
error-hotline-knowledge-file-encoding = 文件既不是 UTF-8 也不是 GB18030 编码。请在表格软件里另存为“CSV UTF-8”后再导入。
error-hotline-knowledge-file-csv = 文件不是完整的 CSV，可能有引号没有成对。请用模板重新填写。
error-hotline-knowledge-file-columns = 第一行缺少必要的列名：question、short_answer、answer、organisation。请用模板填写。
error-hotline-knowledge-file-long = 行数超过上限。请分成几个文件导入。
error-hotline-knowledge-file-empty = 文件里只有列名，没有内容。
