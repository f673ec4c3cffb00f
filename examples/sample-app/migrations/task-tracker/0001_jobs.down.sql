DROP TABLE outbox;
DROP TABLE effects;
DROP TABLE applied_keys;
DROP TABLE jobs;
