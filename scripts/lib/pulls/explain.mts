// What Docker says when it cannot pull an image, turned into a reason and what to do about it.
import { registryOf } from "./reference.mts";

export interface Explanation {
  readonly reason: string;
  readonly fix: string;
}

export interface Failure {
  readonly reference: string;
  /** What `docker pull` wrote to standard error. */
  readonly words: string;
  /** What the daemon's host runs, as `linux/amd64`; empty where it is not known. */
  readonly platform: string;
  /** What the image is made for, as far as the registry told. */
  readonly platforms: readonly string[];
}

type Rule = readonly [pattern: RegExp, explain: (failure: Failure, registry: string) => Explanation];

const login = (registry: string): string => (registry === "docker.io" ? "docker login" : `docker login ${registry}`);

const wrongPlatform = ({ platform, platforms }: Failure): Explanation => ({
  reason: `it has nothing for ${platform || "this platform"}, which the daemon runs${platforms.length > 0 ? `, only for ${platforms.join(", ")}` : ""}`,
  fix: `build and push it for ${platform || "that platform"}, too: docker buildx build --platform …`,
});

const noSuchImage = (_: Failure, registry: string): Explanation => ({
  reason: `${registry} has no image of this name and digest`,
  fix: "push it again if it was cleaned away, or name a digest that is there",
});

/** In this order: some messages match several. */
const RULES: readonly Rule[] = [
  [/cannot connect to the docker daemon|error during connect/i, () => noDaemon],
  [/no matching manifest|no match for platform/i, wrongPlatform],
  [/error getting credentials|docker-credential-/i, (failure, registry) => helperFailed(failure, registry)],
  [/toomanyrequests|too many requests/i, (_, registry) => limited(registry)],
  [/no space left on device/i, () => noSpace],
  [/x509|certificate|HTTP response to HTTPS client/i, (failure, registry) => noTrust(failure, registry)],
  [
    /unauthorized|denied|no basic auth|authentication required|forbidden/i,
    (failure, registry) => refused(failure, registry),
  ],
  [/manifest unknown|name unknown|not found/i, noSuchImage],
  [
    /dial |no such host|refused|time-?out|timed out|deadline|unreachable|EOF|reset by peer|proxyconnect/i,
    (failure, registry) => unreachable(failure, registry),
  ],
];

const noDaemon: Explanation = {
  reason: "the Docker daemon does not answer any more",
  fix: "start it, and run this again",
};
const noSpace: Explanation = {
  reason: "the daemon's disk is full",
  fix: "free some: docker system df shows what takes it, docker image prune removes what nothing uses",
};

const helperFailed = ({ words }: Failure, registry: string): Explanation => ({
  reason: `the credential helper for ${registry} gave none: ${lastWords(words)}`,
  fix: "install or mend the helper that credsStore or credHelpers of Docker's config.json names (DOCKER_CONFIG, else ~/.docker)",
});

const limited = (registry: string): Explanation => ({
  reason: `${registry} limits how much is pulled without an account`,
  fix: `${login(registry)}, or wait`,
});

const noTrust = ({ words }: Failure, registry: string): Explanation => ({
  reason: `the daemon does not trust ${registry}: ${lastWords(words)}`,
  fix: `give the daemon its certificate (/etc/docker/certs.d/${registry}/ca.crt), or name it in insecure-registries`,
});

const refused = ({ words }: Failure, registry: string): Explanation => ({
  reason: /no basic auth|authentication required|may require 'docker login'/i.test(words)
    ? `${registry} wants valid credentials: it is private, or has no such repository`
    : `${registry} refuses the credentials that Docker has for it`,
  fix: `${login(registry)}, or set a credential helper in Docker's config.json, as the user who runs ./dev`,
});

const unreachable = ({ words }: Failure, registry: string): Explanation => ({
  reason: `the daemon cannot reach ${registry}: ${lastWords(words)}`,
  fix: "look at the name, and at the network and proxy of the daemon's host",
});

/** The last line, without Docker's preambles and the address that stands in the reference anyway. */
export function lastWords(words: string): string {
  const line = words.trim().split("\n").at(-1)?.trim() ?? "";
  return line.replace(/^Error response from daemon: /, "").replace(/^(Get|Head) "?https?:\/\/\S+?"?: /, "");
}

/** A digest that stands for none, as in a fresh stack file. */
const isPlaceholder = (reference: string): boolean => /@sha256:0{64}$/.test(reference);

export function explain(failure: Failure): Explanation {
  const registry = registryOf(failure.reference);
  const rule = RULES.find(([pattern]) => pattern.test(failure.words));
  const found = rule?.[1](failure, registry) ?? {
    reason: lastWords(failure.words) || "docker pull failed without a word",
    fix: `docker pull ${failure.reference} shows more`,
  };
  if (!isPlaceholder(failure.reference)) return found;
  return { ...found, fix: "this digest is a placeholder: name the image that your pipeline pushed" };
}
