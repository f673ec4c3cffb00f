-- The extension stays: whoever made it may use it for more.
DROP TABLE messages;
