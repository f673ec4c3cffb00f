// A topology as a picture. Colours are middle tones on a transparent ground, to be read on white and on black.
import { instance } from "@viz-js/viz";
import type { Edge, Segment, Service, Topology } from "./model.mts";

const INK = "#1f2933";
const GREY = "#7b8794";
const FILL = "#f5f7fa";
const FONT = "Helvetica,Arial,sans-serif";
/** Laid out larger than drawn: where the font is not there, another one may be wider. */
const FONT_SCALE = 0.82;
const OUTSIDE = "outside";
/** One for each segment, in their order. */
const PALETTE = ["#3f8fd2", "#2f9e8f", "#8e6bbf", "#c7822c", "#b8566b", "#6b8e23"];

const EDGE_STYLES: Record<Edge["kind"], string> = {
  routes: 'penwidth=1.8, color="#3f8fd2"',
  uses: `color="${GREY}"`,
  calls: `style=dashed, color="${GREY}"`,
};

/** The topology as SVG, the same for the same topology. */
export async function draw(topology: Topology, title: string): Promise<string> {
  const graphviz = await instance();
  const svg = graphviz.renderString(dot(topology, title), { format: "svg", engine: "dot" });
  return svg.slice(svg.indexOf("<svg")).replaceAll(/font-size="([\d.]+)"/g, (_, size) => {
    return `font-size="${(Number(size) * FONT_SCALE).toFixed(2)}"`;
  });
}

/** The topology in Graphviz's language. */
export function dot(topology: Topology, title: string): string {
  const color = (segment: string): string =>
    PALETTE[topology.segments.findIndex(({ name }) => name === segment) % PALETTE.length] ?? GREY;
  return `digraph topology {
  graph [compound=true, rankdir=LR, bgcolor=transparent, fontname="${FONT}", fontcolor="${GREY}", fontsize=13, nodesep=0.22, ranksep=0.7,
    pad=0.2, label=${quote(title)}, labelloc=t, labeljust=l, newrank=true]
  node [shape=plain, fontname="${FONT}", fontcolor="${INK}", fontsize=13]
  edge [fontname="${FONT}", fontcolor="${GREY}", fontsize=11, arrowsize=0.6]
${outside(topology)}
${topology.segments.map((segment) => cluster(segment, topology, color)).join("\n")}
${topology.edges.map(edge).join("\n")}
}
`;
}

/** The first of a service's segments, in the order of the picture, is where it is drawn. */
export function homeOf(service: Service, segments: readonly Segment[]): string | undefined {
  return segments.find(({ name }) => service.segments.includes(name))?.name;
}

function cluster(segment: Segment, topology: Topology, color: (segment: string) => string): string {
  const members = topology.services.filter((service) => homeOf(service, topology.segments) === segment.name);
  const note = segment.internal ? "no way out" : "with a way out";
  const body = [
    ...members.map((service) => node(service, segment.name, color)),
    ...(leadsOut(segment, topology) ? [wayOut(segment, topology, color(segment.name))] : []),
  ].join("\n");
  return `  subgraph ${quote(`cluster ${segment.name}`)} {
    graph [style=rounded, color="${color(segment.name)}", fontcolor="${color(segment.name)}", margin=14, labelloc=b,
      label=${quote(`segment ${segment.name}, ${note}`)}]
${body}
  }`;
}

/** A segment that is not there for a published port: what its members reach through it is elsewhere. */
function leadsOut({ name, internal }: Segment, { services }: Topology): boolean {
  return !internal && !services.some(({ segments, ports }) => segments.includes(name) && ports.length > 0);
}

function wayOut({ name }: Segment, { services }: Topology, color: string): string {
  const elsewhere = quote(`elsewhere by ${name}`);
  const members = services.filter(({ segments }) => segments.includes(name));
  return [
    `    ${elsewhere} [shape=ellipse, style=dashed, color="${GREY}", fontcolor="${GREY}", label="other hosts"]`,
    ...members.map((service) => `    ${quote(service.name)} -> ${elsewhere} [color="${color}", style=dotted]`),
  ].join("\n");
}

function node(service: Service, home: string, color: (segment: string) => string): string {
  const { name, kind, job, replicas, secrets, volumes, segments } = service;
  const what = `${kind || (job ? "job" : "service")}${replicas > 1 ? ` × ${replicas}` : ""}${job ? ", runs once" : ""}`;
  const small = (line: string, tone = GREY): string =>
    `<tr><td><font point-size="11" color="${tone}"> ${line} </font></td></tr>`;
  const rows = [
    `<tr><td><b> ${escape(name)} </b></td></tr>`,
    small(escape(what), INK),
    ...secrets.map((secret) => small(`secret: ${escape(secret)}`)),
    ...volumes.map((volume) => small(`volume: ${escape(volume)}`)),
    ...segments.filter((other) => other !== home).map((other) => small(`also in ${escape(other)}`, color(other))),
  ];
  const table = `<table border="1" cellborder="0" cellspacing="0" cellpadding="2" style="rounded" color="${color(home)}" bgcolor="${FILL}">${rows.join("")}</table>`;
  return `    ${quote(name)} [label=<${table}>]`;
}

/** What comes in by published ports, and what services reach through segments with a way out. */
function outside({ services }: Topology): string {
  const ports = services.flatMap((service) => service.ports.map((port) => ({ service: service.name, port })));
  if (ports.length === 0) return "";
  return [
    `  ${OUTSIDE} [shape=ellipse, style=dashed, color="${GREY}", fontcolor="${GREY}", label="browsers, proxies"]`,
    ...ports.map(
      ({ service, port }) => `  ${OUTSIDE} -> ${quote(service)} [label=${quote(port)}, penwidth=1.8, color="#3f8fd2"]`,
    ),
  ].join("\n");
}

function edge({ from, to, kind, paths = [] }: Edge): string {
  const label = kind === "routes" ? paths.join("\\n") : kind === "calls" ? "calls" : "";
  return `  ${quote(from)} -> ${quote(to)} [${EDGE_STYLES[kind]}, label=${quote(label)}]`;
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
