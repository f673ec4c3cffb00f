CREATE TABLE jobs (
  id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  -- Lets a client repeat a request whose answer it never saw; also names the effect below.
  key         text        NOT NULL UNIQUE,
  kind        text        NOT NULL,
  duration_ms integer     NOT NULL CHECK (duration_ms BETWEEN 100 AND 60000),
  state       text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done')),
  -- How often a worker took it up.
  attempts    integer     NOT NULL DEFAULT 0,
  created_at  timestamptz NOT NULL DEFAULT now(),
  started_at  timestamptz,
  finished_at timestamptz
);

CREATE INDEX jobs_newest ON jobs (created_at DESC);

-- Delivery is at least once; this mark is what lets an effect happen once.
CREATE TABLE applied_keys (
  key        text        PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- What jobs do. On purpose nothing here forbids a second effect of one job: it could be counted.
CREATE TABLE effects (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id     uuid        NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX effects_job ON effects (job_id);

-- Written in the job's own transaction: what is acknowledged is queued sooner or later.
CREATE TABLE outbox (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id   uuid        NOT NULL UNIQUE,
  key        text        NOT NULL,
  payload    jsonb       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at    timestamptz
);

CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
