import { atLeast, MINIMUM_NGINX_VERSION } from "../../components/edge/nginx-version";

test.each([
  ["1.27.4", "1.27.4", true],
  ["1.27.5", "1.27.4", true],
  ["1.28.0", "1.27.4", true],
  ["1.30.6", "1.27.4", true],
  ["2.0.0", "1.27.4", true],
  ["1.27.10", "1.27.4", true],
  ["1.27.3", "1.27.4", false],
  ["1.9.9", "1.27.4", false],
  ["0.99.99", "1.27.4", false],
  ["1.28", "1.27.4", true],
  ["1.27", "1.27.4", false],
])("%s at least %s: %s", (version, minimum, expected) => {
  expect(atLeast(version, minimum)).toBe(expected);
});

test("the minimum is the first version whose reload loses no request", () => {
  expect(MINIMUM_NGINX_VERSION).toBe("1.27.4");
});
