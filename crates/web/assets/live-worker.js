// One event connection for all pages of this browser: pages come and go, the connection stays.
"use strict";
const ports = new Set();
let source = null, retry = 0, open = false;
function tell(message) { for (const port of ports) port.postMessage(message); }
function connect(address) {
  clearTimeout(retry);
  source = new EventSource(address);
  source.onopen = () => { open = true; tell({ kind: "open" }); };
  source.addEventListener("matter", e => tell({ kind: "matter", data: JSON.parse(e.data) }));
  source.addEventListener("refetch", () => tell({ kind: "refetch" }));
  source.onerror = () => {
    if (open) tell({ kind: "lost" });
    open = false;
    // A refusal (signed out, too many streams) is not retried by the browser itself. What was missed is fetched anew.
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(() => { connect(address); tell({ kind: "refetch" }); }, 15000);
  };
}
onconnect = event => {
  const port = event.ports[0];
  port.onmessage = ({ data }) => {
    if (data.kind === "bye") {
      ports.delete(port);
      if (!ports.size && source) { source.close(); source = null; open = false; clearTimeout(retry); }
      return;
    }
    const known = ports.has(port);
    ports.add(port);
    if (data.kind === "ping") { port.postMessage({ kind: "pong" }); if (known && source) return; }
    if (!source) connect(data.stream);
    else port.postMessage({ kind: open ? "open" : "lost" });
  };
};
