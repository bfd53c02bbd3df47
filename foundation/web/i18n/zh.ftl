## 外壳

web-brand = 江海
web-portal-name = { $city }城市门户
web-workbench-name = 工作台
web-skip = 跳到正文
web-home = 首页
web-nav-label = 主导航
web-nav-toggle = 展开或收起导航
web-nav-close = 收起导航
web-crumbs-label = 当前位置
web-account = 我的账号
web-sign-in = 登录
web-sign-out = 退出登录
web-to-home = 回到首页
web-to-portal = 去城市门户
web-to-workbench = 回到工作台
web-reading-label = 阅读方式
web-text-sample = 字
web-text-smaller = 缩小文字
web-text-larger = 放大文字
web-elder-on = 长者模式
web-elder-off = 退出长者模式
web-foot-help = 需要帮助，请拨打 12345 政务服务热线，每天 24 小时有人接听。
web-foot-api = 数据接口说明
web-foot-staff = 工作人员入口
web-foot-about = 本站由江海城市平台提供服务。

## 工作台导航的分组

web-menu-todo = 待办
web-menu-data = 数据
web-menu-cases = 案件
web-menu-cards = 卡
web-menu-map = 地图
web-menu-admin = 管理
web-menu-portal = 城市门户

## 搜索

web-search-label = 搜索
web-search-submit = 搜索
web-search-workbench-hint = 搜索交付、资源、协议、机构
web-search-portal-hint = 搜索服务、数据、地点
web-search-none = 没有找到与“{ $text }”有关的内容
web-search-none-hint = 换一个更短或更常用的说法再试，例如“社保”“公交”。
web-search-count = 找到 { $n } 项

## 按钮与链接

web-continue = 继续
web-back = 返回
web-save = 保存
web-save-draft = 保存草稿
web-submit = 提交
web-cancel = 取消
web-edit = 修改
web-change = 更改
web-remove = 移除
web-add = 添加
web-view = 查看
web-view-all = 查看全部
web-view-rows = 查看明细
web-download = 下载
web-download-csv = 下载 CSV
web-download-json = 下载 JSON
web-export = 导出
web-print = 打印
web-copy = 复制
web-filter = 筛选
web-filter-clear = 清除筛选
web-sort-by = 按“{ $column }”排序
web-columns = 选择列
web-try-again = 再试一次
web-reload = 重新载入
web-show-more = 显示更多
web-show-less = 收起
web-close = 关闭
web-file-choose = 选择文件
web-file-drop = 把文件拖到这里，或点此选择

## 词

web-yes = 是
web-no = 否
web-all = 全部
web-none = 无
web-unknown = 不详
web-optional = 选填
web-required = 必填
web-error-word = 错误：
web-step-done = 已完成：
web-source = 来源
web-updated-at = 更新于 { $at }
web-as-of = 截至 { $at }
web-since = 自 { $at } 起
web-row-count = 共 { $n } 行
web-item-count = 共 { $n } 项
web-selected-count = 已选 { $n } 项
web-masked = 已遮盖
web-reveal = 查看原文
web-organisation = 机构
web-actor = 经办人
web-time = 时间
web-state = 状态
web-action = 操作
web-summary = 概要
web-timeline = 经过
web-next-step = 下一步
web-help = 帮助

## 状态

web-state-draft = 草稿
web-state-waiting = 等待处理
web-state-running = 进行中
web-state-review = 审核中
web-state-done = 已完成
web-state-published = 已发布
web-state-withdrawn = 已撤回
web-state-refused = 未通过
web-state-cancelled = 已取消
web-state-expired = 已到期
web-state-failed = 未成功
web-loading = 正在载入

## 期限

web-left-days = 还剩 { $n } 天
web-left-hours = 还剩 { $n } 小时
web-left-minutes = 还剩 { $n } 分钟
web-late-days = 已超 { $n } 天
web-late-hours = 已超 { $n } 小时
web-due-today = 今天到期
web-ago-now = 刚刚
web-ago-minutes = { $n } 分钟前
web-ago-hours = { $n } 小时前
web-ago-days = { $n } 天前

