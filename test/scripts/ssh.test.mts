// What ssh says, as OpenSSH 9 and 10 say it, and what the user is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, parseTarget, type SshTarget } from "../../scripts/lib/ssh.mts";

const target = parseTarget("ssh://ann@box.example.com:2222") as SshTarget;
const what = (said: string, status = 255): string => explain(target, status, said).what;

const CHANGED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
The fingerprint for the ED25519 key sent by the remote host is
SHA256:ql/ywm60tZnB17uN8LQQ57QkhF/siY5h1wbtd0p54OQ.
Please contact your system administrator.
Add correct host key in /home/ann/.ssh/known_hosts to get rid of this message.
Offending RSA key in /home/ann/.ssh/known_hosts:3
Host key for [box.example.com]:2222 has changed and you have requested strict checking.
Host key verification failed.
`;

test("an address is taken apart, and only one of ssh", () => {
  assert.deepEqual(target, { user: "ann", host: "box.example.com", port: "2222", socket: "" });
  assert.deepEqual(parseTarget("ssh://[::1]/run/user/1000/docker.sock"), {
    user: "",
    host: "::1",
    port: "",
    socket: "/run/user/1000/docker.sock",
  });
  assert.equal(parseTarget("tcp://box"), undefined);
  assert.equal(parseTarget("ssh:///socket"), undefined);
});

test("a changed host key comes with the fingerprint to compare, and a warning before the remedy", () => {
  const { what, fixes } = explain(target, 255, CHANGED);
  assert.match(what, /host key has changed.*ED25519 key SHA256:ql\/ywm60tZnB17uN8LQQ57QkhF\/siY5h1wbtd0p54OQ/);
  assert.match(fixes[0] ?? "", /stop here/);
  assert.match(fixes[1] ?? "", /ssh-keygen -lf \/etc\/ssh\/ssh_host_ed25519_key.pub/);
  assert.match(fixes[2] ?? "", /ssh-keygen -R '\[box.example.com\]:2222' -f '\/home\/ann\/.ssh\/known_hosts'/);
});

test("an unknown host key, a refused login, a wrong name, port and network each have words of their own", () => {
  assert.match(what("Host key verification failed."), /not known here yet/);
  assert.match(what("No ED25519 host key is known for box and you have requested strict checking."), /not known/);
  assert.match(what("ann@box: Permission denied (publickey,password)."), /takes none of our keys for user ann/);
  assert.match(what("ssh: Could not resolve hostname box: Name or service not known"), /no address.*box/);
  assert.match(what("ssh: connect to host box port 2222: Connection refused"), /nothing listens there on port 2222/);
  assert.match(what("Connection timed out during banner exchange"), /does not answer/);
  assert.match(what("no answer within 15 s", 124), /does not answer/);
  assert.match(what("kex_exchange_identification: read: Connection reset by peer"), /cut before a login/);
});

test("nothing advises to switch the check of host keys off", () => {
  for (const said of [CHANGED, "Host key verification failed.", "Permission denied (publickey).", "odd"]) {
    assert.doesNotMatch(explain(target, 255, said).fixes.join(" "), /StrictHostKeyChecking|UserKnownHostsFile/);
  }
});

test("a login that works is told from a Docker that does not", () => {
  assert.match(what("bash: line 1: docker: command not found", 127), /ann finds no docker command/);
  const denied = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock";
  assert.match(what(denied, 1), /ann may not use Docker/);
  assert.match(
    what("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", 1),
    /no Docker daemon answers/,
  );
  assert.match(what("spawn ssh ENOENT", 127), /no ssh command on this machine/);
  assert.match(what("something else\nlast words", 3), /ssh ended with code 3: last words/);
});
