## 导航

registry-page-menu-deliveries = 数据交付
registry-page-menu-people = 人口库
registry-page-menu-organisations = 法人库
registry-page-menu-places = 地点库
registry-page-menu-statistics = 登记统计
registry-page-menu-map = 区划地图

## 类别与状态

registry-page-kind = 类别
registry-page-kind-person = 人口
registry-page-kind-organisation = 法人
registry-page-kind-place = 地点
registry-page-kind-dataset = 数据集
registry-page-kind-person-hint = 自然人，按公民身份号码归并
registry-page-kind-organisation-hint = 企业、机关、事业单位和社会组织，按统一社会信用代码归并
registry-page-kind-place-hint = 区划、社区、学校、设施等地点，按代码或名称归并
registry-page-kind-dataset-hint = 数据目录中登记的其他数据，按目录里的字段检查
registry-page-state-received = 等待处理
registry-page-state-checking = 正在查看
registry-page-state-mapping = 等待列对应
registry-page-state-landing = 正在入库
registry-page-state-done = 已入库
registry-page-state-partial = 部分入库
registry-page-state-failed = 未能读取
registry-page-state-cancelled = 已取消

## 交付列表

registry-page-deliveries = 交付
registry-page-deliveries-title = 数据交付
registry-page-deliver = 交付数据
registry-page-deliveries-empty = 还没有交付过数据
registry-page-deliveries-empty-hint = 部门把 CSV 或 XLSX 文件交付到这里，逐行检查后进入城市基础库。先交付第一份文件。
registry-page-deliveries-empty-reader = 部门交付的文件会列在这里。需要交付时，请向本单位的平台管理员申请“交付数据”的权限。
registry-page-deliveries-none = 没有符合条件的交付
registry-page-deliveries-none-hint = 换一个状态、类别或单位，或者清除筛选查看全部。
registry-page-to-deliveries = 查看交付
registry-page-file = 文件
registry-page-provider = 交付单位
registry-page-received = 收到时间
registry-page-rows-read = 读取行数
registry-page-rows-landed = 入库行数
registry-page-rows-rejected = 未通过行数
registry-page-unit-rows = 行

## 新的交付

registry-page-new-title = 交付数据
registry-page-new-kind = 交付的是什么
registry-page-new-resource = 目录中的数据集
registry-page-new-resource-hint = 只在上面选“数据集”时需要选择。
registry-page-new-resource-choose = 请选择数据集
registry-page-new-provider-hint = 数据归哪个单位。您只能代表自己权限范围内的单位交付。
registry-page-new-file-hint = CSV 或 XLSX，不超过 { $size }。
registry-page-new-submit = 交付文件
registry-page-new-no-provider = 您的账号不能代表任何单位交付
registry-page-new-no-provider-hint = 请向本单位的平台管理员申请“交付数据”的权限。
registry-page-new-corrects = 正在交付“{ $file }”更正后的文件
registry-page-new-corrects-hint = 可以只交付改好的行，也可以交付完整文件：已经入库且没有变化的行不会重复。
registry-page-accepted = 可以交付怎样的文件
registry-page-accepted-format = 格式：CSV（逗号、分号或制表符分隔）或 XLSX，读取第一张有内容的工作表。
registry-page-accepted-encoding = 编码：UTF-8 或 GB18030（含 GBK、GB2312），自动识别。
registry-page-accepted-header = 有一行列名。常见的列名会自动对应，认不出的列会请您确认。
registry-page-accepted-bad = 有问题的行不入库，会列出行号、列名和原因；其余的行照常入库。
registry-page-accepted-twice = 重复交付同一份文件不会改变任何数据。
registry-page-columns-of = “{ $kind }”可以有哪些列
registry-page-blank = 下载空白模板（CSV）
registry-page-columns-hint = 列名不必完全一致，也可以缺少非必填的列。

## 一次交付

