// The tables of who may talk to whom in a system, from the networks that its containers join.
import type { Service, Topology } from "../topology/model.mts";
import { stackTopology, type System } from "./systems.mts";

/** The segments with their members, then every service against every other. */
export async function networkTables(system: System): Promise<string> {
  const everywhere = await stackTopology(system, system.pictured);
  const development = await stackTopology(system, "dev");
  const everybody = development.services.map(({ name }) => name);
  const own = new Set(everywhere.segments.map(({ name }) => name));
  const note = (segment: string): string => (own.has(segment) ? "" : " (dev only)");
  return [segmentTable(development, note), "", matrix(development.services, everybody, note)].join("\n");
}

function segmentTable({ segments, services }: Topology, note: (segment: string) => string): string {
  const rows = segments.map(({ name, internal }) => {
    const members = services.filter((service) => service.segments.includes(name)).map((service) => service.name);
    return [`\`${name}\`${note(name)}`, members.join(", "), internal ? "no" : "yes"];
  });
  return table(["segment", "members", "way out"], rows);
}

/** Who is in a row may open connections to who is in a column, over the segments in the cell. */
function matrix(services: readonly Service[], everybody: readonly string[], note: (segment: string) => string): string {
  const rows = services.map((from) => {
    const cells = services.map((to) => {
      if (to === from) return "";
      const shared = from.segments.filter((segment) => to.segments.includes(segment));
      return shared.map((segment) => `${segment}${note(segment)}`).join(", ") || "–";
    });
    return [`**${from.name}**`, ...cells];
  });
  return table(["", ...everybody], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}
