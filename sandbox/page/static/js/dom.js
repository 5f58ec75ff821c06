/**
 * Drawing: what a page should look like is described with `h`, and `render` changes the page to it, touching only what
 * is different, so that focus, scrolling and half-typed words stay. Words only ever become text, never markup.
 */

/** An element: `props` are attributes, and besides `key`, `on: {event: fn}`, `style: {name: value}`, `value`, `checked`,
 *  `mounted: dom => …` (once, when it is on the page) and `updated: dom => …` (after each drawing). Children may be
 *  strings, numbers, elements, arrays of them, and nothing (null, false). */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, children: flat(children), key: props?.key };
}

/** A part that is drawn anew only when one of `needs` is another than before (compared with ===). */
export function lazy(key, needs, build) {
  return { lazy: build, needs, key };
}

/** Make the container show these. */
export function render(container, ...children) {
  const after = flat(children);
  reconcile(container, container._shown ?? [], after);
  container._shown = after;
  const calls = pending.splice(0);
  for (const call of calls) call();
}

const pending = [];
const PROPERTIES = new Set(["value", "checked", "selected", "disabled", "indeterminate", "open"]);

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== true)
    .map((child) => (typeof child === "object" ? child : { text: String(child) }));
}

function mount(node, inSvg = false) {
  if (node.text !== undefined) return (node.dom = document.createTextNode(node.text));
  if (node.lazy) {
    node.inner = node.lazy();
    return (node.dom = mount(node.inner, inSvg));
  }
  const svg = inSvg || node.tag === "svg";
  const dom = svg ? document.createElementNS("http://www.w3.org/2000/svg", node.tag) : document.createElement(node.tag);
  node.dom = dom;
  for (const child of node.children) dom.append(mount(child, svg));
  setProps(dom, {}, node.props); // after the children: a select's value needs its options
  if (node.props.mounted) pending.push(() => node.props.mounted(dom));
  return dom;
}

function alike(a, b) {
  return a.key === b.key && a.tag === b.tag && (a.text === undefined) === (b.text === undefined) && !a.lazy === !b.lazy;
}

function patch(before, after) {
  if (after.text !== undefined) {
    if (after.text !== before.text) before.dom.data = after.text;
    after.dom = before.dom;
  } else if (after.lazy) {
    patchLazy(before, after);
  } else {
    after.dom = before.dom;
    reconcile(after.dom, before.children, after.children);
    setProps(after.dom, before.props, after.props);
    if (after.props.updated) pending.push(() => after.props.updated(after.dom));
  }
}

function patchLazy(before, after) {
  if (after.needs.length === before.needs.length && after.needs.every((need, i) => need === before.needs[i])) {
    after.inner = before.inner;
    after.dom = before.dom;
    return;
  }
  after.inner = after.lazy();
  if (alike(before.inner, after.inner)) {
    patch(before.inner, after.inner);
  } else {
    const fresh = mount(after.inner);
    before.dom.replaceWith(fresh);
  }
  after.dom = after.inner.dom;
}

function reconcile(parent, before, after) {
  const keyed = new Map();
  const others = [];
  for (const node of before) node.key === undefined ? others.push(node) : keyed.set(node.key, node);
  const kept = new Set();
  const next = alikeInTurn(others);
  for (const node of after) {
    const candidate = node.key === undefined ? next(node) : keyed.get(node.key);
    if (candidate && !kept.has(candidate) && alike(candidate, node)) {
      kept.add(candidate);
      patch(candidate, node);
    } else {
      mount(node, parent.namespaceURI === "http://www.w3.org/2000/svg");
    }
  }
  for (const node of before) if (!kept.has(node)) node.dom.remove();
  let cursor = parent.firstChild;
  for (const node of after) {
    if (node.dom === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node.dom, cursor);
  }
}

/** Of elements without keys the next one alike: what comes or goes before an element must not take its focus away. */
function alikeInTurn(others) {
  let next = 0;
  return (node) => {
    let at = next;
    while (at < others.length && !alike(others[at], node)) at += 1;
    if (at < others.length) next = at + 1;
    return others[at];
  };
}

function setProps(dom, before, after) {
  for (const name of Object.keys(before)) if (!(name in after)) setProp(dom, name, before[name], undefined);
  for (const [name, value] of Object.entries(after)) {
    if (value !== before[name] || name === "on") setProp(dom, name, before[name], value);
  }
}

function setProp(dom, name, before, value) {
  if (name === "key" || name === "mounted" || name === "updated") return;
  if (name === "on") return listen(dom, value ?? {});
  if (name === "style") return restyle(dom, before ?? {}, value ?? {});
  if (PROPERTIES.has(name) && name in dom && !(name === "open" && dom.tagName === "DIALOG")) {
    dom[name] = value ?? (name === "value" ? "" : false);
    return;
  }
  if (value === undefined || value === null || value === false) dom.removeAttribute(name);
  else dom.setAttribute(name, value === true ? "" : String(value));
}

function listen(dom, handlers) {
  dom._heard ??= new Set();
  dom._on = handlers;
  for (const type of Object.keys(handlers)) {
    if (dom._heard.has(type)) continue;
    dom._heard.add(type);
    dom.addEventListener(type, (event) => dom._on[type]?.(event));
  }
}

function restyle(dom, before, after) {
  for (const name of Object.keys(before)) if (!(name in after)) dom.style.removeProperty(name);
  for (const [name, value] of Object.entries(after)) if (value !== before[name]) dom.style.setProperty(name, value);
}