registry-page-refresh = 刷新
registry-page-progress-waiting = 正在排队
registry-page-progress-running = 正在入库
registry-page-progress-result = 入库结果
registry-page-progress-read = 已读取 { $percent }%，{ $rows } 行
registry-page-left-seconds = 大约还需 { $n } 秒
registry-page-left-minutes = 大约还需 { $n } 分钟
registry-page-figure-read = 读取
registry-page-figure-new = 新增
registry-page-figure-updated = 更新
registry-page-figure-unchanged = 未变
registry-page-figure-mended = 自动整理
registry-page-figure-rejected = 未通过
registry-page-paused-disk-full = 暂停：磁盘已满。腾出空间后会自动继续，已经入库的行不受影响。
registry-page-paused-busy = 暂停：数据库正忙，稍后自动继续。
registry-page-paused-database-away = 暂停：连不上数据库，恢复后自动继续。
registry-page-cancel = 取消交付
registry-page-cancel-confirm = 停止读取这份文件。已经入库的行会保留，其余的行不再处理。
registry-page-correct = 交付更正后的文件
registry-page-rejects-download = 下载未通过的行
registry-page-mapping-go = 确认列的对应
registry-page-mapping-needed = 有的列认不出是什么
registry-page-mapping-needed-hint = 文件已经妥善保存，还没有任何一行入库。确认列的对应之后就会开始。
registry-page-failed = 这份文件没有入库
registry-page-cancelled = 这次交付已取消
registry-page-cancelled-hint = 取消前已经入库的行保留在库中。重新交付同一份文件会从头检查，不会产生重复。
registry-page-done-some = { $n } 行没有通过检查，其余的行已经入库
registry-page-done-none = { $n } 行都没有通过检查，没有任何一行入库
registry-page-done-settled = 这些行已经更正或放弃，不再需要处理。
registry-page-done-some-hint = 下载未通过的行，按原因改好后再交付一次。
registry-page-done-same = 内容与库中一致，没有改变任何数据
registry-page-done-same-hint = 这份文件的每一行都已经在库中。
registry-page-done-same-file = 同一份文件以前交付过
registry-page-done-same-open = 查看那次交付
registry-page-done-all = 全部 { $n } 行已经入库
registry-page-rules = 没有通过的原因
registry-page-rules-caption = 一行可能有多处问题，每处各计一次。点原因可以查看这些行。
registry-page-rule = 原因
registry-page-rejects-first = 最先遇到的问题
registry-page-rejects-all = 查看全部 { $n } 行
registry-page-row = 行号
registry-page-column = 列名
registry-page-attribute = 数据项
registry-page-value = 值
registry-page-problem = 问题和改法
registry-page-whole-row = 整行
registry-page-empty-value = 空
registry-page-columns-used = 列的对应
registry-page-column-unused = 不使用这一列
registry-page-fact-provider = 交付单位
registry-page-fact-person = 交付人
registry-page-fact-what = 类别
registry-page-fact-resource = 数据集
registry-page-fact-format = 格式
registry-page-fact-digest = 文件摘要（SM3）
registry-page-settle = 不再更正
registry-page-settle-confirm = 未通过的行不再列入待办。报告仍可查看和下载。
registry-page-fact-corrects = 更正的是
registry-page-fact-corrected-by = 由后来的交付更正
registry-page-fact-sheet = 工作表“{ $sheet }”
registry-page-event-received = 收到文件
registry-page-event-by = { $who }交付
registry-page-event-started = 开始检查和入库
registry-page-event-running = 正在入库
registry-page-event-waiting = 等待确认列的对应
registry-page-event-finished = 入库完成
registry-page-event-failed = 未能继续
registry-page-event-cancelled = 已取消
registry-page-event-cancel-asked = 要求取消，正在停下
registry-page-event-took = 用时 { $time }
registry-page-took-seconds = { $n } 秒
registry-page-took-minutes = { $m } 分 { $n } 秒
registry-page-took-moment = 不到 1 秒

## 交付的记录

