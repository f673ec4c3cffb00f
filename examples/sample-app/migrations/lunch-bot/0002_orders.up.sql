CREATE TABLE orders (
  id              uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  item_id         integer     NOT NULL REFERENCES menu_items (id),
  quantity        integer     NOT NULL CHECK (quantity > 0),
  customer        text,
  -- Lets a client repeat a request whose answer it never saw without ordering twice.
  idempotency_key text        UNIQUE,
  created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX orders_newest ON orders (created_at DESC);

-- Written in the order's own transaction: what is acknowledged is published sooner or later.
CREATE TABLE outbox (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id   uuid        NOT NULL UNIQUE,
  key        text        NOT NULL,
  payload    jsonb       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at    timestamptz
);

CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
