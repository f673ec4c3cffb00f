import { nameLogin } from "../../components/secrets/login-name";

const LONG = { prefix: "o".repeat(63), service: "s".repeat(40), longest: 63 };

test("a name tells whose it is, for which service, and is another in each generation", () => {
  const revision = "a1b2c3d4";
  expect(nameLogin({ prefix: "shop_owner", service: "my-api", revision, longest: 63 })).toEqual({
    ...{ username: "shop_owner_my_api_a1b2c3d4", revision },
  });
  expect(nameLogin({ ...LONG, longest: undefined, revision }).username).toHaveLength(63 + 1 + 40 + 1 + 8);
});

test("one that just fits is as it always was", () => {
  const parts = { prefix: "o".repeat(30), service: "s".repeat(23), revision: "a1b2c3d4" };
  const { username } = nameLogin({ ...parts, longest: 63 });
  expect(username).toBe(`${parts.prefix}_${parts.service}_a1b2c3d4`);
  expect(username).toHaveLength(63);
});

test("one that is too long ends in what follows from all of it: no two are cut to the same", () => {
  const parts = { ...LONG, prefix: "o".repeat(31), service: "s".repeat(23) };
  const others = [{ service: `${"s".repeat(22)}t` }, { revision: "00000001" }, { prefix: `${"o".repeat(30)}p` }];
  const names = [{}, ...others].map((change) => nameLogin({ ...parts, revision: "00000000", ...change }));
  expect(new Set(names.map(({ username }) => username)).size).toBe(4);
  expect(new Set(names.map(({ revision }) => revision)).size).toBe(4);
  for (const { username, revision } of names) {
    expect(username).toHaveLength(63);
    expect(username).toMatch(/^[a-z0-9_]+_[0-9a-f]{12}$/);
    expect(username.endsWith(`_${revision}`)).toBe(true);
  }
});
