// Registering on the spot: photos in view as they are added, and the place by itself where it may be known without asking.
"use strict";
{
  const begin = root => {
    const form = root.querySelector("form#register");
    if (!form || form.dataset.ready) return;
    form.dataset.ready = "";
    const input = form.querySelector("input[type=file][name=photos]"), thumbs = document.createElement("div");
    thumbs.className = "thumbs";
    thumbs.setAttribute("aria-live", "polite");
    input.after(thumbs);
    lianzhi.shots(input, thumbs, null, { originals: true });
    // On a telephone one mostly stands before it. A clerk at a desk does not, and what somebody typed counts.
    const locate = form.querySelector("[data-locate-here]"), { lng, address } = form.elements;
    if (!locate || lng.value || address.value || !matchMedia("(pointer: coarse)").matches) return;
    navigator.permissions?.query({ name: "geolocation" }).then(said => { if (said.state === "granted") locate.click(); }, () => {});
  };
  begin(document);
  document.addEventListener("htmx:load", event => begin(event.target));
}
