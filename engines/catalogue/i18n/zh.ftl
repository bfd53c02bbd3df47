# 目录：数据标准、信息资源、公共数据。

## 菜单与搜索

catalogue-menu-open = 公共数据
catalogue-menu-resources = 数据目录
catalogue-menu-reviews = 目录审核
catalogue-menu-elements = 数据元
catalogue-menu-code-sets = 代码集
catalogue-found-open = 公共数据
catalogue-found-directory = 数据目录
catalogue-todo-review = 审核“{ $title }”（{ $provider }）
catalogue-todo-returned = 修改被退回的“{ $title }”
catalogue-search = 关键词

## 公共数据：查找

catalogue-open-title = 公共数据
catalogue-open-lead = 各部门向社会开放的数据，可以在线查看、下载，也可以用程序读取。无需登录。
catalogue-open-search-label = 在公共数据中搜索
catalogue-described-only = 只有说明，数据还没有开放
catalogue-open-search-hint = 例如：行政区划、企业登记、事项清单
catalogue-open-filters = 已选的筛选条件
catalogue-open-count = 找到 { $n } 项数据
catalogue-open-loosely = 没有同时包含所有词的数据，以下包含其中一部分。
catalogue-open-none = 没有找到这样的数据
catalogue-open-none-hint = 换一个更短的词，或者去掉一些筛选条件。如果您需要的数据还没有开放，可以拨打 12345 提出。
catalogue-open-all = 查看全部公共数据
catalogue-open-order = 排列顺序
catalogue-order-rank = 最相关
catalogue-order-newest = 最近更新
catalogue-order-title = 按名称
catalogue-machines-title = 供程序使用
catalogue-machines-lead = 整个目录也以国际通用格式提供。
catalogue-machines-dcat = DCAT-AP 目录描述（Turtle）
catalogue-machines-ckan = CKAN 接口

## 公共数据：一项

catalogue-about = 关于这项数据
catalogue-chart = 图表
catalogue-map = 地图
catalogue-map-without = 这里用地图显示各行的位置。看不到地图时，请看下面的表格。
catalogue-map-download = 下载 GeoJSON
catalogue-preview = 数据预览
catalogue-preview-caption = 点列名可以排序；预览最多显示 20 行，完整数据请下载。
catalogue-rows-not-yet = 数据尚未送达
catalogue-rows-not-yet-hint = 目录已经公布，提供单位还没有交付数据。可以向下方列出的联系人询问。
catalogue-rows-described = 这里只有说明，没有数据
catalogue-rows-described-hint = 这项数据没有接入平台。需要使用时，请联系提供单位。
catalogue-published-at = 发布日期
catalogue-licence = 使用许可
catalogue-licence-meaning = 可以自由使用、加工和再发布，只需注明来源。
catalogue-updates = 更新记录
catalogue-update-rows = 更新 { $n } 行
catalogue-to-workbench = 在工作台中查看
catalogue-to-portal = 查看公开页面
catalogue-interface-title = 用程序读取
catalogue-interface-lead = 不需要密钥。回答是 JSON，每行一个对象，字段名见下表。
catalogue-interface-first = 读取前 100 行
catalogue-interface-next = 回答末尾的 next 不为空时，把它作为 after 参数带上，就能接着读下去。
catalogue-interface-more = 只要一部分列，并排好顺序
catalogue-interface-bound = 一次最多返回 { $n } 行。
catalogue-interface-other = 其他方式
catalogue-interface-csv = CSV，首行为字段名
catalogue-parameter-fields = 要哪些字段，用逗号分隔；不写就是全部。
catalogue-parameter-where = 筛选条件，写作 字段:比较:值，比较有 eq（等于）、in（在其中，值用 | 分隔）、prefix（开头是）、ge（不小于）、le（不大于）；可以写多个，须同时满足。
catalogue-parameter-sort = 按哪个字段排序；前面加减号表示从大到小。
catalogue-parameter-limit = 最多要多少行。
catalogue-parameter-after = 上一次回答中的 next。
catalogue-parameter-headers = 仅用于 CSV：写 names 时首行用字段名，不写时用中文名。

## 信息资源的各个部分

