// The ledger's tables. `sqlite3 FILE .schema` shows this text with its comments.
//
// Amounts are whole minor units (fen, cents); instants are milliseconds since 1970-01-01 UTC.

/** Raised by one when the tables change; a ledger of another version is brought up to date, or refused. */
export const schemaVersion = 6

/** Hashed with the card key, to tell a wrong key before it has made a second card of every card. */
export const cardCheckText = 'isochron ledger'

/** The SQL that turns a ledger of one version into one of the next, by the older version. */
export const upgrades: Readonly<Record<number, string>> = {
  2: `
    CREATE TABLE serial (day TEXT PRIMARY KEY, reserved INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO serial SELECT substr(rrn, 1, 4), max(CAST(substr(rrn, 5) AS INTEGER)) + 1 FROM entry
      WHERE length(rrn) = 12 AND rrn NOT GLOB '*[^0-9]*' GROUP BY 1;
    ALTER TABLE holder DROP COLUMN started_at;
    ALTER TABLE holder ADD COLUMN start TEXT NOT NULL DEFAULT '-';
    ALTER TABLE holder ADD COLUMN host TEXT NOT NULL DEFAULT ''`,
  3: 'CREATE TABLE run (journal INTEGER PRIMARY KEY, entry INTEGER NOT NULL, payout INTEGER NOT NULL)',
  4: `
    CREATE TABLE held_back (id INTEGER PRIMARY KEY, merchant INTEGER NOT NULL REFERENCES merchant, reason TEXT NOT NULL,
      since INTEGER NOT NULL, until INTEGER, amount INTEGER NOT NULL);
    CREATE INDEX held_back_by_merchant ON held_back (merchant);
    INSERT INTO held_back (merchant, reason, since, amount) SELECT id, hold, held_since, 0 FROM merchant
      WHERE hold IS NOT NULL AND held_since IS NOT NULL`,
  5: `
    ALTER TABLE payout ADD COLUMN chargebacks INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE adjustment (id INTEGER PRIMARY KEY, merchant INTEGER NOT NULL REFERENCES merchant, kind TEXT NOT NULL,
      place INTEGER NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL, payout INTEGER REFERENCES payout,
      UNIQUE (merchant, kind, place));
    ALTER TABLE entry ADD COLUMN card_kind TEXT;
    CREATE TABLE missed (merchant INTEGER NOT NULL REFERENCES merchant, entry INTEGER NOT NULL REFERENCES entry,
      PRIMARY KEY (merchant, entry))`,
}