registry-page-landed-title = 入库的记录
registry-page-landed-new = 新增的
registry-page-landed-updated = 更新的
registry-page-landed-none = 没有这样的记录
registry-page-landed-none-hint = 这次交付带来的值可能已被后来的交付更新。
registry-page-landed-lead = 这里列出仍在使用这次交付的值的记录；后来又被更新的不再列出。

## 列的对应

registry-page-mapping-title = 确认列的对应
registry-page-mapping-lead = 还缺少：{ $missing }。请从下面的列里指出来，其他列可以不使用。
registry-page-mapping-caption = 示例取自文件最前面的几行，可能涉及个人信息的值已遮盖。
registry-page-mapping-samples = 示例
registry-page-mapping-label = “{ $column }”对应的数据项
registry-page-mapping-suggested = 按内容推测，请核对
registry-page-mapping-required = { $label }（必需）
registry-page-mapping-kept = 本单位下次交付同样列名的文件时，会沿用这里的选择。
registry-page-mapping-submit = 确认并开始入库
registry-page-header-empty = （没有列名）

error-registry-page-mapping-twice = 有两列都选了“{ $label }”，请只保留一列，另一列选“不使用这一列”
error-registry-page-mapping-missing = 还没有列对应“{ $labels }”，请在下面选出来；如果文件里没有，请补上后重新交付
error-registry-page-file-missing = 请选择要交付的文件
error-registry-page-resource-missing = 交付数据集时，请选择是目录中的哪一个

## 未通过的行

registry-page-rejects-title = 未通过的行
registry-page-rejects-lead = 下载的文件保留原来的各列，最后加一列说明原因。改好后可以直接交付，那一列会被忽略。
registry-page-rejects-none = 没有未通过的行
registry-page-rejects-none-hint = 这次交付的每一行都通过了检查。
registry-page-rejects-narrow = 没有因为这个原因未通过的行
registry-page-rejects-narrow-hint = 清除筛选可以查看全部未通过的行。

## 查询

registry-page-people-title = 人口库
registry-page-organisations-title = 法人库
registry-page-places-title = 地点库
registry-page-search-name = 姓名
registry-page-search-organisation = 机构名称
registry-page-search-place = 地点名称
registry-page-search-id = 公民身份号码
registry-page-search-uscc = 统一社会信用代码
registry-page-search-code = 地点代码
registry-page-search-phone = 手机号
registry-page-search-division = 所在区县
registry-page-search-people = 查找人口
registry-page-search-organisations = 查找机构
registry-page-search-places = 查找地点
registry-page-filters = 查询条件
registry-page-filter-remove = 去掉这个条件
registry-page-filter-id = 公民身份号码已填
registry-page-filter-phone = 手机号已填
registry-page-people-start = 请输入要查找的人
registry-page-people-start-hint = 可以填姓名开头的字（至少两个字），也可以填完整的公民身份号码或手机号。号码不会出现在地址栏里。
registry-page-records-none = 没有找到
registry-page-none-people = 请核对姓名开头的字，或者改用完整的公民身份号码或手机号查找。
registry-page-none-organisations = 请核对机构名称开头的字，或者改用完整的 18 位统一社会信用代码查找。
registry-page-none-places = 请核对地点名称开头的字，或者换一个区县。
registry-page-sources = 来源数
registry-page-changed = 最近更新
registry-page-sex = 性别
registry-page-born = 出生日期
registry-page-industry = 行业
registry-page-established = 成立日期
registry-page-category = 类别
registry-page-unnamed = （没有名称）

error-registry-page-name-short = 姓名至少填两个字，例如“张伟”
error-registry-page-search-empty = 请填写姓名、公民身份号码、手机号中的至少一项，或者选择区县
error-registry-page-id-number = 请填写完整的 18 位公民身份号码（或 15 位旧号码），并核对最后一位
error-registry-page-phone = 请填写完整的手机号或带区号的固定电话，例如 13812345678
error-registry-page-uscc = 请填写完整的 18 位统一社会信用代码，并核对每一位
error-registry-page-purpose = 请用至少四个字写明查看的用途，例如“办理低保复核”

## 一条记录

