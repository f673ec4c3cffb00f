import { edgeFragment } from "../../components/settings/edge-fragment";

const parse = (values: object) =>
  edgeFragment().safeParse({ publicUrl: "https://www.example.com", httpPort: 80, ...values });

test("the defaults", () => {
  expect(parse({}).data).toEqual({
    publicUrl: "https://www.example.com",
    httpPort: 80,
    allowedHosts: [],
    bindAddress: "127.0.0.1",
    tls: { mode: "external" },
    trustedProxies: [],
    maxBodyMiB: 10,
    readTimeoutSeconds: 25,
    gzip: true,
    staticCache: "off",
    contentSecurityPolicy: "strict",
    frameAncestors: [],
  });
});

test.each(["www.example.com", "a.example:8443", "127.0.0.1:8080", "[::1]", "[2001:DB8:0::1]:81", "LOCALHOST"])(
  "the host %s may be asked for",
  (host) => {
    expect(parse({ allowedHosts: [host] }).success).toBe(true);
  },
);

test.each([
  "https://a.example",
  "a.example/",
  'a" "b',
  "*.example.com",
  "a_b",
  "user@a.example",
  "a.example:",
  "~.*",
  "[:::]",
  "[1:2]",
  "1.2.3.256",
  "a.example:65536",
  "",
])("%j is no host", (host) => {
  expect(parse({ allowedHosts: [host] }).error?.issues.map(({ path }) => path.join("."))).toEqual(["allowedHosts.0"]);
});

test.each(["host", "10.0.0.0/8", "203.0.113.7/32"])("%s may be trusted", (proxy) => {
  expect(parse({ trustedProxies: [proxy] }).success).toBe(true);
});

test.each(["0.0.0.0/0", "10.0.0.1", "256.0.0.0/8", "10.0.0.0/33", "Host", "example.com", "10.0.0.0/8;"])(
  "%s may not: it is everybody, or nobody",
  (proxy) => {
    expect(parse({ trustedProxies: [proxy] }).error?.issues.map(({ message }) => message)).toEqual([
      "`host` or a range such as 10.0.0.0/8",
    ]);
  },
);

test.each(["'self'", "https://web.telegram.org", "https://*.example.com", "http://127.0.0.1:8080"])(
  "%s may be an ancestor of frames",
  (ancestor) => {
    expect(parse({ frameAncestors: [ancestor] }).success).toBe(true);
  },
);

test.each([
  "*",
  "self",
  "web.telegram.org",
  "https://a.example; script-src *",
  'https://a.example"',
  "https://a.example/path",
])("%s may not: it would mean something else, or end the header", (ancestor) => {
  const { error } = parse({ frameAncestors: [ancestor] });
  expect(error?.issues.map(({ path, message }) => [path.join("."), message])).toEqual([
    ["frameAncestors.0", "'self' or an origin such as https://web.telegram.org"],
  ]);
});

test.each([
  ["httpsPort", 70000],
  ["maxBodyMiB", 0],
  ["readTimeoutSeconds", 4000],
  ["rateLimit", { requestsPerSecond: 10 }],
  ["staticCache", "on"],
  ["contentSecurityPolicy", "none"],
])("%s may not be %j", (key, value) => {
  expect(parse({ [key]: value }).error?.issues.map(({ path }) => path[0])).toEqual([key]);
});
