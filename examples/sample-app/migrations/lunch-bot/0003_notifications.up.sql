CREATE TABLE notifications (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Delivery is at least once; this is what makes a notification exactly once.
  event_id   uuid        NOT NULL UNIQUE,
  order_id   uuid        NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  text       text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX notifications_order ON notifications (order_id);