catalogue-code = 信息资源代码
catalogue-provider = 提供单位
catalogue-title = 资源名称
catalogue-title-en = 英文名称
catalogue-description = 摘要
catalogue-description-en = 英文摘要
catalogue-keywords = 关键词
catalogue-theme = 主题
catalogue-format = 格式
catalogue-cycle = 更新周期
catalogue-class = 数据分级
catalogue-sharing = 共享类型
catalogue-terms = 共享条件或不予共享的依据
catalogue-condition = 共享条件
catalogue-basis = 不予共享的依据
catalogue-open = 向社会开放
catalogue-open-short = 开放
catalogue-contact = 联系方式
catalogue-rows = 数据来源
catalogue-rows-none = 只登记目录，不接入数据
catalogue-state = 状态
catalogue-changed = 最近变动
catalogue-submitted-at = 提交时间
catalogue-versions = 版本
catalogue-version-number = 第 { $n } 版

## 字段

catalogue-fields-title = 字段
catalogue-fields-hint = 字段名用小写英文字母、数字和下划线。关联数据元后，交付的数据会按数据元的规则逐行检查。空行不会保存。
catalogue-fields-none = 还没有字段
catalogue-fields-none-hint = 编写草稿时逐行填写字段，至少要有一个。
catalogue-field-order = 顺序
catalogue-field-name = 字段名
catalogue-field-label = 中文名
catalogue-field-label-en = 英文名
catalogue-field-element = 数据元
catalogue-field-type = 类型
catalogue-field-unit = 单位
catalogue-field-meaning = 含义
catalogue-field-required = 必填
catalogue-field-new = （新增）
catalogue-field-gone = （删除）
catalogue-field-n = 字段 { $n }
catalogue-more-rows = 再加十行字段

## 工作台：目录

catalogue-resources-title = 数据目录
catalogue-views = 常用视图
catalogue-view-all = 全部
catalogue-view-own = 本单位
catalogue-view-drafts = 草稿
catalogue-view-review = 待审核
catalogue-view-conditional = 有条件共享
catalogue-list-none = 没有符合条件的资源
catalogue-list-none-hint = 去掉一些条件再看。
catalogue-list-empty = 目录还是空的
catalogue-list-empty-hint = 这里登记各单位有哪些数据、谁能用、怎么用。从编写第一项资源开始。
catalogue-new-action = 登记新资源
catalogue-new-title = 登记新资源
catalogue-editor-title = 编写草稿
catalogue-edit-draft = 继续编写
catalogue-edit-next = 编写下一版
catalogue-provider-hint = 数据归哪个单位负责。
catalogue-code-hint = 不填时按主题自动编号。已有代码的请照填，例如 306001/000012。
catalogue-title-hint = 说清楚是什么数据，不写文件名和系统名。
catalogue-description-hint = 两句话：数据是什么，怎样得来、用来做什么。
catalogue-keywords-hint = 别人会用哪些词来找它，用顿号或分号隔开。
catalogue-class-hint = 不得低于任何一个字段的分级。
catalogue-terms-hint = 有条件共享的写明条件；不予共享的写明法律、行政法规或党中央、国务院政策的条款。
catalogue-open-check = 向社会开放分级为“公开”的字段
catalogue-contact-hint = 处室和办公电话，不写个人手机。
catalogue-rows-hint = 数据交付后放在哪里。只登记目录的选第一项。
catalogue-missing-title = 提交审核前还需要补全：
catalogue-submit = 提交审核
catalogue-publish = 发布
catalogue-publish-confirm = 发布后这一版不能再改，需要改动时编写下一版。
catalogue-own-work-title = 您参与了这一版的编写
catalogue-own-work-text = 编写和发布须由不同的人办理，请同事来发布。
catalogue-own-work-short = 本人编写
catalogue-return = 退回修改
catalogue-return-reason = 退回原因
catalogue-return-hint = 写明哪里要改、怎么改，编写人会看到。
catalogue-withdraw-open = 撤回这项资源
catalogue-withdraw = 撤回
catalogue-withdraw-reason = 撤回原因
catalogue-withdraw-hint = 公开页面会立即下线，已有的共享协议也不能再调用。
catalogue-withdraw-confirm = 撤回后公众和其他部门都不能再使用这项资源。
catalogue-changes = 改动
catalogue-changes-since = 查看与已发布版本的差别
catalogue-changes-title = 版本差别
catalogue-changes-lead = 从第 { $from } 版到第 { $to } 版
catalogue-changes-none = 两个版本内容相同
catalogue-changes-none-hint = 没有改动需要核对。
catalogue-part = 项目
catalogue-before = 原来
catalogue-after = 现在
catalogue-back-to-resource = 返回资源
catalogue-reviews-title = 目录审核
catalogue-reviews-lead = 等得最久的排在最前。自己编写的版本要由同事来审核。
catalogue-reviews-none = 没有等待审核的资源
catalogue-reviews-none-hint = 编写人提交后会出现在这里，也会出现在待办中。

