-- Id of the key that made the token. NULL where the version that wrote it did not say: any key of the ring may have.
ALTER TABLE messages ADD COLUMN kid text;