registry-page-record-caption = 每一项取一个值；其他部门交付的不同值可以展开查看。
registry-page-source = 来源与规则
registry-page-sensitive = 敏感
registry-page-differing = 另有 { $n } 个不同的值
registry-page-purpose = 用途
registry-page-purpose-hint = 写明为办理什么事而查看。用途、时间和您的姓名会记入审计，不能删除。
registry-page-reveal-submit = 查看原文
registry-page-revealed-title = { $label }的原文
registry-page-revealed-at = 查看时间
registry-page-revealed = 这次查看已记入审计
registry-page-revealed-hint = 原文只在这一页显示一次，离开后需要重新填写用途才能再看。请不要截图或另存。
registry-page-revealed-back = 看完了，回到记录
registry-page-record-sources = 数据来自
registry-page-chosen-only = 唯一来源
registry-page-chosen-agree = { $n } 个部门的值一致
registry-page-chosen-ranked = 各部门不一致，依规则取用：{ $basis }
registry-page-chosen-latest = 各部门不一致，取最近收到的
registry-page-choice-title = 值是怎样选出的
registry-page-choice-text = 几个部门对同一项有不同的值时，先取主管部门的，再取最近收到的。每个部门交付的值都保留着。

## 区划地图

registry-page-map-title = 区划地图
registry-page-map-measures = 看什么
registry-page-map-empty = 地图上还没有可以统计的数据
registry-page-map-empty-hint = 人口或法人数据入库后，这里按区县显示数量。
registry-page-map-heading = { $what }合计 { $n } { $unit }
registry-page-map-label = 南通市各区县的{ $what }地图
registry-page-map-attribution = 边界：2015 年，示意
registry-page-map-instead = 地图需要浏览器支持脚本。
registry-page-map-to-numbers = 查看各区县的数字
registry-page-map-note = 边界是 2015 年的示意图，不作划界依据。2020 年崇川区与港闸区合并为新的崇川区，海门市改为海门区：地图按今天的区划合并显示和计数。
registry-page-map-numbers = 各区县排序
registry-page-map-both = 各区县的全部数字
registry-page-division = 区县
registry-page-division-code = 区划代码
registry-page-division-elsewhere = 市外或未填区县
registry-page-population = 登记人口
registry-page-enterprises = 登记法人
registry-page-unit-people = 人
registry-page-unit-organisations = 家
registry-page-unit-places = 处
registry-page-from-people = 来源：人口库，按现住地区县统计
registry-page-from-organisations = 来源：法人库，按登记地区县统计

## 登记统计

registry-page-statistics-title = 登记统计
registry-page-statistics-empty = 还没有可以统计的数据
registry-page-statistics-empty-hint = 部门交付的数据入库后，这里显示人口、法人和交付质量的统计。
registry-page-statistics-none = 这一项还没有数据。
registry-page-places = 登记地点
registry-page-statistics-county = 各区县人口
registry-page-statistics-sex = 人口性别
registry-page-statistics-age = 人口年龄
registry-page-statistics-rate = 各单位未通过率排序
registry-page-statistics-providers = 各单位交付的数量与质量
registry-page-people-male = 男
registry-page-people-female = 女
registry-page-people-sex-other = 未说明
registry-page-age-band = 周岁
registry-page-age-over = { $from } 岁以上
registry-page-reject-rate = 未通过率
registry-page-rejected-per-mille = 每千行未通过
registry-page-unit-per-mille = 行/千行
registry-page-note = { $source }，截至 { $at }
registry-page-source-people = 来源：人口库
registry-page-source-organisations = 来源：法人库
registry-page-source-places = 来源：地点库
registry-page-source-deliveries = 来源：全部交付
registry-page-statistics-age-note = 来源：人口库，年龄按出生年份算，截至 { $at }

## 城市概览