## 数据标准

catalogue-elements-title = 数据元
catalogue-elements-lead = 全市统一的数据项定义。资源的字段关联数据元后，交付的每一行都按它的规则检查。
catalogue-elements-none = 没有找到
catalogue-elements-none-hint = 换一个词，或者清除搜索。
catalogue-element-name = 名称
catalogue-element-identifier = 标识符
catalogue-rule = 检查规则
catalogue-length = 最大长度（字符）
catalogue-source = 依据标准
catalogue-synonyms = 同义列名
catalogue-older = 以前的版本
catalogue-used-by = 使用它的资源
catalogue-used-by-none = 还没有已发布的资源使用它。
catalogue-code-sets-title = 代码集
catalogue-code-sets-lead = 取值有限的数据项可以填哪些代码、各是什么意思。
catalogue-code-set-name = 代码集
catalogue-code-value = 代码
catalogue-code-meaning = 含义
catalogue-import-action = 导入标准
catalogue-import-title = 导入标准
catalogue-import-lead = 内容没有变化的条目保持原样，有变化的成为新版本。文件有错时一条也不会导入。
catalogue-import-kind = 导入什么
catalogue-import-elements-hint = 每行一个数据元：key、name_zh、type、rule 等列。
catalogue-import-code-sets-hint = 每行一个代码：code_set、set_name_zh、code、name_zh 等列。
catalogue-import-file = CSV 文件
catalogue-import-file-hint = UTF-8 编码，不超过 8 MB。
catalogue-import-submit = 导入
catalogue-import-nothing = 什么也没有导入。请改正文件后再试。

## 数据分级

catalogue-class-public = 公开
catalogue-class-internal = 内部
catalogue-class-sensitive = 敏感

## 共享类型

catalogue-sharing-unconditional = 无条件共享
catalogue-sharing-conditional = 有条件共享
catalogue-sharing-withheld = 不予共享

## 更新周期

catalogue-cycle-realtime = 实时
catalogue-cycle-daily = 每日
catalogue-cycle-weekly = 每周
catalogue-cycle-monthly = 每月
catalogue-cycle-quarterly = 每季度
catalogue-cycle-half_yearly = 每半年
catalogue-cycle-yearly = 每年
catalogue-cycle-irregular = 不定期

## 状态

catalogue-state-draft = 草稿
catalogue-state-in_review = 待审核
catalogue-state-published = 已发布
catalogue-state-superseded = 已被取代
catalogue-state-withdrawn = 已撤回

## 数据来源

catalogue-rows-person = 人口基础库
catalogue-rows-organisation = 法人基础库
catalogue-rows-place = 空间基础库
catalogue-rows-dataset = 专用数据集

## 主题

catalogue-theme-population = 人口与社会保障
catalogue-theme-economy = 经济与企业
catalogue-theme-construction = 城市建设与住房
catalogue-theme-transport = 交通出行
catalogue-theme-education = 教育文化
catalogue-theme-health = 卫生健康
catalogue-theme-environment = 生态环境
catalogue-theme-safety = 公共安全
catalogue-theme-government = 政务服务与信用
catalogue-theme-geography = 地理与区划

## 格式

catalogue-format-database = 数据库
catalogue-format-table = 电子表格
catalogue-format-interface = 接口服务
catalogue-format-geographic = 地理图层
catalogue-format-document = 文档

## 经过

catalogue-step-drafting = 开始编写
catalogue-step-submission = 提交审核
catalogue-step-return = 退回修改
catalogue-step-publication = 发布
catalogue-step-supersession = 被新版本取代
catalogue-step-withdrawal = 撤回

## 类型

catalogue-type-text = 文本
catalogue-type-integer = 整数
catalogue-type-decimal = 小数
catalogue-type-date = 日期
catalogue-type-instant = 时刻
catalogue-type-boolean = 是否
catalogue-type-code = 代码
catalogue-type-point = 坐标点

## 检查规则

catalogue-rule-text = 文本
catalogue-rule-citizen_id = 公民身份号码（GB 11643）
catalogue-rule-uscc = 统一社会信用代码（GB 32100）
catalogue-rule-division = 行政区划代码（GB/T 2260）
catalogue-rule-phone = 手机或固定电话
catalogue-rule-date = 日期
catalogue-rule-year = 四位年份
catalogue-rule-integer = 整数
catalogue-rule-digits = 纯数字
catalogue-rule-money = 金额（分）
catalogue-rule-email = 电子邮箱
catalogue-rule-decimal = 小数
catalogue-rule-code = 代码集中的代码
catalogue-rule-person_name = 姓名
catalogue-rule-boolean = 是否
catalogue-rule-longitude = 经度
catalogue-rule-latitude = 纬度

