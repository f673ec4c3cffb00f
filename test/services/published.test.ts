import { reachedOn } from "../../components/services/published";

test("a server is found by its name on its segment, and nothing of it is published", () => {
  expect(reachedOn("data", "db", 5432)).toEqual({ networks: [{ segment: "data", aliases: ["db"] }], ports: [] });
});

test("a published port stays on the loopback address and takes a segment of its own", () => {
  expect(reachedOn("data", "db", 5432, { hostPort: 5555, segment: "published" })).toEqual({
    networks: [{ segment: "data", aliases: ["db"] }, { segment: "published" }],
    ports: [{ containerPort: 5432, hostPort: 5555, bindAddress: "127.0.0.1" }],
  });
});

test("another address is a choice", () => {
  const { ports } = reachedOn("data", "db", 5432, { hostPort: 5555, segment: "published", bindAddress: "192.0.2.1" });
  expect(ports).toEqual([{ containerPort: 5432, hostPort: 5555, bindAddress: "192.0.2.1" }]);
});