export const schema = `
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY CHECK (id = 1), -- one row
  version INTEGER NOT NULL,
  dialect TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  card_check BLOB NOT NULL               -- keyed hash of a fixed text: shows whether a key is the ledger's own
);
CREATE TABLE holder (                    -- who has the ledger open
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL,                     -- processes of one run share a ledger, others are kept out
  pid INTEGER NOT NULL,
  start TEXT NOT NULL DEFAULT '-',       -- tells it from a later process with this number; -: not known
  host TEXT NOT NULL DEFAULT ''          -- its machine or container; '': this one
);
CREATE TABLE run (                       -- where journals of terminals began
  journal INTEGER PRIMARY KEY,           -- its time, which is its name
  entry INTEGER NOT NULL,                -- the last entry before it
  payout INTEGER NOT NULL                -- the last payout before it
);
CREATE TABLE serial (                    -- of reference numbers (DE37), beginning at 0 every day
  day TEXT PRIMARY KEY,                  -- YJJJ, as reference numbers begin
  reserved INTEGER NOT NULL              -- those below are given, or may be
) WITHOUT ROWID;
CREATE TABLE merchant (
  id INTEGER PRIMARY KEY,
  merchant TEXT NOT NULL UNIQUE,         -- DE42
  account INTEGER NOT NULL DEFAULT 0,    -- by payouts and top-ups, beside what the settlement options start with
  paid_entry INTEGER NOT NULL DEFAULT 0, -- entries up to here are paid, or never will be
  paid_reversal INTEGER NOT NULL DEFAULT 0,
  paid_day TEXT NOT NULL DEFAULT '',     -- YYYY-MM-DD of day_total, the latest that was
  day_total INTEGER NOT NULL DEFAULT 0,  -- paid on that day
  hold TEXT,                             -- why nothing is paid now; NULL: nothing is held
  held_since INTEGER,
  asked INTEGER NOT NULL DEFAULT 0,      -- 1: a terminal has closed a batch, and nobody has looked yet what is to be paid
  next_due INTEGER DEFAULT 0             -- when is looked next; 0: it was never; NULL: when it is asked
);
CREATE INDEX merchant_asked ON merchant (asked) WHERE asked = 1;
CREATE INDEX merchant_due ON merchant (next_due);
CREATE TABLE terminal (
  id INTEGER PRIMARY KEY,
  terminal TEXT NOT NULL,                -- DE41
  merchant INTEGER NOT NULL REFERENCES merchant,
  batch INTEGER NOT NULL DEFAULT 1,      -- that a sign-on is told
  settled_entry INTEGER NOT NULL DEFAULT 0, -- entries up to here belong to a closed settlement
  UNIQUE (terminal, merchant)
);
CREATE TABLE card (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE            -- keyed hash of the card number, never the number
);
CREATE TABLE entry (                     -- one row per transaction, in the order of posting
  id INTEGER PRIMARY KEY,
  terminal INTEGER NOT NULL REFERENCES terminal,
  merchant INTEGER NOT NULL REFERENCES merchant,
  batch TEXT NOT NULL,                   -- by the dialect: DE60.2, or the local time of the transaction
  stan TEXT NOT NULL,                    -- DE11
  effect TEXT,                           -- charge capture refund void hold release; NULL: not seen, see state blocked
  kind TEXT,                             -- sale, void, refund, …
  state TEXT NOT NULL,                   -- charged reversed declined, or blocked: only its reversal was seen
  processing TEXT,                       -- DE3
  asked INTEGER NOT NULL,                -- DE4
  amount INTEGER NOT NULL,               -- what stands of it, or stood before it was reversed
  card INTEGER REFERENCES card,
  original INTEGER REFERENCES entry,     -- what a void, refund, capture or release names
  code TEXT, rrn TEXT, auth_code TEXT,   -- the first answer: DE39, DE37, DE38
  reference TEXT,                        -- DE37 by which others name it
  card_kind TEXT,                        -- of acquirer.cardKinds, by which the fee is
  posted_at INTEGER NOT NULL,
  UNIQUE (batch, stan, terminal)         -- terminals count alike, so that new rows stand at one end of it
);
CREATE INDEX entry_by_original ON entry (original) WHERE original IS NOT NULL;
CREATE TABLE reversal (
  id INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL UNIQUE REFERENCES entry,
  merchant INTEGER NOT NULL REFERENCES merchant,
  amount INTEGER NOT NULL,               -- undone; 0: there was nothing to undo
  code TEXT NOT NULL, rrn TEXT NOT NULL, auth_code TEXT NOT NULL,
  posted_at INTEGER NOT NULL
);
CREATE TABLE settlement (                -- comparisons of totals (0500, 0520)
  id INTEGER PRIMARY KEY,
  terminal INTEGER NOT NULL REFERENCES terminal,
  batch TEXT NOT NULL,
  stan TEXT NOT NULL,
  balanced INTEGER NOT NULL,             -- 0 or 1
  closed INTEGER NOT NULL,
  totals TEXT NOT NULL,                  -- JSON: the host's totals
  code TEXT NOT NULL, rrn TEXT NOT NULL, auth_code TEXT NOT NULL,
  posted_at INTEGER NOT NULL,
  UNIQUE (terminal, batch, stan)
);
CREATE TABLE upload (                    -- records that terminals sent of batches whose totals did not agree
  terminal INTEGER NOT NULL REFERENCES terminal,
  batch TEXT NOT NULL,
  stan TEXT NOT NULL,
  amount INTEGER NOT NULL,
  entry INTEGER REFERENCES entry,        -- NULL: the host has no such transaction in force
  PRIMARY KEY (terminal, batch, stan)
);
CREATE TABLE payout (
  id INTEGER PRIMARY KEY,
  merchant INTEGER NOT NULL REFERENCES merchant,
  paid_at INTEGER NOT NULL,
  value_date TEXT NOT NULL,              -- YYYY-MM-DD
  transactions INTEGER NOT NULL,
  gross INTEGER NOT NULL, refunds INTEGER NOT NULL, fee INTEGER NOT NULL,
  amount INTEGER NOT NULL,               -- credited: gross - refunds - chargebacks - fee; an account that pays: refunds - gross …
  contract_fee INTEGER NOT NULL,         -- what the fee would be by the contract
  chargebacks INTEGER NOT NULL DEFAULT 0 -- that issuers took back
);
CREATE INDEX payout_by_merchant ON payout (merchant);
CREATE TABLE adjustment (                -- what befell an account beside payouts
  id INTEGER PRIMARY KEY,
  merchant INTEGER NOT NULL REFERENCES merchant,
  kind TEXT NOT NULL,                    -- top-up chargeback
  place INTEGER NOT NULL,                -- in the settlement options, each of which befalls it once
  amount INTEGER NOT NULL,
  at INTEGER NOT NULL,
  payout INTEGER REFERENCES payout,      -- chargeback: it was made less by it; top-up: the last one before it; NULL: none
  UNIQUE (merchant, kind, place)
);
CREATE TABLE missed (                    -- up to paid_entry, but to be paid by the fallback of D+0
  merchant INTEGER NOT NULL REFERENCES merchant,
  entry INTEGER NOT NULL REFERENCES entry,
  PRIMARY KEY (merchant, entry)
);
CREATE TABLE held_back (                 -- when all that a merchant was due was held, also what is paid since
  id INTEGER PRIMARY KEY,
  merchant INTEGER NOT NULL REFERENCES merchant,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,                         -- NULL: nobody knows yet; later than now: as the settlement options say
  amount INTEGER NOT NULL                -- net, that waited when it was last looked
);
CREATE INDEX held_back_by_merchant ON held_back (merchant);
CREATE TABLE advice (                    -- news of payouts for terminals
  id INTEGER PRIMARY KEY,                -- its trace number is made of it
  payout INTEGER NOT NULL REFERENCES payout,
  terminal INTEGER NOT NULL REFERENCES terminal,
  amount INTEGER NOT NULL,               -- of the transactions that it names, less fees
  transactions TEXT NOT NULL,            -- batch and trace number of each
  acknowledged_at INTEGER
);
CREATE INDEX advice_open ON advice (terminal) WHERE acknowledged_at IS NULL;
CREATE VIEW money AS                     -- for people: what stands, by merchant and terminal
  SELECT m.merchant, t.terminal, e.batch, e.stan, e.kind, e.state, e.amount, e.rrn, e.code, e.posted_at
  FROM entry e JOIN terminal t ON t.id = e.terminal JOIN merchant m ON m.id = e.merchant;
`