## 权限

permission-catalogue-resource-read = 查看数据目录
permission-catalogue-resource-draft = 编写和提交资源
permission-catalogue-resource-review = 审核资源
permission-catalogue-resource-publish = 发布和撤回资源
permission-catalogue-standard-manage = 管理数据标准
action-catalogue-standard-imported = 导入数据标准
action-catalogue-resource-drafted = 编写信息资源
action-catalogue-resource-submitted = 提交信息资源审核
action-catalogue-resource-returned = 退回信息资源
action-catalogue-resource-published = 发布信息资源
action-catalogue-resource-withdrawn = 撤回信息资源

## 错误

error-catalogue-not-found = 目录中没有这一项，或者它不在您可以查看的范围内。
error-catalogue-forbidden = 您的权限不包括这个单位。请选择本单位，或联系平台管理员。
error-catalogue-draft-invalid = 草稿还不符合要求，请按各项提示修改。
error-catalogue-wrong-state = 这一版的状态已经变化，不能再这样操作。请重新打开资源，查看最新状态。
error-catalogue-own-work = 您参与了这一版的编写，须由同事来发布。
error-catalogue-no-person = 发布须由工作人员本人办理，程序不能代办。
error-catalogue-reason-missing = 请写明原因。
error-catalogue-stale = 您打开之后，别人已经改过这份草稿。您写的内容还在下面；请另开一页查看最新草稿，合并后再保存。
error-catalogue-no-rows = 这项资源没有接入数据，只有说明。
error-catalogue-import = { $file } 第 { $line } 行：{ $what }
error-catalogue-file-missing = 请选择要导入的 CSV 文件。
error-catalogue-filter-field = 没有名为“{ $field }”的字段，或者它不开放。可用的字段见这项数据的页面。
error-catalogue-filter-test = “{ $field }”不能这样筛选。条件写作 字段:比较:值，比较有 eq、in、prefix、ge、le。
error-catalogue-filter-value = 与“{ $field }”比较的值不符合这个字段的类型。
error-catalogue-filter-many = 条件或取值太多：最多 20 个条件，每个最多 200 个值。
error-catalogue-title-missing = 请填写资源名称。
error-catalogue-title-long = 名称太长：中文不超过 120 字，英文不超过 240 个字符。
error-catalogue-text-long = 内容太长：说明和条件不超过 2000 字，联系方式不超过 120 字。
error-catalogue-description-missing = 请用两句话写摘要。
error-catalogue-keywords-missing = 请至少写一个关键词。
error-catalogue-keywords-many = 关键词最多 20 个，每个不超过 40 字。
error-catalogue-contact-missing = 请写明数据使用中有问题找谁。
error-catalogue-condition-missing = 有条件共享须写明条件。
error-catalogue-basis-missing = 不予共享须写明法律依据。
error-catalogue-open-withheld = 不予共享的资源不能向社会开放。请改变其中一项。
error-catalogue-open-no-field = 向社会开放的资源至少要有一个分级为“公开”的字段。
error-catalogue-fields-missing = 请至少填写一个字段。
error-catalogue-fields-many = 字段最多 200 个。
error-catalogue-field-name = 字段名“{ $name }”须以小写字母开头，只用小写字母、数字和下划线，不超过 63 个字符。
error-catalogue-field-twice = 字段名“{ $name }”出现了两次。
error-catalogue-field-label-long = 字段“{ $name }”的名称太长，最多 120 字。
error-catalogue-field-label-missing = 请给字段“{ $name }”写中文名。
error-catalogue-field-above-resource = 字段“{ $name }”的分级高于资源的分级。请提高资源的分级。
error-catalogue-field-below-element = 字段“{ $name }”的分级低于它的数据元。请提高字段的分级。
error-catalogue-field-element-unknown = 字段“{ $name }”关联的数据元不存在。请从列表中选择。
error-catalogue-field-type-differs = 字段“{ $name }”的类型与它的数据元不一致。
error-catalogue-code-form = 信息资源代码只能用字母、数字和连字符，3 到 40 个字符。
error-catalogue-code-taken = 这个代码已经有资源在用。
error-catalogue-word = 请从列表中选择一项。

## The API reference

catalogue-reference-title = 数据目录
