// Targets of requests, for an edge before two services.

/** What nginx and a service, or two services, might not read alike. */
export const STRANGE_TARGETS: readonly string[] = [
  ...["/internal/%2e%2e/api/", "/internal/%2E%2e/api/", "/internal/.%2e/api/", "/internal/../api/", "/api/.."],
  ...["/api/./x", "/api/%2e/x", "/metrics/..%2fapi/x", "/metrics/..%2Fapi/x", "/metrics%2f..%2fapi/x"],
  ...["/metrics/..%5capi/x", "/metrics/..\\api/x", "/api\\x", "/metrics/..;/api/x", "/metrics/..;a=b/api/x"],
  ...["/metrics/..%3b/api/x", "/api/%252e%252e/metrics", "/api/%25252e./metrics", "/api/x%2fy", "/api/x%5Cy"],
  ...["/api/x%252fy", "/metrics/..%252fapi/x", "/api/%c0%ae%c0%ae/metrics", "/api/..%c0%afmetrics", "/api/..?x=y"],
  ...["/api/x#/../metrics", "/files/..%2fapi/", "/files/x%2f..%2f..%2fapi/", "/files%2fx", "/%66iles/a%2Fb"],
  ...["http://127.0.0.1/api/", "http://evil.example/api/", "//..%2fapi/", "/files/a%2F%2e%2e/b"],
  ...["//api/metrics", "//api/", "///api/", "//files/x", "//evil.example/", "//", "//?x=y", "//other/x"],
  ...["/%2fapi/metrics", "/%2Ffiles/x", "/%5capi/", "/\\api/", "/%252fapi/metrics", "/%25255Capi/", "/%c0%afapi/"],
  ...["http://127.0.0.1//api/", "http:////api/", "/\tapi/", "/\t/api/metrics", "/%u002fapi/"],
  ...["/api/x%c0%afy", "/api/x%e0%81%9cy", "/api/x%F0%80%80%AFy", "/metrics/..%f0%80%80%afapi/x"],
  ...["/api/%f0%80%80%ae%f0%80%80%ae/x", "/api/..%f8%80%80%80%af", "/api/%fc%80%80%80%80%ae./", "/files/%f0%80%80%af"],
  ...["/api/%25f0%2580%2580%25af", "/api/..\xc0\xafmetrics", "/api/\xf0\x80%80\xaf", "/api/..%c0%bbx/"],
];

/** What all read alike, however odd, and the port of the service that has it. */
export const PLAIN_TARGETS: readonly [target: string, port: number][] = [
  ["/api/a.b/..c/d../...?x=../..%2f%5c\\", 8000],
  ["/api/%41%20%C3%A9/.well-known/x;y=z", 8000],
  ["/api/100%25", 8000],
  ["/api/%E0%A4%85%F0%9F%98%80%F0%90%80%80", 8000],
  ["/api/%C0ge", 8000],
  ["/files/bucket%2Fa%2fb%5Cc", 8000],
  ["/metrics/x", 8001],
  ["/other//x", 8001],
  ["/api//x", 8000],
  ["/api/x?y=//%c0%af", 8000],
];
