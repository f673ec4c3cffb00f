import { allowedHosts, hostVariables } from "../../components/edge/allowed-hosts";
import { edgeSettings } from "../support/edge";

const hosts = (publicUrl: string, ...others: string[]) =>
  allowedHosts(edgeSettings({ publicUrl, allowedHosts: others }));

test.each([
  ["https://www.example.com", ["www.example.com"]],
  ["https://www.example.com:443/app/", ["www.example.com"]],
  ["https://WWW.example.com:8443", ["www.example.com:8443"]],
  ["http://127.0.0.1:8080", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"]],
  ["http://localhost", ["127.0.0.1", "localhost", "[::1]"]],
])("%s: %j", (publicUrl, want) => {
  expect(hosts(publicUrl)).toEqual(want);
});

test.each([
  ["https://www.example.com", "Shop.example.com", "shop.example.com"],
  ["https://www.example.com", "shop.example.com:443", "shop.example.com"],
  ["https://www.example.com", "shop.example.com:80", "shop.example.com:80"],
  ["https://www.example.com:8443", "shop.example.com", "shop.example.com:8443"],
  ["http://www.example.com:8080", "[2001:db8::1]", "[2001:db8::1]:8080"],
  ["http://www.example.com", "[2001:DB8:0::1]:8443", "[2001:db8::1]:8443"],
  ["http://www.example.com", "[2001:0db8:0:0:0:0:0:0001]", "[2001:db8::1]"],
  ["http://www.example.com", "127.1", "127.0.0.1"],
])("of %s %s may be asked for, too: as %s", (publicUrl, other, want) => {
  expect(hosts(publicUrl, other).at(-1)).toBe(want);
});

test("services are told our own spelling of a host, and calls between them pass", () => {
  const text = hostVariables(
    edgeSettings({ publicUrl: "https://www.example.com", allowedHosts: ["a.example:81"] }),
    10080,
  );
  expect(text).toMatchInlineSnapshot(`
   "map $told_host $edge_host {
     default "";
     "www.example.com" "www.example.com";
     "www.example.com:443" "www.example.com";
     "www.example.com." "www.example.com";
     "www.example.com.:443" "www.example.com";
     "a.example:81" "a.example:81";
     "a.example.:81" "a.example:81";
   }
   map $server_port $passed_host {
     default $http_host;
     10080 $edge_host;
   }
   map $http_host $loopback_host {
     default 0;
     "~*^(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?$" 1;
   }
   "
  `);
});
