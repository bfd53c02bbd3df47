# What waits: lists, signs, and what is offered with it
casework-tab-asked = 待答复、待审批
casework-asked-supervision = 督办待答复
casework-asked-assistance = 协办待反馈
casework-asked-extension = 延期待审批
casework-todo-extension = 延期待审批：{ $number } { $title }
casework-todo-total = 待办案件共 { $n } 件，查看全部
casework-todo-total-many = 待办案件在 { $n } 件以上，查看全部
casework-kind-code = 案件类型代码
casework-ask-extension = { $who } 申请把“{ $limit }”时限延长 { $span }：{ $why }
casework-ask-extension-at = { $at } 提出
casework-ask-supervision = { $who } 督办：{ $why }
casework-ask-assistance = 请 { $whom } 协办：{ $why }
casework-extension-undecided = 待审批

# After an act
casework-done-now = 案件现在：{ $stage }，由 { $owner } 办理。
casework-done-closed = 案件已办结：{ $outcome }。
casework-done-split = 已拆分出这一件，请继续受理或派单。
casework-latest = 最近一步：{ $at } { $who } { $what }。案件现在：{ $stage }。
casework-latest-open = 查看最新情况
casework-kept = 您填写的内容还在下面。核对后仍要办理的，请再次提交。
casework-kept-not = 您填写的内容还在下面，可以复制；按案件现在的环节，这一步已不能办理。

# Errors that name their field
casework-fill = 请填写“{ $field }”
casework-fill-length = “{ $field }”请写 { $min } 到 { $max } 个字
error-casework-organisation-several = 有 { $n } 个单位符合，请选择一个
error-casework-organisation-many = 符合的单位很多，请从下面选择，或者多写几个字

# A part of a case
casework-field-part = 这一部分的诉求内容
casework-field-part-hint = 写明从这一件里分出来的是什么事；没有分出来的留在原案件
casework-field-part-reason = 拆分理由

# Photos
casework-photos-reported = 反映时
casework-photos-handling = 办理中
casework-photos-result = 办理结果
casework-photos-inspected = 核查时

# Holidays
casework-day-span = { $from } 至 { $to }
casework-calendar-decree = 依据：{ $source }

# Handover
casework-handover-find-from = 按姓名或单位查找离岗人员
casework-handover-find-to = 按姓名或单位查找接手人员
casework-handover-cases = 在办 { $n } 件
casework-handover-other = 换一个人
casework-handover-nobody = 不指定，退回单位待办
casework-handover-none = 没有找到名下有在办案件的人。
casework-handover-where = 单位
casework-handover-has = 在办案件
