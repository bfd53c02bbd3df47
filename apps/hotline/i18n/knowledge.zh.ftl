# 知识库
permission-hotline-knowledge-read = 查阅热线知识库，反馈答复是否管用
permission-hotline-knowledge-write = 编写、续期和撤回本机构的热线知识
permission-hotline-knowledge-publish = 审核并发布本机构他人编写的热线知识