registry-page-glance-people = 登记人口
registry-page-glance-organisations = 登记法人
registry-page-glance-places = 登记地点
registry-page-glance-born = 按出生年代
registry-page-glance-established = 按成立年份
registry-page-glance-decade = { $year } 年代
registry-page-glance-year = { $year } 年
registry-page-glance-source-people = 城市人口基础库，由各部门交付归并
registry-page-glance-source-organisations = 城市法人基础库，由各部门交付归并
registry-page-glance-source-places = 城市地点基础库，由各部门交付归并

## 待办

registry-page-todo-mapping = 确认“{ $file }”各列的对应（{ $provider }）
registry-page-todo-rejects = 更正“{ $file }”中未通过的 { $n } 行（{ $provider }）
registry-page-todo-failed = 重新交付没有读出的“{ $file }”（{ $provider }）

## 检查的原因和改法

registry-page-rule-citizen-id-blank = 公民身份号码为空
registry-page-mend-citizen-id-blank = 补上号码。
registry-page-rule-citizen-id-length = 公民身份号码位数不对
registry-page-mend-citizen-id-length = 应为 18 位，老证为 15 位。
registry-page-rule-citizen-id-character = 公民身份号码有不允许的字符
registry-page-mend-citizen-id-character = 只用数字，最后一位可以是 X。
registry-page-rule-citizen-id-division = 公民身份号码的前 6 位不是任何时期的区划代码
registry-page-mend-citizen-id-division = 按证件核对前 6 位。
registry-page-rule-citizen-id-birth-date = 公民身份号码里的出生日期不存在
registry-page-mend-citizen-id-birth-date = 按证件核对第 7 至 14 位。
registry-page-rule-citizen-id-birth-in-future = 公民身份号码里的出生日期还没有到
registry-page-mend-citizen-id-birth-in-future = 按证件核对第 7 至 14 位。
registry-page-rule-citizen-id-checksum = 公民身份号码的校验位不符
registry-page-mend-citizen-id-checksum = 有一位写错了，按证件逐位核对。
registry-page-rule-date-blank = 日期为空
registry-page-mend-date-blank = 补上日期。
registry-page-rule-date-format = 日期的写法认不出
registry-page-mend-date-format = 写成 2026-11-22、20261122 或 2026年11月22日。
registry-page-rule-date-not-real = 日历上没有这一天
registry-page-mend-date-not-real = 核对月份和日期。
registry-page-rule-date-in-future = 日期还没有到
registry-page-mend-date-in-future = 这一项只能是已经发生的日期，请核对年份。
registry-page-rule-division-blank = 区划代码为空
registry-page-mend-division-blank = 补上 6 位代码。
registry-page-rule-division-format = 区划代码不是 6 位数字
registry-page-mend-division-format = 写成 6 位代码，例如 320613。
registry-page-rule-division-unknown = 没有这个区划
registry-page-mend-division-unknown = 核对代码或名称，例如 320613 或 崇川区。
registry-page-rule-division-not-in-use = 区划代码当时没有使用
registry-page-mend-division-not-in-use = 换成当时使用的代码。
registry-page-rule-division-ambiguous = 有几个区划叫这个名称
registry-page-mend-division-ambiguous = 改写 6 位代码，或写明所在的省和市。
registry-page-rule-phone-blank = 电话号码为空
registry-page-mend-phone-blank = 补上号码。
registry-page-rule-phone-character = 电话号码有不允许的字符
registry-page-mend-phone-character = 只保留数字和连字符。
registry-page-rule-phone-format = 电话号码不完整
registry-page-mend-phone-format = 写 11 位手机号，或带区号的固定电话。
registry-page-rule-phone-area-missing = 固定电话缺少区号
registry-page-mend-phone-area-missing = 加上区号，例如 0513-85000000。
registry-page-rule-uscc-blank = 统一社会信用代码为空
registry-page-mend-uscc-blank = 补上代码。
registry-page-rule-uscc-length = 统一社会信用代码位数不对
registry-page-mend-uscc-length = 应为 18 位。
registry-page-rule-uscc-character = 统一社会信用代码有不允许的字符
registry-page-mend-uscc-character = 不用字母 I、O、S、V、Z，核对是否与数字混淆。
registry-page-rule-uscc-division = 统一社会信用代码的第 3 至 8 位不是区划代码
registry-page-mend-uscc-division = 按执照核对这几位。
registry-page-rule-uscc-organisation = 统一社会信用代码里的组织机构代码校验不符
registry-page-mend-uscc-organisation = 按执照核对第 9 至 17 位。
registry-page-rule-uscc-checksum = 统一社会信用代码的校验位不符
registry-page-mend-uscc-checksum = 有一位写错了，按执照逐位核对。
registry-page-rule-missing = 缺少必填的值
registry-page-mend-missing = 补上这一项。
registry-page-rule-too-long = 内容太长
registry-page-mend-too-long = 最多 { $detail } 个字符。
registry-page-rule-code-unknown = 不在代码表中
registry-page-mend-code-unknown = 可以填：{ $detail }
registry-page-rule-code-set-missing = 平台缺少这一项的代码表
registry-page-mend-code-set-missing = 请平台管理员导入数据标准后重新交付。
registry-page-rule-name-character = 姓名有不应出现的字符
registry-page-mend-name-character = 去掉“{ $detail }”一类的数字和符号。
registry-page-rule-control-character = 含有看不见的控制字符
registry-page-mend-control-character = 删除后重新输入这一格。
registry-page-rule-email-format = 电子邮箱的写法不对
registry-page-mend-email-format = 写成 name@example.cn 的样式。
registry-page-rule-boolean-format = 应填是或否
registry-page-mend-boolean-format = 填“是”或“否”。
registry-page-rule-instant-format = 时间的写法认不出
registry-page-mend-instant-format = 写成 2026-11-22 15:04。
registry-page-rule-point-format = 坐标的写法认不出
registry-page-mend-point-format = 写成“经度,纬度”，例如 120.86,32.01。
registry-page-rule-degrees-range = 坐标超出范围
registry-page-mend-degrees-range = 应在 { $detail } 之间，核对经度和纬度是否写反。
registry-page-rule-year-format = 年份的写法认不出
registry-page-mend-year-format = 写成 4 位数字，例如 2015。
registry-page-rule-digits-format = 应为数字代码
registry-page-mend-digits-format = 只保留数字，前面的 0 不要丢。
registry-page-rule-integer-format = 应为整数
registry-page-mend-integer-format = 去掉小数和单位。
registry-page-rule-decimal-format = 应为数字
registry-page-mend-decimal-format = 去掉单位和文字。
registry-page-rule-birth-disagrees = 出生日期与公民身份号码不符
registry-page-mend-birth-disagrees = 核对两者哪个写错了。
registry-page-rule-sex-disagrees = 性别与公民身份号码不符
registry-page-mend-sex-disagrees = 核对两者哪个写错了。
registry-page-rule-died-before-birth = 死亡日期早于出生日期
registry-page-mend-died-before-birth = 核对死亡日期。
registry-page-rule-guardian-is-self = 监护人是本人
registry-page-mend-guardian-is-self = 填写监护人的号码。
registry-page-rule-formula-cell = 单元格是公式
registry-page-mend-formula-cell = { $detail } 是公式，请粘贴为数值。
registry-page-rule-error-cell = 单元格是错误值
registry-page-mend-error-cell = { $detail } 显示为错误，请改成正确的值。
registry-page-rule-number-lost-digits = 数字被表格软件截断
registry-page-mend-number-lost-digits = { $detail } 的后几位已丢失，请把该列设为文本后重新填写。
registry-page-rule-row-encoding = 这一行有无法识别的字节
registry-page-mend-row-encoding = 从第 { $detail } 个字节起编码不对，请用 UTF-8 或 GB18030 重新保存。
registry-page-rule-row-ragged = 这一行的列数与表头不同
registry-page-mend-row-ragged = 有几列、应有几列：{ $detail }。检查是否缺少或多出分隔符。
registry-page-rule-quote-unclosed = 引号没有成对
registry-page-mend-quote-unclosed = 补上缺少的引号。
registry-page-rule-file-ends-in-quotes = 文件在引号中间中断
registry-page-mend-file-ends-in-quotes = 文件可能没有传完，请重新导出。
registry-page-rule-row-too-long = 这一行太长
registry-page-mend-row-too-long = 一行不能超过 { $detail } MB，检查是否缺少换行或引号。
registry-page-rule-cell-too-long = 单元格内容太长
registry-page-mend-cell-too-long = { $detail } 列的内容超过上限，请缩短。

