import { Problem } from "../settings/problems";
import { ApplicationArgs } from "./application";

/**
 * Variables by what they are made of: text in which `${NAME}` stands for the secret NAME and `$$` for a dollar, as in a
 * Compose file.
 */
export type SecretTemplates = Readonly<Record<string, string>>;

const VARIABLE = /^[A-Za-z_]\w*$/;
const TOKEN = /\$\$|\$\{([A-Za-z_]\w*)\}|\$/g;

/** What is wrong with templates before anybody knows which secrets there are. */
export function templateProblems(args: ApplicationArgs): Problem[] {
  const { secretsAsEnvironment, entrypoint, environment, image } = args;
  if (!secretsAsEnvironment) return [];
  const problems = Object.entries(secretsAsEnvironment).flatMap(([name, template]) => [
    ...problemsOf(name, template),
    ...(name in (environment ?? {}) ? [{ path: `environment.${name}`, want: BOTH, got: "both" }] : []),
  ]);
  if (entrypoint && entrypoint.length > 0) return problems;
  const fix = `docker image inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' ${image}`;
  const want = "what the image starts, since a shell is put in front of it";
  return [...problems, { path: "entrypoint", want, got: "nothing", fix }];
}

const BOTH = "it here or in secretsAsEnvironment";

function problemsOf(name: string, template: string): Problem[] {
  const path = `secretsAsEnvironment.${name}`;
  const problems: Problem[] = [];
  if (!VARIABLE.test(name)) problems.push({ path, want: "the name of a variable", got: name });
  const tokens = [...template.matchAll(TOKEN)].map(([token]) => token);
  if (tokens.includes("$")) problems.push({ path, want: "${NAME} for a secret, $$ for a dollar", got: "a lone $" });
  else if (references(template).length === 0) {
    problems.push({ path, want: "a text with the ${NAME} of a secret; any other belongs to environment", got: "none" });
  }
  return problems;
}

/** References to secrets that the application does not use. */
export function unknownReferences(templates: SecretTemplates, known: readonly string[]): Problem[] {
  return Object.entries(templates).flatMap(([name, template]) =>
    references(template)
      .filter((reference) => !known.includes(reference))
      .map((reference) => ({
        path: `secretsAsEnvironment.${name}`,
        want: known.map((variable) => `\${${variable}}`).join(" or ") || "a secret of something it uses",
        got: `\${${reference}}`,
      })),
  );
}

/** Names of the secrets that stand in templates, each once. */
export function referencedSecrets(templates: SecretTemplates): string[] {
  return [...new Set(Object.values(templates).flatMap(references))];
}

/**
 * An entrypoint that reads secrets from their files into variables and becomes the image's own: Docker is told paths
 * alone.
 */
export function exportingEntrypoint(
  templates: SecretTemplates,
  files: Readonly<Record<string, string>>,
  entrypoint: readonly string[],
): string[] {
  const script = [
    "set -e",
    ...referencedSecrets(templates).flatMap((name) => reading(name, files[name] ?? "")),
    ...Object.entries(templates).map(([name, template]) => `export ${name}=${expression(template)}`),
    'exec "$@"',
  ];
  return ["sh", "-c", script.join("; "), "sh", ...entrypoint];
}

/** A shell takes newlines away from the end of what it reads, and only there. */
function reading(name: string, file: string): string[] {
  return [`secret_${name}=$(cat ${quoted(file)} && echo .)`, `secret_${name}=\${secret_${name}%?}`];
}

function references(template: string): string[] {
  return [...template.matchAll(TOKEN)].flatMap(([, name]) => name ?? []);
}

function expression(template: string): string {
  let text = "";
  let end = 0;
  for (const { 0: token, 1: name, index } of template.matchAll(TOKEN)) {
    text += quoted(template.slice(end, index)) + (name === undefined ? "'$'" : `"$secret_${name}"`);
    end = index + token.length;
  }
  return text + quoted(template.slice(end));
}

function quoted(text: string): string {
  return text === "" ? "" : `'${text.replaceAll("'", "'\\''")}'`;
}
