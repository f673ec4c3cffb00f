import { errorPages, errorVariables } from "../../components/edge/error-pages";

test("pages of nginx's own errors, and the variables they use", () => {
  expect(errorVariables()).toMatchInlineSnapshot(`
   "map $status $error_title {
     default "Something went wrong";
     404 "There is nothing here";
     413 "This is more than we can take";
     421 "This address is not served here";
     429 "Too many requests";
     ~^50[234] "The service does not answer at the moment";
   }
   map $http_accept $error_page {
     default @error-page;
     "~application/json" @error-json;
   }
   "
  `);
  expect(errorPages()).toMatchInlineSnapshot(`
   "error_page 403 404 405 413 416 421 429 500 501 502 503 504 $error_page;
   location @error-page {
     set $answer error;
     default_type text/html;
     charset utf-8;
     return 200 '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>$error_title</title></head><body><h1>$error_title</h1><p>Status $status, request <code>$edge_request_id</code></p></body></html>\\n';
   }
   location @error-json {
     set $answer error;
     default_type application/json;
     return 200 '{"status":$status,"error":"$error_title","requestId":"$edge_request_id"}\\n';
   }
   "
  `);
});