## 分页

web-pager-label = 分页
web-pager-previous = 上一页
web-pager-next = 下一页
web-pager-number = 第 { $n } 页

## 表单

web-summary-title = 有几处需要修改
web-check-title = 提交前请核对
web-check-hint = 请逐项看一遍，有不对的可以更改。
web-receipt-number = 受理编号
web-receipt-next = 接下来会怎样
web-known-from = 由{ $organisation }提供

## 出错页的标题

web-error-title-invalid = 有内容需要修改
web-error-title-sign-in = 请先登录
web-error-title-forbidden = 您没有查看这一页的权限
web-error-title-not-found = 没有找到这一页
web-error-title-conflict = 情况已经变化
web-error-title-too-large = 内容超过了大小上限
web-error-title-too-many = 请求太频繁
web-error-title-unavailable = 暂时连不上需要的服务
web-error-title-internal = 这一页没能打开

## 出错页的下一步

web-error-next-invalid = 请返回上一页，按提示修改后再提交。您填写的内容仍在那一页上。
web-error-next-sign-in = 登录后会自动回到您要去的页面。
web-error-next-forbidden = 如果工作需要，请向本单位的平台管理员申请，并告知下面的请求编号。
web-error-next-not-found = 请核对地址是否完整，或者用下面的搜索框查找。
web-error-next-conflict = 请回到上一页并重新载入，查看最新情况后再决定。
web-error-next-too-large = 请把文件拆小，或者去掉不需要的列后再提交。
web-error-next-too-many = 请等一分钟再继续。已经提交的内容不会丢失。
web-error-next-unavailable = 已经提交成功的内容不会丢失。请过一两分钟再打开这一页。
web-error-next-internal = 问题已记录。请过一会儿再打开；如果仍不行，请把下面的请求编号告诉平台运维人员。
web-error-request-id = 请求编号

## 各处都可能遇到的错误

error-not-found = 这个地址下没有内容，可能已移走，也可能不在您的查看范围内。
error-method-not-allowed = 这个地址不支持这种操作。请从页面上的按钮或链接进入。
error-sign-in-needed = 这一页需要登录后才能查看。
error-credential-unknown = 调用凭证无效或已停用。请向发放凭证的单位核对。
error-forbidden = 您的账号没有办理这件事的权限。
error-csrf = 这张表单已失效，可能是停留太久或重新登录过。请返回上一页并重新载入，再提交一次。
error-key-missing = 请求缺少防重复编号（Idempotency-Key）。请为每次提交生成一个 UUID 并放在请求头里。
error-too-large = 提交的内容超过了这里允许的大小。
error-too-many = 短时间内请求太多，请稍等再试。
error-timeout = 处理时间超过了上限，这次操作没有完成。
error-database-away = 暂时连不上数据库，这次操作没有执行。
error-disk-full = 存放文件的磁盘已满，文件没有收下。请联系平台运维人员清理或扩容。
error-conflict = 您打开这一页之后，内容已被他人改动。
error-busy = 同一件事正由他人办理，这次操作没有执行。请稍后重新载入查看结果。
error-malformed-form = 表单内容不完整或无法读出。请返回上一页重新填写。
error-one-file-only = 一次只能提交一个文件，放在“file”一栏里。这份表单没有被接收。
error-malformed-json = 请求正文不是有效的 JSON，或缺少必要的字段。
error-internal = 程序遇到了意料之外的情况，这次操作没有完成。

## 表单里常见的字段错误

error-required = 请填写这一项
error-too-long = 内容太长，请缩短
error-not-a-number = 请填写数字
error-not-a-date = 请按 2026-11-22 的样式填写日期
error-not-a-choice = 请从列出的选项中选择

## 框架补充

