import { containers, docker } from "./docker";
import { run } from "./run";
import { spellings } from "./state";

const lines = (text: string) => text.split("\n").filter(Boolean);

/** All that Docker tells of a project: its containers, volumes, networks and images, and how the images were made. */
export async function dockerTells(project: string): Promise<string> {
  const filter = `--filter=label=dockwright.project=${project}`;
  const described = await containers(project);
  const images = [...new Set(described.map(({ Config }) => Config.Image))];
  const told = await Promise.all([
    docker("volume", "inspect", ...lines(await docker("volume", "ls", "-q", filter))),
    docker("network", "inspect", ...lines(await docker("network", "ls", "-q", filter))),
    docker("image", "inspect", ...images),
    ...images.map((image) => docker("history", "--no-trunc", image)),
  ]);
  return [JSON.stringify(described), ...told].join("\n");
}

/** All that the containers of a project have logged. */
export async function logged(project: string): Promise<string> {
  const logs = await Promise.all((await containers(project)).map(({ Id }) => run("docker", ["logs", Id])));
  return logs.map(({ output }) => output).join("\n");
}

/** How many of the secrets stand in a text, in whatever spelling. */
export function leaked(secrets: readonly string[], text: string): number {
  return secrets.filter((secret) => spellings(secret).some((spelling) => text.includes(spelling))).length;
}
