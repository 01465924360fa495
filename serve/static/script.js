// Live progress. Without this script the page is complete, and shows how things stood when
// it was loaded.
"use strict";
(() => {
  const news = document.getElementById("news");
  let waiting = 0;

  // refresh takes the parts of the page that change from a new copy of it, and leaves alone
  // the part that a person is in.
  async function refresh() {
    waiting = 0;
    let page;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return; // the daemon is away; the stream of events tries again
    }
    for (const id of ["notices", "tables-body", "schedules-body", "runs-body", "run-body", "asof"]) {
      const old = document.getElementById(id), now = page.getElementById(id);
      if (old && now && !old.contains(document.activeElement)) old.replaceWith(now);
    }
  }

  function soon(ms) {
    if (!waiting) waiting = setTimeout(refresh, ms);
  }

  function show(place, event) {
    const live = place.querySelector(".live");
    if (!live) return;
    live.hidden = event.ended === true;
    const bar = live.querySelector("progress");
    if (event.expected > 0) {
      bar.max = event.expected;
      bar.value = Math.min(event.rows, event.expected);
    }
    live.querySelector(".live-text").textContent = event.text || "";
  }

  const stream = new EventSource("/events");
  stream.onopen = () => soon(200); // what happened before it was open
  stream.onmessage = (message) => {
    const event = JSON.parse(message.data);
    for (const row of document.querySelectorAll("[data-address]")) {
      if (event.address && row.dataset.address === event.address) show(row, event);
    }
    const run = document.querySelector("[data-run]");
    if (run && run.dataset.run === event.run) {
      show(run, event);
      if (event.type !== "progress") soon(300);
    }
    if (event.ended || event.type === "apply_start" || event.type === "reload" || event.type === "state" || event.type === "refused") {
      if (event.ended) news.textContent = event.address + " " + event.text;
      soon(500);
    }
  };
  setInterval(() => { if (!document.hidden) soon(0); }, 30000);
})();
