// Two services behind nginx, by port: each tells what it was asked, or does what the path says.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import process from "node:process";

const LONG = "text that can be compressed. ".repeat(100);
const OWN_HEADERS = {
  "/own/": {
    "Content-Security-Policy": "default-src *",
    "X-Frame-Options": "ALLOWALL",
    "X-Powered-By": "upstream",
    "X-Request-Id": "made-up",
    "Referrer-Policy": "no-referrer",
  },
  "/elsewhere/": { "X-Accel-Redirect": "/other/", "X-Accel-Limit-Rate": "1", "X-Accel-Charset": "utf-7" },
};

const answer = (request, response) => {
  const [pathname] = request.url.split("?");
  const status = Number(/^\/api\/status\/(\d+)$/.exec(pathname)?.[1] ?? (pathname.endsWith("/absent.js") ? 404 : 200));
  const own = OWN_HEADERS[/^\/\w+\//.exec(pathname)?.[0]] ?? {};
  const type = pathname.startsWith("/assets/") ? "text/javascript" : "text/html";
  if (pathname.startsWith("/silent")) return;
  request.resume().on("end", () => {
    const text = pathname.startsWith("/long") ? LONG : JSON.stringify(told(request));
    const length = { "Content-Length": Buffer.byteLength(text) };
    response.writeHead(status, { "Content-Type": type, "Cache-Control": "private", ...length, ...own }).end(text);
  });
};

const told = ({ headers, rawHeaders, socket, url }) => ({ headers, rawHeaders, url, port: socket.localPort });

// A WebSocket that sends back the short text frames it gets.
const upgrade = (request, socket) => {
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on("error", () => socket.destroy());
  socket.on("data", (frame) => {
    if ((frame[0] & 15) !== 1) return socket.end();
    const mask = frame.subarray(2, 6);
    const text = Buffer.from(frame.subarray(6).map((byte, index) => byte ^ mask[index % 4]));
    socket.write(Buffer.concat([Buffer.from([129, text.length]), text]));
  });
};

process.on("SIGTERM", () => process.exit());
for (const port of [8000, 8001]) createServer(answer).on("upgrade", upgrade).listen(port);
