import { ask } from "../ask";
import { SecretFile } from "../state";
import { encryptionRing, isCurrent, sessionBy, signerOf, signingRing } from "./keys";
import { LoadedStack } from "./loaded-stack";
import { answersTo, loginsIn } from "./logins";

/** Tells what of an old credential still works, or of the new one does not. */
type Proof = (after: readonly SecretFile[]) => Promise<string[]>;

/** Looks at credentials before they are rotated, for what can be said of them straight afterwards. */
export async function proofOf(
  stack: LoadedStack,
  credentials: readonly string[],
  before: readonly SecretFile[],
): Promise<Proof> {
  const proofs = [loginProof(stack, credentials, before)];
  if (credentials.includes("jwt")) proofs.push(await sessionProof(stack, before));
  if (credentials.includes("encryption")) proofs.push(encryptionProof(stack, before));
  return async (after) => (await Promise.all(proofs.map((proof) => proof(after)))).flat();
}

/** The servers themselves refuse the old logins, and let in all there are now. */
function loginProof({ deployment }: LoadedStack, credentials: readonly string[], before: readonly SecretFile[]): Proof {
  const rotated = loginsIn(before).filter(({ credential }) => credentials.includes(credential));
  return async (after) => {
    const logins = loginsIn(after);
    const answers = await answersTo(deployment, [...rotated, ...logins]);
    return [...rotated, ...logins].flatMap(({ credential, service, username }, index) => {
      const [age, want] = index < rotated.length ? ["old", "refused"] : ["new", "let in"];
      const got = answers[index] ?? "nothing";
      return got === want ? [] : [`${age} ${credential} login ${username} of ${service}: want ${want}, got ${got}`];
    });
  };
}

/**
 * Sessions of the key before are still accepted, those of a key that was in use two moves ago are not. Before the move,
 * both are.
 */
async function sessionProof({ deployment }: LoadedStack, before: readonly SecretFile[]): Promise<Proof> {
  const { origin, certificate } = deployment;
  const ca = certificate !== undefined && { ca: certificate };
  const old = signingRing(before);
  const me = async (session: string) =>
    (await ask(`${origin}/api/v1/me`, { ...ca, headers: { authorization: `Bearer ${session}` } })).status;
  const [oldest, older] = [sessionBy(old, "previous", "oldest"), sessionBy(old, "current", "older")];
  const first = [await me(oldest), await me(older)];
  return async (after) => {
    const now = signingRing(after);
    const isKnown = now.keys.some(({ kid }) => kid === signerOf(oldest));
    const { text } = await ask(`${origin}/api/v1/session`, { ...ca, json: { user: "new" } });
    const signer = signerOf((JSON.parse(text) as { token: string }).token);
    const current = now.keys.find(({ status }) => status === "current")?.kid;
    const got = [...first, await me(older), await me(oldest)].join(", ");
    // Going back, what was the key before is the one in use.
    const want = ["200, 200, 200", isKnown ? "200" : "401"].join(", ");
    return [
      ...(got === want ? [] : [`sessions before and after the move: want ${want}, got ${got}`]),
      ...(signer === current ? [] : [`a new session is signed by ${signer}, the key in use is ${current ?? "none"}`]),
    ];
  };
}

/** What is stored is encrypted by the new key alone. */
function encryptionProof({ query }: LoadedStack, before: readonly SecretFile[]): Proof {
  const old = encryptionRing(before);
  return async (after) => {
    const now = encryptionRing(after);
    const tokens = (await query("SELECT token FROM messages")).map(([token = ""]) => token);
    const stale = tokens.filter((token) => !isCurrent(now, token)).length;
    return [
      ...(now.current === old.current ? [`the key in use is still ${now.current}`] : []),
      ...(tokens.length === 0 ? ["there is no message"] : []),
      ...(stale === 0 ? [] : [`${stale} of ${tokens.length} messages are not encrypted by the new key`]),
    ];
  };
}
