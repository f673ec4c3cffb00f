-- A superuser makes the extension where the database is made; then this needs no right and changes nothing.
CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE messages (
  id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  -- A Fernet token: the text is encrypted, also from whoever may read the database.
  token      text        NOT NULL,
  embedding  vector(128) NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX messages_similar ON messages USING hnsw (embedding vector_cosine_ops);
