import { scramVerifier } from "../../components/services/scram-verifier";

test("a verifier has the form that PostgreSQL takes for one, and not for a password", () => {
  const base64 = (bytes: number) => `[A-Za-z0-9+/]{${Math.ceil(bytes / 3) * 4 - ((3 - (bytes % 3)) % 3)}}=*`;
  const form = new RegExp(`^SCRAM-SHA-256\\$4096:${base64(16)}\\$${base64(32)}:${base64(32)}$`);
  expect(scramVerifier("shop_owner_api_a1b2c3d4", "secret")).toMatch(form);
});

test("it is the same for the same login, and another for another name or password", () => {
  const all = [
    ["a", "x"],
    ["a", "x"],
    ["a", "y"],
    ["b", "x"],
  ].map(([name = "", password = ""]) => scramVerifier(name, password));
  expect(all[0]).toBe(all[1]);
  expect(new Set(all).size).toBe(3);
});
