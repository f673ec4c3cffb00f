import { edgeFragment } from "../../components/settings/edge-fragment";

const parse = (values: object) =>
  edgeFragment().safeParse({ publicUrl: "https://www.example.com", httpPort: 80, ...values });

test("the defaults", () => {
  expect(parse({}).data).toEqual({
    publicUrl: "https://www.example.com",
    httpPort: 80,
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
