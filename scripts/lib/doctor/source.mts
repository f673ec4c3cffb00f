// Source code is mounted from this machine, so it takes a daemon that sees its folders.
import { isTree, type Tree } from "../merge.mts";
import { type Finding, missing } from "./finding.mts";

/** What the schema cannot know: DOCKER_HOST or the CLI's context may lead elsewhere, too. */
export function judgeSource(settings: Tree, dockerHost: string, stack: string): Finding[] {
  const mounted = isTree(settings["source"]) && settings["source"]["mounted"] === true;
  if (!mounted || dockerHost === "" || /^(unix|npipe):/.test(dockerHost)) return [];
  const text = `want false, since the daemon at ${dockerHost} cannot see the folders of this machine, got true`;
  return [
    missing("Host", "source.mounted", text, `./dev pulumi config set --path source.mounted false --stack ${stack}`),
  ];
}
