"""The schema of the database, as a sequence of migrations."""

import sqlite3
from collections.abc import Iterator

MIGRATIONS = (
    """
    CREATE TABLE paper (
        key        INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused after a removal
        id         TEXT NOT NULL UNIQUE,
        title      TEXT NOT NULL,
        abstract   TEXT NOT NULL,
        authors    TEXT NOT NULL,                      -- lists are JSON arrays
        et_al      INTEGER NOT NULL,
        year       INTEGER,
        date       TEXT,
        venue      TEXT NOT NULL,
        url        TEXT NOT NULL,
        urls       TEXT NOT NULL,
        arxiv_id   TEXT NOT NULL,
        doi        TEXT NOT NULL,
        keywords   TEXT NOT NULL,
        categories TEXT NOT NULL,
        votes      INTEGER,
        code       INTEGER NOT NULL,                   -- whether a link leads to source code
        added      TEXT NOT NULL,
        arxiv_key  TEXT,                               -- the three keys of identity
        doi_key    TEXT,
        title_key  TEXT NOT NULL,
        revision   INTEGER NOT NULL                    -- when its text last changed
    );
    CREATE INDEX paper_arxiv ON paper (arxiv_key) WHERE arxiv_key IS NOT NULL;
    CREATE INDEX paper_doi ON paper (doi_key) WHERE doi_key IS NOT NULL;
    CREATE INDEX paper_title ON paper (title_key);
    CREATE INDEX paper_revision ON paper (revision);
    CREATE INDEX paper_year ON paper (year);

    CREATE TABLE removed (                             -- for updates of the search index
        key      INTEGER PRIMARY KEY,
        revision INTEGER NOT NULL
    );

    CREATE TABLE source (
        key    INTEGER PRIMARY KEY AUTOINCREMENT,
        name   TEXT NOT NULL UNIQUE,
        format TEXT NOT NULL,
        path   TEXT NOT NULL,
        date   TEXT NOT NULL,
        added  TEXT NOT NULL
    );
    CREATE TABLE holding (
        paper    INTEGER NOT NULL REFERENCES paper ON DELETE CASCADE,
        source   INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
        position INTEGER,
        PRIMARY KEY (paper, source)
    ) WITHOUT ROWID;
    CREATE INDEX holding_source ON holding (source, position, paper);

    CREATE TABLE mark (
        paper INTEGER NOT NULL REFERENCES paper ON DELETE RESTRICT,
        kind  TEXT NOT NULL CHECK (kind IN ('bookmark', 'read', 'tag', 'note')),
        value TEXT NOT NULL,
        at    TEXT NOT NULL,
        PRIMARY KEY (paper, kind, value)
    ) WITHOUT ROWID;
    CREATE INDEX mark_kind ON mark (kind, value, paper);

    CREATE TABLE journal (
        key   INTEGER PRIMARY KEY AUTOINCREMENT,
        at    TEXT NOT NULL,
        words TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped'))
    );
    CREATE TABLE journal_fact (
        entry INTEGER NOT NULL REFERENCES journal ON DELETE CASCADE,
        paper INTEGER NOT NULL,
        kind  TEXT NOT NULL,
        value TEXT NOT NULL,
        added INTEGER NOT NULL,
        PRIMARY KEY (entry, paper, kind, value)
    ) WITHOUT ROWID;

    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO meta VALUES ('library', lower(hex(randomblob(16)))), ('revision', '0');
    """,
    """
    CREATE TABLE saved (                               -- saved searches
        key      INTEGER PRIMARY KEY AUTOINCREMENT,
        name     TEXT NOT NULL,
        folded   TEXT NOT NULL UNIQUE,                 -- the name in the form compared
        query    TEXT NOT NULL,
        made     TEXT NOT NULL,
        position INTEGER NOT NULL,
        seen     INTEGER NOT NULL                      -- highest paper key at the last visit
    );
    CREATE TABLE asked (                               -- the history of queries
        key   INTEGER PRIMARY KEY AUTOINCREMENT,
        query TEXT NOT NULL UNIQUE,
        at    TEXT NOT NULL
    );

    CREATE INDEX paper_date ON paper (coalesce(date, CAST(year AS TEXT)));
    CREATE INDEX paper_added ON paper (added);
    CREATE INDEX paper_id ON paper (lower(id));
    CREATE INDEX paper_arxiv_id ON paper (nullif(lower(arxiv_id), ''));
    CREATE INDEX paper_doi_id ON paper (nullif(lower(doi), ''));
    CREATE INDEX paper_votes ON paper (votes) WHERE votes IS NOT NULL;
    """,
    """
    ALTER TABLE journal ADD COLUMN session TEXT NOT NULL DEFAULT '';  -- who made the change
    CREATE INDEX journal_state ON journal (state, session, key);
    CREATE TABLE merged (                              -- papers merged into others
        number    INTEGER PRIMARY KEY AUTOINCREMENT,   -- the last merge is undone first
        key       INTEGER NOT NULL UNIQUE,             -- its key before the merge
        paper     INTEGER NOT NULL,                    -- what it was merged into
        id        TEXT NOT NULL UNIQUE,
        arxiv_key TEXT,
        doi_key   TEXT,
        title_key TEXT NOT NULL,
        was       TEXT NOT NULL,                       -- its row; this and the rest are JSON
        sources   TEXT NOT NULL,                       -- source, position, new to `paper`
        before    TEXT NOT NULL,                       -- the row of `paper`, before and after
        after     TEXT NOT NULL
    );
    CREATE INDEX merged_paper ON merged (paper);
    CREATE INDEX merged_arxiv ON merged (arxiv_key) WHERE arxiv_key IS NOT NULL;
    CREATE INDEX merged_doi ON merged (doi_key) WHERE doi_key IS NOT NULL;
    CREATE INDEX merged_title ON merged (title_key);
    CREATE TABLE different (                           -- pairs that are not duplicates
        one   INTEGER NOT NULL,                        -- the lower key
        other INTEGER NOT NULL,
        PRIMARY KEY (one, other)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE unmarked (                            -- when marks were removed, for merging
        paper INTEGER NOT NULL REFERENCES paper ON DELETE CASCADE,
        kind  TEXT NOT NULL,
        name  TEXT NOT NULL,                           -- the value; for a note, its digest
        at    TEXT NOT NULL,
        PRIMARY KEY (paper, kind, name)
    ) WITHOUT ROWID;
    CREATE TABLE aside (                               -- marks of papers not in the library
        paper     TEXT NOT NULL,                       -- the paper in the format of dumps
        arxiv_key TEXT,
        doi_key   TEXT,
        title_key TEXT NOT NULL,
        kind      TEXT NOT NULL,
        name      TEXT NOT NULL,
        at        TEXT NOT NULL,
        there     INTEGER NOT NULL,
        value     TEXT NOT NULL,
        PRIMARY KEY (paper, kind, name)
    ) WITHOUT ROWID;
    ALTER TABLE saved ADD COLUMN visited TEXT NOT NULL DEFAULT '';
    UPDATE saved SET visited = made;
    CREATE TABLE unsaved (                             -- when saved searches were removed
        folded TEXT PRIMARY KEY,
        at     TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE paper ADD COLUMN type TEXT NOT NULL DEFAULT '';      -- a CSL type
    ALTER TABLE paper ADD COLUMN names TEXT NOT NULL DEFAULT '';     -- the authors in their parts
    ALTER TABLE paper ADD COLUMN citation TEXT NOT NULL DEFAULT '';  -- CSL variables, as an object
    ALTER TABLE paper ADD COLUMN known_as TEXT NOT NULL DEFAULT '';  -- ids in other records
    """,
    """
    CREATE TABLE record (                              -- what sources say; see store/records.py
        key       INTEGER PRIMARY KEY AUTOINCREMENT,
        paper     INTEGER NOT NULL,                    -- the paper it is or was a part of
        active    INTEGER NOT NULL,                    -- whether it is a part of it now
        edits     INTEGER NOT NULL,                    -- whether the reader changed values by it
        rule      TEXT NOT NULL,                       -- why it joined the paper
        added     TEXT NOT NULL,
        sources   TEXT NOT NULL,                       -- pairs of source and position, as JSON
        body      TEXT NOT NULL,                       -- columns that differ from the paper's
        id        TEXT NOT NULL,                       -- its id, "" if it is the paper's
        arxiv_key TEXT,                                -- the keys of identity, NULL if they are
        doi_key   TEXT,                                -- the paper's
        title_key TEXT
    );
    CREATE INDEX record_paper ON record (paper, key);
    CREATE INDEX record_id ON record (id) WHERE id != '';
    CREATE INDEX record_arxiv ON record (arxiv_key) WHERE arxiv_key IS NOT NULL;
    CREATE INDEX record_doi ON record (doi_key) WHERE doi_key IS NOT NULL;
    CREATE INDEX record_title ON record (title_key) WHERE title_key IS NOT NULL;
    CREATE TABLE gone (                                -- papers without a record, which can return
        key     INTEGER PRIMARY KEY,
        id      TEXT NOT NULL,
        added   TEXT NOT NULL,
        removed INTEGER NOT NULL                       -- whether the reader removed it
    );
    ALTER TABLE merged ADD COLUMN records TEXT NOT NULL DEFAULT '';  -- keys and rules, as JSON
    CREATE TABLE decision (                            -- the reader's decisions on pairs, for dumps
        one   TEXT NOT NULL,                           -- both papers in the format of dumps
        other TEXT NOT NULL,
        at    TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('merged', 'different', 'undecided')),
        PRIMARY KEY (one, other)
    ) WITHOUT ROWID;
    UPDATE paper SET title_key = carrel_title_key(title)  -- C++ and C# differ, 1.5 and 15
    WHERE title GLOB '*[+#\\$.]*';
    """,
    """
    CREATE TABLE miss (                                -- papers that a service does not know
        paper   INTEGER NOT NULL REFERENCES paper ON DELETE CASCADE,
        service TEXT NOT NULL,
        at      TEXT NOT NULL,
        PRIMARY KEY (paper, service)
    ) WITHOUT ROWID;
    CREATE TABLE suggestion (                          -- records that may describe a paper
        paper  INTEGER NOT NULL REFERENCES paper ON DELETE CASCADE,
        number INTEGER NOT NULL,                       -- from 1, for the reader's choice
        source TEXT NOT NULL,
        score  REAL NOT NULL,
        record TEXT NOT NULL,                          -- as JSON
        PRIMARY KEY (paper, number)
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE decision ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;  -- a paper is missing
    """,
    """
    CREATE TABLE mark_with_kinds (                      -- a CHECK cannot be altered
        paper INTEGER NOT NULL REFERENCES paper ON DELETE RESTRICT,
        kind  TEXT NOT NULL
              CHECK (kind IN ('bookmark', 'read', 'dismissed', 'later', 'tag', 'note')),
        value TEXT NOT NULL,
        at    TEXT NOT NULL,
        PRIMARY KEY (paper, kind, value)
    ) WITHOUT ROWID;
    INSERT INTO mark_with_kinds SELECT * FROM mark;
    DROP TABLE mark;
    ALTER TABLE mark_with_kinds RENAME TO mark;
    CREATE INDEX mark_kind ON mark (kind, value, paper);
    """,
    """
    CREATE TABLE citation_key (                        -- the keys that papers were exported with
        paper   INTEGER NOT NULL REFERENCES paper ON DELETE CASCADE,
        pattern TEXT NOT NULL,                         -- the pattern of the keys, or ""
        key     TEXT NOT NULL,
        PRIMARY KEY (paper, pattern)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE triage (                              -- papers that are judged one by one
        query  TEXT PRIMARY KEY,
        papers BLOB NOT NULL,                          -- their keys in order, 64-bit little-endian
        at     TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE verdict (
        query   TEXT NOT NULL REFERENCES triage ON DELETE CASCADE,
        paper   INTEGER NOT NULL,
        number  INTEGER NOT NULL,                      -- the last verdict is taken back first
        verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'dismissed', 'later', 'skipped')),
        entry   INTEGER NOT NULL,                      -- in the journal, 0 if no mark changed
        PRIMARY KEY (query, paper)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE kept_file (                           -- exports that follow a query
        path    BLOB PRIMARY KEY,                      -- absolute, in the bytes of the file system
        query   TEXT NOT NULL,
        format  TEXT NOT NULL,
        options TEXT NOT NULL,                         -- parts of the style, as a JSON object
        papers  INTEGER NOT NULL DEFAULT 0,            -- the number of papers in it
        written TEXT NOT NULL DEFAULT '',              -- when it was last written
        digest  TEXT NOT NULL DEFAULT '',              -- SHA-256 of what was last written
        writing TEXT NOT NULL DEFAULT '',              -- and of what is being written
        checked TEXT NOT NULL DEFAULT '',              -- state of library and file then compared
        problem TEXT NOT NULL DEFAULT ''               -- why it could not be written
    ) WITHOUT ROWID;
    """,
)
"""One migration for each version; `PRAGMA user_version` is the number of those applied."""


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script, since `executescript` would commit before running it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line.split("--")[0]
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