## 文件不能使用的原因

registry-page-failure-file-empty = 文件里没有内容。请确认导出成功后重新交付。{ $detail }
registry-page-failure-file-unreadable = 保存的文件读不出来。请联系平台运维人员。{ $detail }
registry-page-failure-encoding-wrong = 文件的编码是 { $detail }。请另存为 UTF-8 或 GB18030 的 CSV 后重新交付。
registry-page-failure-file-not-text = 文件既不是文本也不是 XLSX。请导出为 CSV 或 XLSX 后重新交付。{ $detail }
registry-page-failure-format-wrong = 这是 { $detail } 文件。请另存为 CSV 或 XLSX 后重新交付。
registry-page-failure-workbook-encrypted = 工作簿设了密码。请去掉密码后重新交付。{ $detail }
registry-page-failure-workbook-too-large = 工作簿解开后超过上限（{ $detail }）。请拆成几份，或导出为 CSV 后交付。
registry-page-failure-workbook-damaged = 工作簿不完整或已损坏。请用表格软件打开确认，另存后重新交付。（技术信息：{ $detail }）
registry-page-failure-header-duplicate = 有两列说的是同一项：{ $detail }。请删去或改名其中一列后重新交付。
registry-page-failure-header-absent = 文件没有列名：第一行就是数据。请在最上面加一行列名（例如“姓名,身份证号”）后重新交付。{ $detail }
registry-page-failure-header-missing = 缺少必需的列：{ $detail }。请在第一行写上列名，补齐后重新交付。
registry-page-failure-too-many-columns = 列数超过上限。请去掉不需要的列后重新交付。{ $detail }
registry-page-failure-resource-gone = 目录里已没有这个数据集，或者它不再接收数据。请查看数据目录。{ $detail }

