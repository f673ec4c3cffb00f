// Plain JavaScript for the browser: queues jobs, and shows what becomes of them as it happens.
const { apiUrl, socketUrl } = document.body.dataset;
const [form, status, connection, list, noJobs] = ["new-job", "status", "connection", "jobs", "no-jobs"].map((id) =>
  document.getElementById(id),
);
const SHOWN = 20;
const TICK_MS = 100;
const AGAIN_MS = 1000;

/** What is known of each job, by id, newest first. */
let jobs = new Map();

/** Events say what happened, jobs what is: this is how the one becomes the other. */
const states = { queued: "queued", started: "running", redelivered: "running", finished: "done" };

/** Makes an element; texts are set as texts, so that nothing needs escaping. */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

async function json(path, options) {
  const response = await fetch(`${apiUrl}${path}`, options);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

const seconds = (ms) => `${(ms / 1000).toLocaleString([], { maximumFractionDigits: 1 })} s`;

function words({ state, attempts }) {
  const again = attempts > 1 ? `, attempt ${attempts}` : "";
  return `${state}${again}`;
}

function entry(job) {
  const progress = element("progress", { max: job.durationMs, value: 0, hidden: job.state === "queued" });
  const made = element(
    "li",
    { className: job.state },
    element("strong", { textContent: job.kind }),
    element("span", { className: "state", textContent: words(job) }),
    element("span", { className: "quiet", textContent: seconds(job.durationMs) }),
    progress,
  );
  made.dataset.id = job.id;
  return made;
}

function show() {
  const latest = [...jobs.values()].slice(0, SHOWN);
  list.replaceChildren(...latest.map(entry));
  noJobs.hidden = latest.length > 0;
  tick();
}

/** Moves the bars of running jobs; the server only says when they begin and end. */
function tick() {
  for (const item of list.children) {
    const { state, durationMs, begunAt } = jobs.get(item.dataset.id);
    const workedMs = { queued: 0, running: Date.now() - begunAt, done: durationMs }[state];
    item.querySelector("progress").value = Math.min(workedMs, durationMs);
  }
}

function hear({ topic, type, jobId: id, kind, durationMs, attempts }) {
  if (topic !== "jobs") return;
  const known = jobs.get(id);
  // An event of before the list was fetched says nothing new.
  if (known?.state === "done") return;
  const begunAt = states[type] === "running" ? Date.now() : known?.begunAt;
  const job = { ...known, id, kind, durationMs, attempts, begunAt, state: states[type] };
  jobs = known ? jobs.set(id, job) : new Map([[id, job], ...jobs]);
  show();
}

function say(text, state = "") {
  connection.textContent = text;
  connection.className = `connection ${state}`;
}

/** Hears first and fetches then: what happens in between is heard. */
function connect() {
  const url = new URL(socketUrl, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("topics", "jobs");
  const socket = new WebSocket(url);
  const early = [];
  let fetched = false;
  socket.onmessage = ({ data }) => (fetched ? hear(JSON.parse(data)) : early.push(JSON.parse(data)));
  socket.onopen = async () => {
    try {
      const { jobs: latest } = await json("/jobs");
      jobs = new Map(latest.map((job) => [job.id, { ...job, begunAt: Date.parse(job.startedAt) || Date.now() }]));
      fetched = true;
      early.forEach(hear);
      show();
      say("Live", "live");
    } catch {
      socket.close();
    }
  };
  socket.onclose = () => {
    say("Connecting …");
    setTimeout(connect, AGAIN_MS);
  };
}

/** The key makes sending the same job again harmless; browsers make one on secure pages only. */
async function queue(event) {
  event.preventDefault();
  const { kind, seconds: wanted } = Object.fromEntries(new FormData(form));
  const key = crypto.randomUUID?.();
  const body = JSON.stringify({ kind, durationMs: Math.round(wanted * 1000), ...(key && { key }) });
  status.textContent = "";
  try {
    await json("/jobs", { method: "POST", headers: { "content-type": "application/json" }, body });
  } catch {
    status.textContent = "The job did not get through. Please try again.";
  }
}

form.addEventListener("submit", queue);
setInterval(tick, TICK_MS);
connect();
