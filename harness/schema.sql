-- The results file, version 1 (PRAGMA user_version). One writer at a time, WAL, readers at any time.
-- Times are seconds since 1970 (UTC) as REAL; durations are seconds; columns that hold JSON end in _json.

CREATE TABLE machine (
  id               INTEGER PRIMARY KEY,
  hash             TEXT NOT NULL UNIQUE,  -- sha256 of description_json, so that a machine is stored once
  description_json TEXT NOT NULL          -- processor, memory, accelerators, driver, compiler, kernel; never a user's or host's name
) STRICT;

CREATE TABLE run (
  id               INTEGER PRIMARY KEY,
  identity         TEXT NOT NULL,     -- sha256 over all columns from suite to questions_hash: equal means comparable sample by sample
  name             TEXT,              -- given with --name, so that `gate --baseline NAME` finds it
  suite            TEXT NOT NULL,     -- "math/gsm8k"
  suite_version    INTEGER NOT NULL,  -- raised whenever a prompt, a question or a rule of judging changes
  prompt_template  TEXT NOT NULL,     -- the prompt template's name, "zero-shot-chat"
  convention       TEXT NOT NULL,     -- the primary convention of judging, "openai-gsm8k"
  model            TEXT NOT NULL,     -- "provider:name" as it was asked for
  backend_json     TEXT NOT NULL,     -- what the backend says determines its answers; without secrets
  sampling_json    TEXT NOT NULL,     -- temperature, top_p, max_tokens, stop, seed ...
  samples          INTEGER NOT NULL,  -- k, answers asked for each question
  questions        INTEGER NOT NULL,  -- how many questions were to be asked
  questions_hash   TEXT NOT NULL,     -- sha256 over the ids and texts of those questions, in order
  machine_id       INTEGER NOT NULL REFERENCES machine(id),
  program          TEXT NOT NULL,     -- version and git commit of assay
  command          TEXT NOT NULL,     -- the command line that started it
  started_at       REAL NOT NULL,     -- when the first command began it
  finished_at      REAL,              -- when every sample had been answered; NULL while some have not
  active_s         REAL NOT NULL DEFAULT 0  -- seconds spent running, over all the commands that continued it
) STRICT;
CREATE INDEX run_identity ON run(identity);
CREATE INDEX run_name ON run(name) WHERE name IS NOT NULL;

CREATE TABLE question (
  id        INTEGER PRIMARY KEY,
  hash      TEXT NOT NULL UNIQUE,  -- sha256 over the other columns: the same question of two runs is one row
  suite     TEXT NOT NULL,         -- the suite it belongs to
  key       TEXT NOT NULL,         -- its id within the suite
  text      TEXT NOT NULL,         -- as a person would read it
  gold      TEXT NOT NULL,         -- the reference answer, may be empty
  tags_json TEXT NOT NULL          -- what reports group by: level, language, theme
) STRICT;

CREATE TABLE prompt (
  hash      TEXT PRIMARY KEY,  -- sha256 of body_json
  body_json TEXT NOT NULL      -- the messages, text or token ids that were sent
) STRICT, WITHOUT ROWID;

-- The texts of an answer, apart from its figures, so that a report over a million samples reads figures only. What such a
-- report does need stands first: what follows a long text lies on pages of its own.
CREATE TABLE answer (
  id            INTEGER PRIMARY KEY,
  vote          TEXT NOT NULL,  -- equal for equivalent answers: what cons@k counts; empty: no vote
  readings_json TEXT NOT NULL,  -- the same answer judged by other conventions: [{"convention","value","extracted"}]
  response      TEXT NOT NULL,  -- the answer without its reasoning
  reasoning     TEXT NOT NULL,  -- reasoning_content, or what stood in <think>; may be empty
  error         TEXT NOT NULL,  -- one line where the request failed or the host withheld the answer (its words), else empty
  served_model  TEXT NOT NULL,  -- the model's name as the host gave it
  extracted     TEXT NOT NULL,  -- the final answer as found in the text; empty: none found
  reason        TEXT NOT NULL,  -- one line: what decided the verdict
  logprobs_json TEXT NOT NULL,  -- log-probabilities where they were asked for, else empty
  details_json  TEXT NOT NULL,  -- facts only this backend knows (expert counts, prefill time), else empty
  verdict_json  TEXT NOT NULL   -- facts only this grader knows (run time of a program), else empty
) STRICT;

CREATE TABLE sample (
  run_id            INTEGER NOT NULL REFERENCES run(id),
  position          INTEGER NOT NULL,  -- of the question in the run, from 0
  sample_index      INTEGER NOT NULL,  -- 0 .. k-1
  question_id       INTEGER NOT NULL REFERENCES question(id),
  answer_id         INTEGER NOT NULL REFERENCES answer(id),
  prompt_hash       TEXT NOT NULL REFERENCES prompt(hash),
  cache_key         BLOB NOT NULL,     -- 16 bytes of sha256 over backend, prompt, sampling and sample index
  from_cache        INTEGER NOT NULL,  -- 1: taken from an earlier run's answer, so its timings are that run's
  finish            TEXT NOT NULL,     -- stop, length, content_filter, failed
  failure           TEXT NOT NULL,     -- none, failed, overloaded, disconnected, refused_input
  http_status       INTEGER NOT NULL,  -- of the last attempt; 0 where there was none
  value             REAL,              -- the verdict: 0 wrong .. 1 right; NULL: not scored
  label             TEXT NOT NULL,     -- what kind of verdict: correct, wrong, timed out, denial ...
  prompt_tokens     INTEGER,           -- as the host counted them; NULL where it did not say
  completion_tokens INTEGER,           -- reasoning included
  reasoning_tokens  INTEGER,           -- of the completion, NULL where the host did not say
  cached_tokens     INTEGER,           -- of the prompt, served from the host's cache
  cost_usd          REAL,              -- by the price list in force; NULL where there is no price
  latency_s         REAL NOT NULL,     -- of the attempt that answered: request sent to last byte
  waited_s          REAL NOT NULL,     -- before it: earlier attempts and back-off
  ttft_s            REAL,              -- to the first token of any kind; NULL without streaming
  first_answer_s    REAL,              -- to the first token that is not reasoning
  attempts          INTEGER NOT NULL,  -- requests sent for this answer, the last one included
  answered_at       REAL NOT NULL,     -- when it had been judged
  PRIMARY KEY (run_id, position, sample_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX sample_cache_key ON sample(cache_key);

CREATE TABLE measurement (
  id             INTEGER PRIMARY KEY,
  machine_id     INTEGER NOT NULL REFERENCES machine(id),
  name           TEXT NOT NULL,     -- "memory/read"
  case_json      TEXT NOT NULL,     -- the arguments of this case, with units
  unit           TEXT NOT NULL,     -- of value, interval and ceiling: "GB/s"
  value          REAL,              -- the median; NULL where the case was skipped
  interval_low   REAL,              -- 95 % interval of the median
  interval_high  REAL,              -- its upper end
  repetitions    INTEGER NOT NULL,  -- how many the median is over
  ceiling        REAL,              -- what the machine could do at best; NULL where unknown
  ceiling_source TEXT NOT NULL,     -- where the ceiling comes from: measured by which case, or which specification
  skipped        TEXT NOT NULL,     -- why it was not run, else empty
  program        TEXT NOT NULL,     -- version and git commit of assay
  measured_at    REAL NOT NULL      -- when
) STRICT;
CREATE INDEX measurement_name ON measurement(name);