/** Rows that one statement writes at most, and the bytes of each in its block. */
export const mostRowsOfBlock = 512
export const rowBytes = 128

/** A table of this opener alone, in memory: where the rows of a block begin. */
export const places = `
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE place (place INTEGER PRIMARY KEY);
WITH RECURSIVE n (place) AS (VALUES (0) UNION ALL SELECT place + ${rowBytes} FROM n WHERE place < ${rowBytes * (mostRowsOfBlock - 1)})
  INSERT INTO temp.place SELECT place FROM n`

/**
 * Made when they are first needed: each costs every posting some microseconds, and a host whose terminals only sell and
 * reverse needs none.
 */
export const lateIndexes = {
  /** For balance inquiries. */
  card: 'CREATE INDEX IF NOT EXISTS entry_by_card ON entry (card)',
  /** For the batches and totals of one terminal. */
  terminal: 'CREATE INDEX IF NOT EXISTS entry_by_terminal ON entry (terminal, batch)',
  /** For transactions that are named by their reference number. */
  reference: 'CREATE INDEX IF NOT EXISTS entry_by_reference ON entry (reference)',
  /** For payouts. */
  merchant: `
    CREATE INDEX IF NOT EXISTS entry_by_merchant ON entry (merchant);
    CREATE INDEX IF NOT EXISTS reversal_by_merchant ON reversal (merchant)`,
} as const
