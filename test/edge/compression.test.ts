import { compression, foreignRequestVariables } from "../../components/edge/compression";
import { edgeSettings } from "../support/edge";

test("text of 1024 bytes and more is compressed", () => {
  expect(compression(edgeSettings())).toMatchInlineSnapshot(`
   "gzip on;
   gzip_min_length 1024;
   gzip_comp_level 5;
   gzip_proxied any;
   gzip_vary on;
   gzip_types text/plain text/css text/javascript application/javascript application/json application/manifest+json image/svg+xml;
   "
  `);
});

test("it can be switched off", () => {
  expect(compression(edgeSettings({ gzip: false }))).toBe("");
});

test("how a request of another site is told", () => {
  expect(foreignRequestVariables()).toMatchInlineSnapshot(`
   "map $http_sec_fetch_site $foreign_request {
     default 1;
     same-origin 0;
     none 0;
     "" $foreign_referer;
   }
   map "$http_referer $http_host" $foreign_referer {
     default 1;
     "~^ " 0;
     "~*^https?://([^/ ]+)(/[^ ]*)? \\1$" 0;
   }
   "
  `);
});
