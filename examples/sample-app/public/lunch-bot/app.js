// Plain JavaScript for the browser: places orders, and shows what becomes of them without a reload.
const api = document.body.dataset.apiUrl;
const [form, menu, empty, status, orders, noOrders] = ["order", "menu", "empty", "status", "orders", "no-orders"].map(
  (id) => document.getElementById(id),
);
const SHOWN = 10;
const EVERY_MS = 1000;

/** Orders placed on this page that the kitchen has not answered yet. */
const waiting = new Set();

/** Makes an element; texts are set as texts, so that nothing needs escaping. */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

async function json(path, options) {
  const response = await fetch(`${api}${path}`, options);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

function dish(item, index) {
  const radio = element("input", {
    type: "radio",
    name: "item",
    value: item.slug,
    required: true,
    checked: index === 0,
  });
  const label = element(
    "label",
    { className: "dish" },
    radio,
    element("span", { className: "name", textContent: item.name }),
    element("span", { className: "price", textContent: `${(item.priceCents / 100).toFixed(2)} €` }),
    element("span", { className: "about", textContent: item.description }),
  );
  return element("li", {}, label);
}

/** The server rendered without a menu because the backend was away: fetch it once it is back. */
async function fillMenu() {
  try {
    const { items } = await json("/menu");
    menu.replaceChildren(...items.map(dish));
    empty.hidden = items.length > 0;
  } catch {
    setTimeout(fillMenu, 2000);
  }
}

function say(text, state = "") {
  status.textContent = text;
  status.className = `status ${state}`;
}

/** The key makes sending the same order again harmless; browsers make one on secure pages only. */
async function placeOrder(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  const { item, quantity, customer } = Object.fromEntries(new FormData(form));
  const name = customer.trim();
  const body = JSON.stringify({ item, quantity: Number(quantity), ...(name && { customer: name }) });
  const key = crypto.randomUUID?.();
  const headers = { "content-type": "application/json", ...(key && { "idempotency-key": key }) };
  button.disabled = true;
  say("Ordering …");
  try {
    const placed = await json("/orders", { method: "POST", headers, body });
    waiting.add(placed.id);
    say("Ordered. Waiting for the kitchen …");
    await refresh();
  } catch {
    say("The order did not get through. Please try again.", "failed");
  }
  button.disabled = false;
}

function dishName(slug) {
  const radio = [...menu.querySelectorAll("input")].find(({ value }) => value === slug);
  return radio?.parentElement.querySelector(".name").textContent ?? slug;
}

function entry(order, answer) {
  const time = new Date(order.createdAt);
  return element(
    "li",
    { className: answer ? "done" : "waiting" },
    element("strong", { textContent: `${order.quantity} × ${dishName(order.item)}` }),
    element("time", {
      dateTime: order.createdAt,
      textContent: time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }),
    }),
    element("span", { className: "quiet", textContent: answer ?? "Waiting for the kitchen …" }),
  );
}

let shown = "";

/** Shows the latest orders with what the kitchen said of them; touches the page only when something is new. */
async function refresh() {
  const [placed, said] = await Promise.all([json("/orders"), json("/notifications")]);
  const answers = new Map(said.notifications.map(({ orderId, text }) => [orderId, text]));
  const latest = placed.orders.slice(0, SHOWN);
  const now = JSON.stringify(latest.map((order) => [order, answers.get(order.id)]));
  if (now !== shown) {
    shown = now;
    orders.replaceChildren(...latest.map((order) => entry(order, answers.get(order.id))));
    noOrders.hidden = latest.length > 0;
  }
  for (const id of [...waiting].filter((id) => answers.has(id))) {
    waiting.delete(id);
    say(answers.get(id), "done");
  }
}

async function keepFresh() {
  if (!document.hidden) await refresh().catch(() => undefined);
  setTimeout(keepFresh, waiting.size > 0 ? EVERY_MS : 3 * EVERY_MS);
}

form.addEventListener("submit", placeOrder);
if (!empty.hidden) fillMenu();
keepFresh();
