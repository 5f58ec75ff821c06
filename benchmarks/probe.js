/** What the benchmark of the page has a browser look at; page.py puts it into each page before all else. */

const seen = new Map(); // what was said, and when it was painted in milliseconds since 1970, or 0 until it is
const waiting = new Map();

/** When a message that says this was painted, or will be. */
function painted(words) {
  return new Promise((tell) => (seen.get(words) ? tell(seen.get(words)) : waiting.set(words, tell)));
}

function note(words) {
  if (seen.has(words)) return;
  seen.set(words, 0);
  // A message to itself is heard after the frame that is being drawn.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    seen.set(words, performance.timeOrigin + performance.now());
    waiting.get(words)?.(seen.get(words));
  };
  port2.postMessage(0);
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) for (const [words] of (node.textContent ?? "").matchAll(/Said as number \d+\./g)) note(words);
  }
}).observe(document, { childList: true, subtree: true });

const frame = () => new Promise(requestAnimationFrame);

/** Milliseconds of each frame while nothing is done. */
async function idle(frames) {
  const took = [];
  for (let last = await frame(); took.length < frames; ) {
    const now = await frame();
    took.push(now - last);
    last = now;
  }
  return took;
}

/** Milliseconds of each frame while somebody scrolls from the newest message up to the first, so much a frame. */
async function climb(first, pixels) {
  const log = document.querySelector("[role=log]");
  const took = [];
  let last = await frame();
  while (log.scrollTop > 0 || !log.textContent.includes(first)) {
    log.scrollTop -= pixels;
    const now = await frame();
    took.push(now - last);
    last = now;
  }
  return took;
}

/** Milliseconds of each round trip of a message over a WebSocket to where the page is served. */
async function echo(path, times) {
  const socket = new WebSocket(`ws://${location.host}${path}`);
  await new Promise((opened) => (socket.onopen = opened));
  const took = [];
  while (took.length < times) {
    const began = performance.now();
    const answered = new Promise((heard) => (socket.onmessage = heard));
    socket.send("a message");
    await answered;
    took.push(performance.now() - began);
  }
  socket.close();
  return took;
}

window.probe = { painted, idle, climb, echo };
