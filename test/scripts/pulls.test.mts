import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, lastWords } from "../../scripts/lib/pulls/explain.mts";
import { imagesOf, registryOf, shortName } from "../../scripts/lib/pulls/reference.mts";

const DIGEST = `sha256:${"7".repeat(64)}`;
const REFERENCE = `registry.example.com/shop/app@${DIGEST}`;

function said(words: string, reference = REFERENCE, platforms: readonly string[] = []) {
  return explain({ reference, words, platform: "linux/amd64", platforms });
}

test("images are taken by digest from the settings, once, with every setting that names them", () => {
  const images = {
    app: REFERENCE,
    migration: REFERENCE,
    postgres: `postgres:17@${DIGEST}`,
    local: true,
    redis: "redis:7",
  };
  assert.deepEqual(imagesOf({ images: { ...images, variant: "alpine", nginxVersion: "1.29.0" } }, "shop"), [
    { reference: REFERENCE, paths: ["shop:images.app", "shop:images.migration"] },
    { reference: `postgres:17@${DIGEST}`, paths: ["shop:images.postgres"] },
  ]);
  assert.deepEqual(imagesOf({}, "shop"), []);
  assert.equal(shortName({ reference: REFERENCE, paths: ["shop:images.app"] }), "app");
});

test("a reference that is no word of a shell command is left to the program's own checks", () => {
  const odd = [`-v@${DIGEST}`, `a b@${DIGEST}`, `$(id)@${DIGEST}`, `x*@${DIGEST}`, `app@sha256:12`];
  assert.deepEqual(imagesOf({ images: Object.fromEntries(odd.entries()) }, "shop"), []);
});

test("the registry is the first part where that is a host, else Docker Hub", () => {
  const hosts = ["postgres:17", "library/postgres", "localhost/app", "localhost:5000/app", "ghcr.io/a/b:1", "r:80/x"];
  const registries = hosts.map((name) => registryOf(`${name}@${DIGEST}`));
  assert.deepEqual(registries, ["docker.io", "docker.io", "localhost", "localhost:5000", "ghcr.io", "r:80"]);
});

// Each as Docker 20.10 or 29 writes it.
const CASES: readonly (readonly [words: string, reason: RegExp, fix: RegExp])[] = [
  [
    'Error response from daemon: Head "https://registry.example.com/v2/shop/app/manifests/x": no basic auth credentials',
    /^registry\.example\.com wants valid credentials/,
    /^docker login registry\.example\.com, or set a credential helper/,
  ],
  [
    "Error response from daemon: pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    /wants valid credentials: it is private, or has no such repository/,
    /docker login/,
  ],
  [
    'Error response from daemon: Get "https://registry.example.com/v2/": unauthorized: incorrect username or password',
    /^registry\.example\.com refuses the credentials/,
    /docker login/,
  ],
  [
    'error getting credentials - err: exec: "docker-credential-ecr-login": executable file not found in $PATH, out: ``',
    /^the credential helper .* gave none: .*docker-credential-ecr-login/,
    /install or mend the helper/,
  ],
  [
    `Error response from daemon: manifest for ${REFERENCE} not found: manifest unknown: manifest unknown`,
    /^registry\.example\.com has no image of this name and digest$/,
    /push it again/,
  ],
  [
    `Error response from daemon: failed to resolve reference "${REFERENCE}": ${REFERENCE}: not found`,
    /has no image of this name and digest/,
    /push it again/,
  ],
  [
    "no matching manifest for linux/amd64 in the manifest list entries",
    /nothing for linux\/amd64, which the daemon runs$/,
    /docker buildx build --platform/,
  ],
  ["no match for platform in manifest: not found", /nothing for linux\/amd64/, /for linux\/amd64, too/],
  [
    'Error response from daemon: Get "https://registry.example.com/v2/": dial tcp: lookup registry.example.com: no such host',
    /^the daemon cannot reach registry\.example\.com: dial tcp: lookup registry\.example\.com: no such host$/,
    /network and proxy/,
  ],
  [
    'Error response from daemon: Get "https://registry.example.com/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    /cannot reach/,
    /proxy/,
  ],
  [
    'Error response from daemon: Get "https://registry.example.com/v2/": x509: certificate signed by unknown authority',
    /does not trust registry\.example\.com: x509/,
    /certs\.d\/registry\.example\.com\/ca\.crt/,
  ],
  [
    'Error response from daemon: Get "https://registry.example.com/v2/": http: server gave HTTP response to HTTPS client',
    /does not trust/,
    /insecure-registries/,
  ],
  ["toomanyrequests: You have reached your pull rate limit.", /limits how much is pulled/, /docker login/],
  ["failed to register layer: write /usr/lib/x: no space left on device", /disk is full/, /docker system df/],
  ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", /does not answer any more/, /start it/],
  ["Error response from daemon: something new", /^something new$/, /docker pull registry\.example\.com/],
];

test("what Docker says becomes a reason and a fix", () => {
  for (const [words, reason, fix] of CASES) {
    const found = said(words);
    assert.match(found.reason, reason, words);
    assert.match(found.fix, fix, words);
  }
});

test("an image of other platforms says which", () => {
  const { reason } = said("no matching manifest for linux/amd64", REFERENCE, ["linux/arm64", "linux/arm"]);
  assert.match(reason, /only for linux\/arm64, linux\/arm$/);
});

test("Docker Hub needs no host to log in, and a placeholder is called one", () => {
  assert.match(said("denied", `shop/app@${DIGEST}`).fix, /^docker login, or/);
  assert.match(said("dial tcp: no such host", `r.example.com/app@sha256:${"0".repeat(64)}`).fix, /is a placeholder/);
});

test("the last words come without preambles", () => {
  assert.equal(lastWords('a\nError response from daemon: Get "https://x/v2/": EOF\n'), "EOF");
});
