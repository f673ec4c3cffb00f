// Why a Docker host cannot be reached by SSH, in words: judged from what the ssh command says.

export interface SshTarget {
  readonly user: string;
  readonly host: string;
  readonly port: string;
  /** The daemon's socket over there, where it is not the usual one. */
  readonly socket: string;
}

export interface Trouble {
  /** What was got instead of an answer. */
  readonly what: string;
  /** What to do about it, a line each. */
  readonly fixes: readonly string[];
}

/** Parses `ssh://user@host:port/socket`; nothing for anything else. */
export function parseTarget(url: string): SshTarget | undefined {
  if (!url.startsWith("ssh://") || !URL.canParse(url)) return undefined;
  const { username, hostname, port, pathname } = new URL(url);
  if (hostname === "") return undefined;
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return { user: decodeURIComponent(username), host, port, socket: pathname.replace(/^\/$/, "") };
}

/** The words that connect, as a user would type them. */
export function sshWords({ user, host, port }: SshTarget): string[] {
  return [...(port ? ["-p", port] : []), user ? `${user}@${host}` : host];
}

/** What known_hosts calls it. */
function knownName({ host, port }: SshTarget): string {
  return port && port !== "22" ? `[${host}]:${port}` : host;
}

type Rule = readonly [pattern: RegExp, explain: (target: SshTarget, said: string, match: RegExpExecArray) => Trouble];

const connect = (target: SshTarget): string => `ssh ${sshWords(target).join(" ")}`;

/** The first that fits counts. Of what `ssh` itself says. */
const SSH_RULES: readonly Rule[] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED|HOST IDENTIFICATION HAS CHANGED/, changedKey],
  [/Host key verification failed|No .* host key is known/, unknownKey],
  [
    /Permission denied \(([^)]*)\)|Too many authentication failures/,
    (target, _, match) => ({
      what: `the host takes none of our keys${target.user ? ` for user ${target.user}` : ""} (it offers: ${match[1] ?? "nothing more"})`,
      fixes: [
        `try it by hand, where ssh may ask for a passphrase: ${connect(target)}`,
        "a key with a passphrase has to be in the agent (ssh-add), for nothing may be asked here",
        `give the host your public key: ssh-copy-id ${sshWords(target).join(" ")}`,
      ],
    }),
  ],
  [
    /Could not resolve hostname/,
    ({ host }) => ({ what: `no address is known for the name ${host}`, fixes: ["correct the name, or ~/.ssh/config"] }),
  ],
  [
    /Connection refused/,
    ({ port }) => ({
      what: `nothing listens there on port ${port || "22"}`,
      fixes: ["correct the port, or start the SSH server of that host"],
    }),
  ],
  [
    /timed out|No route to host|Network is unreachable|Host is down|no answer within/,
    () => ({
      what: "the host does not answer",
      fixes: ["is it switched on, and is this machine in its network (VPN, firewall)?"],
    }),
  ],
  [
    /kex_exchange_identification|banner exchange|Connection (reset|closed)/,
    (_, said) => ({
      what: `the connection was cut before a login: ${lastWords(said)}`,
      fixes: ["no SSH server, or one with too many connections at once: see MaxStartups in docs/remote-hosts.md"],
    }),
  ],
];

/** Of what the docker command over there says. */
const DOCKER_RULES: readonly Rule[] = [
  [
    /docker: (command )?not found|docker: No such file/,
    ({ user }) => ({
      what: `the SSH login works, but ${user || "that user"} finds no docker command on the host`,
      fixes: ["install Docker Engine there (https://docs.docker.com/engine/install)"],
    }),
  ],
  [
    /permission denied while trying to connect/i,
    ({ user }) => ({
      what: `the SSH login works, but ${user || "that user"} may not use Docker on the host`,
      fixes: [`on the host: sudo usermod -aG docker ${user || "USER"} (the group docker is as good as root)`],
    }),
  ],
  [
    /Cannot connect to the Docker daemon|failed to connect to the docker API/i,
    () => ({
      what: "the SSH login works, but no Docker daemon answers on the host",
      fixes: ["start it there: sudo systemctl start docker"],
    }),
  ],
];

function changedKey(target: SshTarget, said: string): Trouble {
  const [, kind = ""] = /fingerprint for the (\S+) key sent/.exec(said) ?? [];
  const [got = "another key"] = /SHA256:[\w+/=]+/.exec(said) ?? [];
  const [, file = ""] = /Offending \S+ key in (.+):\d+/.exec(said) ?? [];
  const [, add = ""] = /Add correct host key in (.+?) to get rid/.exec(said) ?? [];
  const where = file || add;
  const keyFile = `/etc/ssh/ssh_host_${kind.toLowerCase() || "ed25519"}_key.pub`;
  return {
    what: `its host key has changed: known_hosts has another one than the ${kind ? `${kind} key ` : ""}${got} that it sends`,
    fixes: [
      "if nobody reinstalled that host, stop here: somebody may be answering in its place",
      `compare the fingerprint on the host's own console: ssh-keygen -lf ${keyFile}`,
      `only when it is the same: ssh-keygen -R '${knownName(target)}'${where ? ` -f '${where}'` : ""}, then ${connect(target)}`,
    ],
  };
}

function unknownKey(target: SshTarget): Trouble {
  return {
    what: "its host key is not known here yet, and nothing may be asked here",
    fixes: [
      `connect once by hand: ${connect(target)}`,
      "and compare the fingerprint with the host's own before saying yes: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
    ],
  };
}

const lastWords = (said: string): string => said.trim().split("\n").at(-1)?.trim() ?? "";

/** Judges a `docker version` that was run over there: status 255 is ssh's own, 124 means that time ran out. */
export function explain(target: SshTarget, status: number, said: string): Trouble {
  const rules = status === 255 || status === 124 ? SSH_RULES : DOCKER_RULES;
  for (const [pattern, describe] of rules) {
    const match = pattern.exec(said);
    if (match) return describe(target, said, match);
  }
  if (status === 127 && /ENOENT/.test(said)) {
    return { what: "there is no ssh command on this machine", fixes: ["install the OpenSSH client"] };
  }
  return {
    what: `ssh ended with code ${status}: ${lastWords(said) || "it said nothing"}`,
    fixes: [`try it by hand: ${connect(target)} docker version`],
  };
}
