-- The knowledge base. Tens of thousands of entries in the largest city: reference tables, but for use counts and remarks.

-- One question with its answer, as it stands now.
CREATE TABLE hotline.knowledge_entry (
    entry_id uuid PRIMARY KEY,
    -- The department that vouches for the answer, and its person who keeps it up to date.
    organisation_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    standing text NOT NULL CHECK (standing IN ('unpublished', 'published', 'expired', 'withdrawn')),
    -- Whether something newer than what was published is being written.
    revision text NOT NULL CHECK (revision IN ('none', 'draft', 'in_review')),
    last_version integer NOT NULL CHECK (last_version > 0),
    published_version integer CHECK (published_version <= last_version),
    draft_version integer CHECK (draft_version <= last_version),
    -- Of the published version; the first day on which the answer is no longer given.
    expires_on date,
    -- The newest version's question, and the pairs of characters of all that it may be looked for by.
    question text NOT NULL CHECK (length(question) BETWEEN 1 AND 200),
    sought tsvector NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK ((standing = 'unpublished') = (published_version IS NULL) OR standing = 'withdrawn'),
    CHECK ((revision = 'none') = (draft_version IS NULL)),
    CHECK ((published_version IS NULL) = (expires_on IS NULL))
);
CREATE INDEX knowledge_entry_by_change ON hotline.knowledge_entry (changed_at DESC, entry_id);
CREATE INDEX knowledge_entry_by_organisation ON hotline.knowledge_entry (organisation_id, changed_at DESC);
CREATE INDEX knowledge_entry_by_owner ON hotline.knowledge_entry (owner_id);
CREATE INDEX knowledge_entry_by_expiry ON hotline.knowledge_entry (expires_on) WHERE standing IN ('published', 'expired');
CREATE INDEX knowledge_entry_in_review ON hotline.knowledge_entry (changed_at) WHERE revision = 'in_review';
CREATE INDEX knowledge_entry_by_text ON hotline.knowledge_entry USING gin (sought);

-- What an entry said and says. Never changed once written.
CREATE TABLE hotline.knowledge_version (
    entry_id uuid NOT NULL REFERENCES hotline.knowledge_entry (entry_id),
    version integer NOT NULL CHECK (version > 0),
    question text NOT NULL CHECK (length(question) BETWEEN 1 AND 200),
    -- Other ways of asking, a line each.
    aliases text NOT NULL CHECK (length(aliases) <= 2100),
    -- To be read aloud.
    short_answer text NOT NULL CHECK (length(short_answer) BETWEEN 1 AND 200),
    answer text NOT NULL CHECK (length(answer) BETWEEN 1 AND 4000),
    -- With a space between.
    keywords text NOT NULL CHECK (length(keywords) <= 420),
    -- Where the matter is handled online: a path of this site.
    service_path text CHECK (length(service_path) <= 300 AND service_path LIKE '/%'),
    audience text NOT NULL CHECK (audience IN ('public', 'internal')),
    from_on date NOT NULL,
    expires_on date NOT NULL,
    change_reason text NOT NULL CHECK (length(change_reason) <= 300),
    written_by uuid NOT NULL,
    written_by_name text NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (entry_id, version),
    CHECK (expires_on > from_on)
);

-- What happened to an entry, for its page; the audit is the evidence.
CREATE TABLE hotline.knowledge_step (
    entry_id uuid NOT NULL REFERENCES hotline.knowledge_entry (entry_id),
    step_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('written', 'submitted', 'taken_back', 'returned', 'published', 'renewed',
        'discarded', 'expired', 'withdrawn', 'handed_over')),
    version integer NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    note text NOT NULL CHECK (length(note) <= 500),
    PRIMARY KEY (entry_id, step_id)
);

-- What is searched: one row for each published entry, made when it is published and gone when it expires.
CREATE TABLE hotline.knowledge_answer (
    entry_id uuid PRIMARY KEY REFERENCES hotline.knowledge_entry (entry_id),
    version integer NOT NULL,
    organisation_id uuid NOT NULL,
    audience text NOT NULL CHECK (audience IN ('public', 'internal')),
    question text NOT NULL,
    aliases text NOT NULL,
    keywords text NOT NULL,
    short_answer text NOT NULL,
    from_on date NOT NULL,
    expires_on date NOT NULL,
    published_at timestamptz NOT NULL,
    -- Pairs of characters of what people ask, and of what they are answered.
    asked tsvector NOT NULL,
    said tsvector NOT NULL
);
-- Without a list of pending rows, which every search would have to read through: it is searched all day and written now and then.
CREATE INDEX knowledge_answer_asked ON hotline.knowledge_answer USING gin (asked) WITH (fastupdate = off);
CREATE INDEX knowledge_answer_said ON hotline.knowledge_answer USING gin (said) WITH (fastupdate = off);
CREATE INDEX knowledge_answer_public ON hotline.knowledge_answer (published_at DESC, entry_id) WHERE audience = 'public';

-- In how many published answers a gram stands: 怎么 stands in half of them and tells nothing, 挂失 in few. The empty gram
-- stands in all. A small local table, written only when something is published, expires or is withdrawn.
CREATE TABLE hotline.knowledge_gram (
    gram text PRIMARY KEY,
    asked integer NOT NULL CHECK (asked >= 0),
    said integer NOT NULL CHECK (said >= 0)
);

-- How often an answer helped, a row a day and shard, so that calls do not wait for each other on a well-used one.
CREATE TABLE hotline.knowledge_use (
    entry_id uuid NOT NULL,
    used_on date NOT NULL,
    shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
    uses integer NOT NULL CHECK (uses > 0),
    PRIMARY KEY (entry_id, used_on, shard)
);

-- What agents say of an answer that is wrong or out of date.
CREATE TABLE hotline.knowledge_remark (
    entry_id uuid NOT NULL,
    remark_id uuid NOT NULL,
    version integer NOT NULL,
    said text NOT NULL CHECK (length(said) BETWEEN 1 AND 500),
    said_by uuid NOT NULL,
    said_by_name text NOT NULL,
    said_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by_name text,
    reply text CHECK (length(reply) <= 500),
    PRIMARY KEY (entry_id, remark_id),
    CHECK ((closed_at IS NULL) = (closed_by_name IS NULL))
);
CREATE INDEX knowledge_remark_open ON hotline.knowledge_remark (entry_id, said_at) WHERE closed_at IS NULL;

-- Searches by agents that found nothing, numbers masked, counted a day: what somebody should write. Swept after half a year.
CREATE TABLE hotline.knowledge_gap (
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 100),
    searched_on date NOT NULL,
    searches integer NOT NULL CHECK (searches > 0),
    last_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (text, searched_on)
);
CREATE INDEX knowledge_gap_open ON hotline.knowledge_gap (searched_on) WHERE closed_at IS NULL;