## 取值规则

registry-page-menu-rules = 取值规则
registry-page-rules-of-choice = 取值规则
registry-page-rules-of-choice-lead = 几个部门对同一项有不同的值时，以排在前面的部门为准；没有排序的，以最近收到的为准。
registry-page-rules-bases = 基础库
registry-page-order = 以谁为准
registry-page-order-latest = 最近收到的
registry-page-order-change = 调整
registry-page-order-change-of = 调整“{ $label }”的顺序
registry-page-keeper-title = 基础库主管单位
registry-page-keeper-hint = 主管单位编目的基础库资源提供各部门汇聚后的值；其他单位的资源提供本单位交付的值。
registry-page-keeper = 主管单位
registry-page-keeper-none = 未指定
registry-page-revision-running = 正在按 { $at } 的新顺序重新确定取值
registry-page-revision-title = 最近一次重新确定
registry-page-revision-figures = 核对了 { $seen } 个有多个来源的对象，其中 { $changed } 个的取值或来源有变化。
registry-page-rule-lead = 选择哪些单位的值优先，并写明依据。依据会显示在每条登记信息的来源旁边。
registry-page-rule-none = 还没有单位交付过这类数据
registry-page-rule-none-hint = 有单位交付数据之后，才能排出先后。
registry-page-place-column = 顺序
registry-page-place = 第 { $n } 位
registry-page-place-none = 不排序
registry-page-place-of = { $name }的顺序
registry-page-basis = 依据
registry-page-basis-of = { $name }的依据
registry-page-basis-example = 例如：户口登记机关
registry-page-rule-effect = 保存后，已有的登记信息会在后台按新的顺序重新确定，各部门交付的值都不会改动。

## The API reference

registry-reference-title = 基础库与数据交付
