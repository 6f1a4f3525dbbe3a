// Forms that must not be lost. One that carries a key of its own (data-keep) is sent from here: the page that answers
// takes the place of this one, and when none comes that is said beside the button and the form stays as it is, chosen
// files and all. Sent again it has the same key, so nothing is done twice. Without this file the browser sends it.
"use strict";
const forms = (() => {
  const PATIENCE_MS = 120000, SLOWEST_BYTES_PER_MS = 20;
  const STAYS = "填写的内容还在，可以再提交一次，不会重复办理。";
  const read = text => new DOMParser().parseFromString(text, "text/html");
  const person = page => page.querySelector("script[data-me]")?.dataset.me || "";

  // Whoever signed in again in another window has another token: this page takes it over, when it is the same person.
  async function renewed(form) {
    const page = read(await (await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } })).text());
    const token = page.querySelector("input[name=csrf]")?.value;
    if (!token || token === form.elements.csrf?.value || person(page) !== person(document)) return false;
    for (const field of document.querySelectorAll("input[name=csrf]")) field.value = token;
    return true;
  }
  async function post(form, submitter, headers) {
    const data = new FormData(form, submitter);
    const files = [...data.values()].reduce((sum, value) => sum + (value.size || 0), 0);
    return fetch(form.action, {
      method: "POST",
      body: form.enctype === "multipart/form-data" ? data : new URLSearchParams(data),
      headers: { Accept: "text/html", ...headers },
      signal: AbortSignal.timeout(PATIENCE_MS + files / SLOWEST_BYTES_PER_MS),
    });
  }
  const signedOut = answer => answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/sign-in");
  // Sends a form: { answer, page } when there is a page to show, else { fault, signIn } in words for people.
  async function send(form, submitter, headers = {}) {
    const stays = form.dataset.keep || STAYS;
    let answer, text;
    try {
      answer = await post(form, submitter, headers);
      text = await answer.text();
      if (answer.status === 403 && read(text).querySelector(".oops") && await renewed(form)) {
        answer = await post(form, submitter, headers);
        text = await answer.text();
      }
    } catch (error) {
      const why = error.name === "TimeoutError" ? "等了很久没有回音。" : "网络不通，没有送到，或没有收到回音。";
      return { fault: why + stays };
    }
    if (signedOut(answer)) return { fault: "登录已过期，没有提交。" + stays, signIn: true };
    const page = (answer.headers.get("content-type") || "").includes("text/html") ? read(text) : null, oops = page?.querySelector("main.oops");
    // It was done; where that leads is for the browser to go.
    if (answer.redirected) return { answer, page };
    // A page of the proxy between us is none of ours.
    if (!page?.querySelector("main, .drawer-matter") || oops) {
      const words = [...(oops?.querySelectorAll("p") || [])].slice(0, 2).map(p => p.textContent.trim()).join("");
      return { fault: (words || "服务器暂时没有接住。") + stays };
    }
    return { answer, page };
  }
  // What went wrong, beside the button that was pressed.
  function alert(place, { fault, signIn }) {
    const line = document.createElement("p");
    line.className = "alert"; line.dataset.fault = ""; line.setAttribute("role", "alert"); line.textContent = fault;
    if (signIn) line.append(" ", signInLink());
    place.querySelector("[data-fault]")?.remove();
    const buttons = place.querySelector(".buttons, .go");
    if (buttons) buttons.before(line); else place.prepend(line);
    line.scrollIntoView({ block: "nearest" });
  }
  function signInLink() {
    const link = document.createElement("a");
    link.href = "/sign-in"; link.target = "_blank"; link.rel = "noopener"; link.textContent = "在新窗口登录";
    return link;
  }
  // A form that was refused holds what was typed as if it had always been there.
  const filled = root => !!root.querySelector("[role=alert]:not([data-fault])") || [...root.querySelectorAll("form textarea, form input:not([type=hidden]), form select")].some(f =>
    f.type === "checkbox" || f.type === "radio" ? f.checked !== f.defaultChecked
    : f.type === "file" ? f.files.length > 0
    : f.tagName === "SELECT" ? f.selectedIndex !== Math.max(0, [...f.options].findIndex(o => o.defaultSelected))
    : f.value !== f.defaultValue);

  // The answer takes the place of the page. What it needs beside its words is fetched when it is not there yet.
  function show(page) {
    const fresh = document.adoptNode(page.querySelector("main")), have = new Set([...document.querySelectorAll("link[rel=stylesheet], script[src]")].map(e => e.getAttribute("href") || e.getAttribute("src")));
    for (const link of page.head.querySelectorAll("link[rel=stylesheet]")) if (!have.has(link.getAttribute("href"))) document.head.append(document.importNode(link));
    for (const script of page.head.querySelectorAll("script[src]")) {
      if (have.has(script.getAttribute("src"))) continue;
      const own = document.createElement("script");
      for (const { name, value } of script.attributes) own.setAttribute(name, value);
      own.async = false;
      document.head.append(own);
    }
    document.querySelector("main").replaceWith(fresh);
    document.title = page.title;
    window.htmx?.process(fresh);
    fresh.dispatchEvent(new Event("htmx:load", { bubbles: true }));
    const said = fresh.querySelector("[role=alert], [role=status].done-line, [role=status], h1");
    scrollTo(0, 0);
    if (said) { said.tabIndex = -1; said.focus({ preventScroll: true }); said.scrollIntoView({ block: "nearest" }); }
  }
  // While it is under way the button says so and the form takes no second press.
  function busy(form, button, on) {
    form.toggleAttribute("data-sending", on);
    if (!button) return;
    if (on) { button.dataset.word = button.textContent; button.textContent = "正在提交…"; button.setAttribute("aria-busy", "true"); }
    else { button.textContent = button.dataset.word; button.removeAttribute("aria-busy"); }
  }
  document.addEventListener("submit", async event => {
    const form = event.target, button = event.submitter;
    if (event.defaultPrevented || !form.matches("form[data-keep]")) return;
    event.preventDefault();
    if (form.hasAttribute("data-sending")) return;
    form.querySelector("[data-fault]")?.remove();
    busy(form, button, true);
    const done = await send(form, button);
    if (done.answer?.redirected) { location.assign(done.answer.url); return; }
    if (done.page) { show(done.page); return; }
    busy(form, button, false);
    alert(form, done);
  });
  return { send, alert, filled, renewed, signInLink };
})();
