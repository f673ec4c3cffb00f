import { EdgeCheckSettings, edgeChecks, edgeProblems } from "../../components/settings/edge-checks";
import { formatProblem } from "../../components/settings/problems";
import { edgeSettings } from "../support/edge";
import { removeTlsFiles, tlsFiles, TlsFilesMade } from "../support/tls-files";

let tls: TlsFilesMade;

beforeAll(() => {
  tls = tlsFiles({ names: ["www.example.com"], days: 90 });
});
afterAll(removeTlsFiles);

type Changes = Partial<EdgeCheckSettings["edge"]>;
const problems = (changes: Changes) => edgeProblems(edgeSettings(changes)).map(formatProblem);
const own = (changes: Changes = {}): Changes => ({
  ...{ publicUrl: "https://www.example.com", httpPort: 80, httpsPort: 443, tls },
  ...changes,
});
const external = { publicUrl: "https://www.example.com", trustedProxies: ["10.0.0.0/8"] };

test.each([
  ["plain HTTP", () => ({})],
  ["TLS by a proxy in front", () => external],
  ["TLS by a proxy on the host", () => ({ ...external, trustedProxies: ["host"], bindAddress: "127.0.0.1" })],
  ["TLS by nginx", () => own()],
  ["TLS by nginx on another port", () => own({ publicUrl: "https://www.example.com:8443", httpsPort: 8443 })],
])("nothing is wrong with %s", (_name, changes) => {
  expect(problems(changes())).toEqual([]);
});

test.each<[string, () => Changes, string]>([
  [
    "TLS by nginx without a port",
    () => own({ httpsPort: undefined }),
    'edge.httpsPort: want a port of the host, because edge.tls.mode is "files", got nothing',
  ],
  [
    "TLS by nginx without a certificate",
    () => own({ tls: { ...tls, certificateFile: undefined } }),
    'edge.tls.certificateFile: want a PEM file, because edge.tls.mode is "files", got nothing',
  ],
  [
    "TLS by nginx without a key",
    () => own({ tls: { ...tls, privateKeyFile: undefined } }),
    'edge.tls.privateKeyFile: want a PEM file, because edge.tls.mode is "files", got nothing',
  ],
  [
    "TLS by nginx under a plain URL",
    () => own({ publicUrl: "http://www.example.com" }),
    'edge.publicUrl: want https://…, because edge.tls.mode is "files", got "http://www.example.com"',
  ],
  [
    "TLS by nginx under the port of plain HTTP",
    () => own({ publicUrl: "https://www.example.com:80", httpPort: 80 }),
    "edge.publicUrl: want the port of the HTTPS listener, not that of edge.httpPort, " +
      'because edge.tls.mode is "files", got "https://www.example.com:80"',
  ],
  [
    "an HTTPS port without TLS",
    () => ({ httpsPort: 443 }),
    'edge.httpsPort: want nothing, because with edge.tls.mode "external" nginx has no TLS, got 443\n' +
      "    fix: pulumi config rm --path 'edge.httpsPort', or set edge.tls.mode to files",
  ],
  [
    "a certificate without TLS",
    () => ({ tls: { mode: "external", certificateFile: "a.pem" } }),
    'edge.tls.certificateFile: want nothing, because with edge.tls.mode "external" nginx has no TLS, got "a.pem"\n' +
      "    fix: pulumi config rm --path 'edge.tls.certificateFile', or set edge.tls.mode to files",
  ],
  [
    "a key without TLS",
    () => ({ tls: { mode: "external", privateKeyFile: "a.pem" } }),
    'edge.tls.privateKeyFile: want nothing, because with edge.tls.mode "external" nginx has no TLS, got "a.pem"\n' +
      "    fix: pulumi config rm --path 'edge.tls.privateKeyFile', or set edge.tls.mode to files",
  ],
  [
    "TLS by a proxy that is not trusted",
    () => ({ ...external, trustedProxies: [] }),
    "edge.trustedProxies: want the addresses of the proxy that terminates TLS, because edge.publicUrl is https and " +
      "edge.tls.mode \"external\", got []\n    fix: pulumi config set --path 'edge.trustedProxies[0]' host, where it runs on Docker's host, or RANGE",
  ],
  [
    "a proxy on the host before an nginx that all may reach",
    () => ({ ...external, trustedProxies: ["10.0.0.0/8", "host"], bindAddress: "0.0.0.0" }),
    "edge.bindAddress: want 127.0.0.1, because edge.trustedProxies has host: on other addresses others may come by " +
      "the host's way, got \"0.0.0.0\"\n    fix: pulumi config set --path 'edge.bindAddress' 127.0.0.1",
  ],
  [
    "a certificate for another host",
    () => own({ publicUrl: "https://other.example.com" }),
    "edge.tls.certificateFile: want a certificate for other.example.com, the host of edge.publicUrl, " +
      "got one for DNS:www.example.com",
  ],
])("%s", (_name, changes, message) => {
  expect(problems(changes())).toEqual([`  ${message}`]);
});

test("each rule names what it looks at", () => {
  for (const { name, reads } of edgeChecks())
    expect([name, reads.every((path) => path.startsWith("edge."))]).toEqual([name, true]);
});
