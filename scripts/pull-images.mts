// Usage: pull-images.mts PROJECT_DIR STACK CONFIG_FILE
// Pulls every image that the stack names and the daemon lacks, before anything is changed; fails with all that cannot
// be had. CONFIG_FILE may be empty: then the stack's own file holds the settings.
import { join } from "node:path";
import { imageFacts, judgeArchitectures } from "./lib/doctor/architecture.mts";
import { askDaemon, type Daemon } from "./lib/doctor/daemon.mts";
import { settingsOf } from "./lib/doctor/settings.mts";
import { projectName, readYaml } from "./lib/project.mts";
import { explain, type Explanation } from "./lib/pulls/explain.mts";
import { absent, platformsOf, type Pulled, pullAll } from "./lib/pulls/pull.mts";
import { imagesOf, type NamedImage, shortName } from "./lib/pulls/reference.mts";
import { count, script, tell, UserError } from "./lib/run.mts";

interface Problem extends Explanation {
  readonly image: NamedImage;
}

/** As the user reads them: settings and references, and once what they have in common. */
function listProblems(problems: readonly Problem[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { image, reason, fix } of problems) {
    const common = `  ${reason}\n  fix: ${fix}`;
    groups.set(common, [...(groups.get(common) ?? []), `${image.paths.join(", ")}: ${image.reference}`]);
  }
  return [...groups].flatMap(([common, lines]) => [...lines, ...common.split("\n")]);
}

function explainAll(pulled: readonly Pulled[], daemon: Daemon | undefined): Problem[] {
  const platform = daemon ? `${daemon.os}/${daemon.architecture}` : "";
  return pulled
    .filter(({ words }) => words !== "")
    .map(({ image, words }) => {
      const platforms = /no matching manifest|no match for platform/i.test(words) ? platformsOf(image.reference) : [];
      return { image, ...explain({ reference: image.reference, words, platform, platforms }) };
    });
}

/** An image without an index is pulled for whatever processor it was made. */
async function strangers(pulled: readonly Pulled[], daemon: Daemon | undefined): Promise<Problem[]> {
  const there = pulled.filter(({ words }) => words === "").map(({ image }) => image);
  if (!daemon || there.length === 0) return [];
  const facts = await imageFacts(there.map(({ reference }) => reference));
  return there.flatMap((image) => {
    const [finding] = judgeArchitectures(
      facts.filter(({ reference }) => reference === image.reference),
      daemon,
    );
    if (finding?.mark === "note") tell(`${shortName(image)}: ${finding.text}`);
    if (finding?.mark !== "missing") return [];
    const platform = `${daemon.os}/${daemon.architecture}`;
    const fix = `build and push it for ${platform}: docker buildx build --platform …`;
    return [{ image, reason: finding.text, fix }];
  });
}

await script(async ([projectDir = "", stack = "", configFile = ""]) => {
  const project = projectName(projectDir);
  const content = readYaml(configFile || join(projectDir, `Pulumi.${stack}.yaml`)) ?? {};
  const images = imagesOf(settingsOf(content, project), project);
  const lacking = absent(images);
  if (lacking.length === 0) return console.log(`all ${images.length} on the daemon`);
  tell(`pulling ${count(lacking.length, "image")}: ${lacking.map(shortName).join(", ")}`);
  const pulled = await pullAll(lacking, tell);
  const answer = await askDaemon();
  const daemon = typeof answer === "string" ? undefined : answer;
  const problems = [...explainAll(pulled, daemon), ...(await strangers(pulled, daemon))];
  if (problems.length > 0) {
    const head = `${problems.length} of ${count(images.length, "image")} of stack ${stack} cannot be had, nothing was changed`;
    throw new UserError(
      head,
      ...listProblems(problems),
      `name another image: ./dev pulumi config set --path images.NAME REFERENCE --stack ${stack}`,
    );
  }
  console.log(`${lacking.length} of ${images.length} pulled`);
});