error-malformed-request = 请求的地址或参数无法读出。请从页面上的链接重新进入。
error-already-done = 这份内容已经提交过，没有重复办理。请到列表中查看结果。
error-key-reused = 同一个防重复编号已用于另一份内容，这次没有执行。请为新的内容换一个编号。
error-took-too-long = 这次查询花的时间超过了上限。请缩小范围后再试。
error-character-unstorable = 内容里有一个不能使用的字符（U+0000）。请删去后重新提交。
error-collided = 另一项变更正好同时发生，这次没有执行。请再提交一次。
error-audit-day-open = { $day } 的审计记录还没有结束，不能导出。请在第二天再来。
web-reference-title = 数据接口说明
web-reference-lead = 江海平台对外提供的全部接口。机器可读的描述文件：
web-reference-standards = 按公开标准提供的接口
web-reference-parameter = 参数
web-reference-place = 位置
web-reference-kind = 类型
web-reference-meaning = 含义
web-problem-title = 错误代码的含义

## 国家代码与金额

error-citizen-id-blank = 请填写公民身份号码
error-citizen-id-length = 公民身份号码应为 18 位，老证为 15 位，请核对位数
error-citizen-id-character = 公民身份号码只能由数字组成，最后一位可以是 X
error-citizen-id-division = 公民身份号码的前 6 位不是曾经使用过的行政区划代码，请核对
error-citizen-id-birth-date = 公民身份号码中的出生日期在日历上不存在，请核对第 7 至 14 位
error-citizen-id-birth-in-future = 公民身份号码中的出生日期还没有到，请核对第 7 至 14 位
error-citizen-id-checksum = 公民身份号码的最后一位与前面的数字对不上，可能有一位写错了
error-date-blank = 请填写日期
error-date-format = 日期应写成 2026-11-22、20261122 或 2026年11月22日
error-date-not-real = 日历上没有这一天，请核对月份和日期
error-division-blank = 请填写行政区划代码
error-division-format = 行政区划代码应为 6 位数字
error-division-unknown = 从来没有过这个行政区划代码，请核对
error-division-not-in-use = 这个行政区划代码在当时没有使用，请核对代码或日期
error-phone-blank = 请填写电话号码
error-phone-character = 电话号码中有数字和分隔符以外的字符
error-phone-format = 请填写 11 位手机号码，或者带区号的固定电话
error-phone-area-missing = 固定电话缺少区号，例如 0513-85000000
error-uscc-blank = 请填写统一社会信用代码
error-uscc-length = 统一社会信用代码应为 18 位，请核对位数
error-uscc-character = 统一社会信用代码中有不允许的字符（不用 I、O、S、V、Z）
error-uscc-division = 统一社会信用代码的第 3 至 8 位不是行政区划代码，请核对
error-uscc-organisation = 统一社会信用代码中的组织机构代码校验不符，请核对第 9 至 17 位
error-uscc-checksum = 统一社会信用代码的最后一位与前面的字符对不上，可能有一位写错了
error-organisation-code-format = 组织机构代码应为 8 位字符加 1 位校验码
error-organisation-code-checksum = 组织机构代码的校验码对不上，可能有一位写错了
error-money-format = 请填写金额，例如 1280.50
error-money-too-fine = 金额最多保留两位小数
error-money-overflow = 金额太大，超出可以记录的范围
error-money-no-weight = 没有可以用来分摊金额的份额

## 密钥、签名与审计

error-audit-broken = { $day } 的审计记录与校验值对不上，可能被改动过。请立即告知审计人员。
error-keyring-unusable = 平台的密钥文件无法使用，这次操作没有执行。请告知平台运维人员。
error-seal-broken = 这条加密内容无法解开，这次操作没有执行。请告知平台运维人员。
error-signature-invalid = 签名与内容对不上。请核对签名所用的密钥和原文。
error-public-key-malformed = 公钥无法读出。请提供 PEM 格式的 SM2 公钥。
error-file-missing = 没有找到这个文件。请重新选择文件后再提交。
