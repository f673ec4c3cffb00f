// Plain JavaScript for the browser: menu, order button, notifications.
const api = document.body.dataset.apiUrl;
const menu = document.querySelector("#menu");
const empty = document.querySelector("#empty");
const notifications = document.querySelector("#notifications");

/** Makes an element; texts are set as texts, so that nothing needs escaping. */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function dish(item) {
  const button = element("button", { type: "button", textContent: "Order" });
  button.dataset.item = item.slug;
  return element(
    "li",
    { className: "dish" },
    element("h2", { textContent: item.name }),
    element("p", { textContent: item.description }),
    element("span", { className: "price", textContent: `${(item.priceCents / 100).toFixed(2)} €` }),
    button,
  );
}

async function json(path, options) {
  const response = await fetch(`${api}${path}`, options);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
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

function show(text, state) {
  const entry = element("li", { textContent: text, className: state });
  notifications.prepend(entry);
  return entry;
}

/** Asks each half second for up to half a minute whether the kitchen has the order. */
async function awaitNotification(orderId, entry) {
  for (let attempt = 0; attempt < 60; attempt++) {
    const found = await json(`/notifications?orderId=${orderId}`).catch(() => undefined);
    if (found?.notifications[0]) {
      entry.textContent = found.notifications[0].text;
      entry.className = "done";
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  entry.textContent = "Ordered. The kitchen is slow today, your order is kept.";
}

async function order(button) {
  button.disabled = true;
  const entry = show("Ordering …", "waiting");
  const headers = {
    "content-type": "application/json",
    "idempotency-key": crypto.randomUUID?.() ?? "",
  };
  if (!headers["idempotency-key"]) delete headers["idempotency-key"];
  try {
    const body = JSON.stringify({ item: button.dataset.item });
    const placed = await json("/orders", { method: "POST", headers, body });
    entry.textContent = "Ordered. Waiting for the kitchen …";
    button.disabled = false;
    await awaitNotification(placed.id, entry);
  } catch {
    entry.textContent = "The order did not get through. Please try again.";
    entry.className = "failed";
    button.disabled = false;
  }
}

menu.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-item]");
  if (button) order(button);
});

if (!empty.hidden) fillMenu();
