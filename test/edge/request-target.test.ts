import { targetCheck, targetVariables } from "../../components/edge/request-target";

test("targets that are refused", () => {
  expect(targetVariables()).toMatchInlineSnapshot(`
   "map $request $has_path {
     default 0;
     "~^[A-Z_-]+ +/[^ #]* HTTP/" 1;
   }
   map "$has_path$request_uri" $strange_target {
     default 0;
     "~^0" 1;
     "~^1[^?]*\\\\\\\\" 1;
     "~*^1/(?:/|\\\\\\\\|%(?:25)*(?:2f|5c))" 1;
     "~*^1[^?]*(?:/|\\\\\\\\|%(?:25)*(?:2f|5c))(?:\\\\.|%(?:25)*2e){1,2}(?:(?:/|\\\\\\\\|%(?:25)*(?:2f|5c))|;|%(?:25)*3b|\\\\?|$)" 1;
     "~*^1[^?]*(?:(?:%(?:25)*c[01]|[\\\\xc0\\\\xc1])(?:%(?:25)*[89ab][0-9a-f]|[\\\\x80-\\\\xbf])|(?:%(?:25)*e0|[\\\\xe0])(?:%(?:25)*[89][0-9a-f]|[\\\\x80-\\\\x9f])|(?:%(?:25)*f0|[\\\\xf0])(?:%(?:25)*8[0-9a-f]|[\\\\x80-\\\\x8f])|(?:%(?:25)*f[89a-f]|[\\\\xf8-\\\\xff])(?:%(?:25)*[89ab][0-9a-f]|[\\\\x80-\\\\xbf]))" 1;
   }
   map $request_uri $encoded_slash {
     default 0;
     "~*^[^?]*%(25)*(2f|5c)" 1;
   }
   map $request_uri $path_as_sent {
     default "";
     "~^(?<sent_path>[^?#]*)" $sent_path;
   }
   "
  `);
});

test("encoded slashes are refused, but for a path that may have them, which is not to be spelled with them", () => {
  expect(targetCheck("/api/")).toBe("if ($encoded_slash) {\n  return 400;\n}\n");
  expect(targetCheck("/a.b/(c)", true)).toBe('if ($request_uri !~ "^/a\\\\.b/\\\\(c\\\\)") {\n  return 400;\n}\n');
});
