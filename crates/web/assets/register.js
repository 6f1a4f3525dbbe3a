// Registering on the spot: photos in view as they are added, kinds found while one types, and the place by itself where
// it may be known without asking. Without it every step still works.
"use strict";
{
  const begin = root => {
    const form = root.querySelector("form#register");
    if (!form || form.dataset.ready) return;
    form.dataset.ready = "";
    const input = form.querySelector("input[type=file][name=photos]"), touch = matchMedia("(pointer: coarse)").matches;
    lianzhi.shots(input, form.querySelector("[data-thumbs]"), null, { originals: true });
    input.classList.add("vh");
    // The camera at once, or what was taken before: one field, asked in two ways. A desk has no camera.
    for (const button of form.querySelectorAll("[data-shoot]")) {
      button.hidden = !touch && !!button.dataset.shoot;
      button.addEventListener("click", () => { if (button.dataset.shoot) input.setAttribute("capture", button.dataset.shoot); else input.removeAttribute("capture"); });
    }
    search(form);
    // On a telephone one mostly stands before it. A clerk at a desk does not, and what somebody typed counts.
    const locate = form.querySelector("[data-locate-here]"), { lng, address } = form.elements;
    if (!locate || lng.value || address.value || !touch) return;
    navigator.permissions?.query({ name: "geolocation" }).then(said => { if (said.state === "granted") locate.click(); }, () => {});
  };
  // Kinds while one types, and once more from the description as long as none was chosen.
  function search(form) {
    const q = form.querySelector("[data-kinds-q]"), kinds = form.querySelector("[data-kinds]");
    if (!q) return;
    let timer;
    const ask = async (words, own) => {
      const chosen = kinds.querySelector("input:checked")?.value || "";
      const body = new URLSearchParams({ csrf: form.elements.csrf.value, q: words, category: chosen });
      const answer = await fetch("/report/kinds", { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
      const html = answer?.ok ? await answer.text() : null;
      // What a description does not say leaves what stands there.
      if (!own && html?.split("<label").length < 3) return;
      if (html !== null && chosen === (kinds.querySelector("input:checked")?.value || "")) kinds.innerHTML = html;
    };
    const later = (words, own = true) => { clearTimeout(timer); timer = setTimeout(ask, 350, words, own); };
    q.addEventListener("input", () => later(q.value));
    q.addEventListener("keydown", event => { if (event.key === "Enter") { event.preventDefault(); later(q.value); } });
    form.querySelector("button[value=kinds]").addEventListener("click", event => { event.preventDefault(); later(q.value); });
    form.elements.description.addEventListener("change", event => { if (!q.value && !kinds.querySelector("input:checked")?.value) later(event.target.value.slice(0, 60), false); });
  }
  begin(document);
  document.addEventListener("htmx:load", event => begin(event.target));
}
