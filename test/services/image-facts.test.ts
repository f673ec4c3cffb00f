import { IMAGE_FACTS } from "../../components/services/image-facts";

// Read off the official images; a wrong uid is a server that cannot write its own data.
test("users and data folders of the official images", () => {
  expect(IMAGE_FACTS).toEqual({
    postgres: {
      debian: { user: "999:999", dataPath: "/var/lib/postgresql/data" },
      alpine: { user: "70:70", dataPath: "/var/lib/postgresql/data" },
    },
    redis: {
      debian: { user: "999:999", dataPath: "/data" },
      alpine: { user: "999:1000", dataPath: "/data" },
    },
    kafka: {
      debian: { user: "1000:1000", dataPath: "/var/lib/kafka/data" },
      alpine: { user: "1000:1000", dataPath: "/var/lib/kafka/data" },
    },
    nats: {
      debian: { user: "1000:1000", dataPath: "/var/tmp" },
      alpine: { user: "1000:1000", dataPath: "/var/tmp" },
    },
    nginx: {
      debian: { user: "101:101", dataPath: "/var/cache/nginx" },
      alpine: { user: "101:101", dataPath: "/var/cache/nginx" },
    },
  });
});

test("no server runs as root", () => {
  const users = Object.values(IMAGE_FACTS).flatMap((variants) => Object.values(variants).map(({ user }) => user));
  expect(users.filter((user) => !/^[1-9]\d*:[1-9]\d*$/.test(user))).toEqual([]);
});
