# The knowledge base
permission-hotline-knowledge-read = Read the hotline's knowledge base and say whether an answer helped
permission-hotline-knowledge-write = Write, renew and withdraw answers of organisations in scope
permission-hotline-knowledge-publish = Review and publish answers that somebody else wrote, for organisations in scope
