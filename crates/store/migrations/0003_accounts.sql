-- Access and files: not part of the record, not derived from it.

CREATE TABLE credential (
    person       TEXT PRIMARY KEY,
    password     TEXT NOT NULL,
    totp         BLOB,
    failures     BIGINT NOT NULL,
    locked_until BIGINT,
    must_change  BOOLEAN NOT NULL,
    totp_step    BIGINT NOT NULL
);

-- When somebody looked at the desk: lately, and at the visit before.
CREATE TABLE desk_look (
    person TEXT PRIMARY KEY,
    at     BIGINT NOT NULL,
    since  BIGINT
);

CREATE TABLE session (
    digest     BLOB PRIMARY KEY,
    person     TEXT NOT NULL,
    csrf       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    agent      TEXT NOT NULL,
    half       BOOLEAN NOT NULL
);
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE token (
    digest     BLOB PRIMARY KEY,
    person     TEXT NOT NULL,
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX token_person ON token (person);

CREATE TABLE access (
    at     BIGINT NOT NULL,
    actor  TEXT NOT NULL,
    action TEXT NOT NULL,
    docket BIGINT,
    detail TEXT NOT NULL
);
CREATE INDEX access_at ON access (at);
CREATE INDEX access_docket ON access (docket, at) WHERE docket IS NOT NULL;
CREATE INDEX access_actor ON access (actor, at);

CREATE TABLE exhibit (
    digest   BLOB PRIMARY KEY,
    size     BIGINT NOT NULL,
    media    TEXT NOT NULL,
    name     TEXT NOT NULL,
    uploader TEXT NOT NULL,
    at       BIGINT NOT NULL,
    docket   BIGINT
);
CREATE INDEX exhibit_unclaimed ON exhibit (at) WHERE docket IS NULL;

CREATE TABLE upload (
    id       TEXT PRIMARY KEY,
    size     BIGINT NOT NULL,
    received BIGINT NOT NULL,
    name     TEXT NOT NULL,
    uploader TEXT NOT NULL,
    at       BIGINT NOT NULL,
    digest   BLOB
);
CREATE INDEX upload_at ON upload (at);
CREATE INDEX upload_uploader ON upload (uploader, at);
