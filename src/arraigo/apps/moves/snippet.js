// Arraigo: posts the interviews that this page has in localStorage to where they are kept for good, each once.
// Nothing is deleted or changed here; what was acknowledged is noted under "arraigo:moved", without what was said.
// <script src="https://arraigo.example.com/move/snippet.js" data-keys="interview_*" data-token-key="access_token" defer></script>
(() => {
  "use strict";
  const script = document.currentScript;
  const endpoint = new URL("../interviews/migrate", script.src).href;
  const wanted = (script.dataset.keys || "").split(/[\s,]+/).filter(Boolean);
  const NOTES = "arraigo:moved";
  const FIRST_WAIT = 1000; // milliseconds
  const LONGEST_WAIT = 60000;
  const PATIENCE = 60000;
  let running = null;
  let retry = null;
  let tries = 0;
  let complained = "";

  const tell = (what, detail) => window.dispatchEvent(new CustomEvent(`arraigo:${what}`, { detail }));
  const matches = (name) => wanted.some((key) => (key.endsWith("*") ? name.startsWith(key.slice(0, -1)) : name === key));

  // Whether a text has changed since; says nothing of what is in it.
  function mark(text) {
    let hash = 0x811c9dc5; // FNV-1a
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return `${text.length}-${(hash >>> 0).toString(16)}`;
  }

  function notes() {
    try {
      return Object(JSON.parse(localStorage.getItem(NOTES)));
    } catch {
      return {};
    }
  }

  function note(id, outcome) {
    try {
      localStorage.setItem(NOTES, JSON.stringify({ ...notes(), [id]: outcome }));
    } catch {
      // There is no room: it is posted once more, and found there.
    }
  }

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  // What stands under the keys: one session, or a list of them. What was JSON once and is cut off may have held one.
  function sessions() {
    const found = [];
    for (const name of Object.keys(localStorage).sort()) {
      const text = localStorage.getItem(name) || "";
      if (name === NOTES || !matches(name) || !/^\s*[{[]/.test(text)) continue;
      const value = parsed(text);
      if (value !== undefined && !text.includes("conversation_history")) continue;
      for (const session of Array.isArray(value) ? value : [value]) {
        const whole = session !== null && typeof session === "object";
        const session_id = whole ? (session.session_id ?? name) : null;
        const body = whole ? JSON.stringify(session.session_id == null ? { ...session, session_id } : session) : null;
        const id = Array.isArray(value) ? `${name}#${session_id}` : name;
        found.push({ key: name, id, session_id, body, mark: mark(body ?? text) });
      }
    }
    return found;
  }

  async function token() {
    const { token: given, tokenKey } = script.dataset;
    try {
      const own = typeof window.arraigoToken === "function" ? await window.arraigoToken() : null;
      const found = own || given || (tokenKey && localStorage.getItem(tokenKey)) || "";
      return found.replace(/^"|"$/g, "").replace(/^Bearer /i, "");
    } catch {
      return "";
    }
  }

  async function post(body, bearer) {
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" },
      body,
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined,
    });
    const said = await answer.json().catch(() => ({}));
    return { status: answer.status, data: said.data || {}, message: said.message || "", after: answer.headers.get("Retry-After") };
  }

  // Tells what stands in the way of all, once as long as it does.
  function complain(reason, detail) {
    if (complained !== reason) tell("failed", { key: null, session_id: null, reason, ...detail });
    complained = reason;
  }

  function later(after) {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries++);
    retry = setTimeout(move, Math.max(wait * (0.5 + Math.random() / 2), 1000 * (Number(after) || 0)));
  }

  // Whether to go on with the next one.
  async function take(one, bearer, summary) {
    const { key, session_id } = one;
    if (one.body === null) {
      summary.failed++;
      tell("failed", { key, session_id, status: 0, reason: "damaged", retry: false });
      return true;
    }
    const answer = await post(one.body, bearer).catch(() => ({ status: 0, message: "the server cannot be reached" }));
    const { status, data = {} } = answer;
    if (status === 200 || status === 201 || status === 409) {
      const outcome = { 200: "grown", 201: "moved" }[status] || (data.same === false ? "differs" : "there");
      summary[outcome]++;
      note(one.id, { mark: one.mark, outcome, interview_id: data.interview_id });
      tell("moved", { key, session_id, interview_id: data.interview_id, outcome });
    } else if (status === 401) {
      complain("the token is not taken", { status, retry: false });
      return false;
    } else if (status === 0 || status === 408 || status === 425 || status === 429 || status >= 500) {
      complain(answer.message || "the server cannot take it now", { status, retry: true });
      later(answer.after);
      return false;
    } else {
      summary.failed++;
      tell("failed", { key, session_id, status, reason: answer.message, retry: false });
    }
    complained = "";
    tries = 0;
    return true;
  }

  async function pass() {
    clearTimeout(retry);
    retry = null;
    if (!wanted.length) complain("data-keys names no keys", { status: 0, retry: false });
    const summary = { moved: 0, grown: 0, there: 0, differs: 0, failed: 0, waiting: 0 };
    const before = notes();
    const open = [];
    for (const one of sessions()) {
      const noted = before[one.id];
      if (noted && noted.mark === one.mark) summary[noted.outcome === "differs" ? "differs" : "there"]++;
      else open.push(one);
    }
    const bearer = open.length ? await token() : "";
    if (open.length && !bearer) complain("there is no token", { status: 0, retry: false });
    let done = 0;
    while (bearer && done < open.length && (await take(open[done], bearer, summary))) done++;
    summary.waiting = open.length - done;
    return summary;
  }

  // Runs to its end, or to what has to be waited for; that is tried again by itself.
  function move() {
    running ??= pass().finally(() => (running = null));
    return running;
  }

  window.arraigoMove = move;
  window.addEventListener("online", () => retry !== null && move());
  move().catch(() => complain("localStorage cannot be read", { status: 0, retry: false }));
})();
