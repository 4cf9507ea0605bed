CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    device BLOB NOT NULL CHECK (length(device) = 16),
    instant_ms INTEGER NOT NULL,
    offset_minutes INTEGER NOT NULL,
    day INTEGER NOT NULL,
    grade INTEGER,
    duration_ms INTEGER,
    content TEXT,
    payload TEXT
);
CREATE INDEX journal_subject ON journal (subject, instant_ms);
CREATE TABLE states (card TEXT PRIMARY KEY, stability REAL) WITHOUT ROWID;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
INSERT INTO meta VALUES ('device', '000102030405060708090a0b0c0d0e0f'), ('states', 'old');
INSERT INTO journal VALUES
    (1, x'11111111111111111111111111111111', 'review', 'adam-t1-step',
     x'000102030405060708090a0b0c0d0e0f', 1767268800000, 60, 739617, 3, 5000, 'abc', NULL),
    (2, x'22222222222222222222222222222222', 'review', 'adam-t1-step',
     x'000102030405060708090a0b0c0d0e0f', 1767441600000, 60, 739619, 4, 3000, 'abc', NULL),
    (5, x'33333333333333333333333333333333', 'place', 'adam-and-adamw',
     x'000102030405060708090a0b0c0d0e0f', 1767441700000, 60, 739619, NULL, NULL, NULL,
     '{"fraction":0.5,"line":40}');
INSERT INTO states VALUES ('adam-t1-step', 1.5);
PRAGMA user_version = 1;
